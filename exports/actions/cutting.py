"""Cuts a release: everything that it holds is frozen in one transaction, then sealed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.actions import record
from accounts.models import User
from annotation.models import Study
from exports import choice as choosing
from exports import moments
from exports.actions import checking
from exports.actions.refusals import text
from exports.candidates import Candidate
from exports.choice import Choice
from exports.models import Release, ReleaseEntry, ReleaseOverride, ReleaseStudy
from exports.moments import Moment
from exports.plans import Plan
from gate.text import digest

BATCH = 2_000
Moments = list[tuple[Study, Moment]]


@transaction.atomic
def cut_release(
    *,
    by: User | None,
    name: str,
    version: str,
    at: datetime,
    choice: Choice | None = None,
    studies: Iterable[str] = (),
    overrides: Mapping[str, str] | None = None,
    description: str = "",
) -> Release:
    """Freeze the newest approved version of every chosen pair that is fresh on that day.

    With it goes what was said in these closed studies (by slug), as of that moment. `overrides`
    gives a reason for each kind of hindrance that is let pass; one that is not there is not kept.
    The digest covers each pair's id, the digest that its reviewer signed, and its split, by id, and
    the digest of each study: equal content has an equal digest. Costs about twenty statements, one
    for each 2,000 pairs, and five for each study.
    """
    version = checking.version_of(version)
    description = text(description, "description", limit=2_000)
    reasons = checking.reasons_of(overrides or {})
    name = checking.name_of(name)
    made_of = checking.checked(name=name, at=at, choice=choice, studies=studies)
    checking.refuse(made_of, version, reasons)
    choice, closed = made_of.choice, made_of.studies
    said = [(study, moments.of(study, at=at)) for study in closed]
    release = _made(
        name=name,
        version=version,
        description=description,
        filters=choosing.words(choice, on=at.date(), studies=[study.name for study in closed]),
        digest=content_digest(made_of.candidates, said),
        is_sample=_is_sample(made_of),
        previous=made_of.previous,
        created_by=by,
    )
    _freeze(release, made_of, said, reasons, by=by, at=at)
    record(by=by, verb="release made", target=str(release), note=release.digest)
    return release


def content_digest(candidates: Iterable[Candidate], said: Moments) -> str:
    """Of what the release holds; the studies count only where there are some."""
    pairs = sorted([each.pair, each.digest, each.split] for each in candidates)
    studies = sorted([study.slug, moment.digest] for study, moment in said)
    return digest(pairs, studies) if studies else digest(pairs)


def _freeze(
    release: Release,
    made_of: Plan,
    said: Moments,
    reasons: Mapping[str, str],
    *,
    by: User | None,
    at: datetime,
) -> None:
    ReleaseEntry.objects.bulk_create(
        (
            ReleaseEntry(release=release, version_id=each.id, position=place, split=each.split)
            for place, each in enumerate(made_of.candidates, start=1)
        ),
        batch_size=BATCH,
    )
    ReleaseOverride.objects.bulk_create(
        ReleaseOverride(
            release=release,
            kind=each.kind,
            reason=reasons[each.kind],
            n_rows=each.n_rows,
            by=by,
            at=at,
        )
        for each in made_of.hindrances
    )
    ReleaseStudy.objects.bulk_create(
        ReleaseStudy(
            release=release,
            study=study,
            slug=study.slug,
            name=study.name,
            digest=moment.digest,
            n_ratings=moment.n_ratings,
            n_preferences=moment.n_preferences,
            n_verdicts=moment.n_verdicts,
            frozen_at=at,
        )
        for study, moment in said
    )
    Release.objects.filter(pk=release.pk).update(is_sealed=True)
    release.is_sealed = True


def _is_sample(made_of: Plan) -> bool:
    pairs = any(each.is_sample_author or each.is_sample_source for each in made_of.candidates)
    return pairs or any(study.is_sample for study in made_of.studies)


def _made(**fields: object) -> Release:
    refusal = checking.taken(str(fields["name"]), str(fields["version"]))
    try:
        with transaction.atomic():
            return Release.objects.create(**fields)
    except IntegrityError:  # made by somebody else in this moment
        raise refusal from None
