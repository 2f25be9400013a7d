"""Cuts a release: everything that it holds is frozen in one transaction, then sealed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.actions import record
from accounts.models import User
from annotation.models import Study
from exports import choice as choosing
from exports import hindrances, moments, numbering
from exports.actions.refusals import BadField, Hindered, NameTaken, NothingToRelease, text
from exports.candidates import Candidate
from exports.choice import Choice
from exports.hindrances import MAY_PASS, NEVER, TITLES, Kind
from exports.models import Release, ReleaseEntry, ReleaseOverride, ReleaseStudy
from exports.moments import Moment
from exports.plans import Plan, plan
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
    name, version = _name(name), _version(version)
    description, reasons = text(description, "description", limit=2_000), _reasons(overrides or {})
    made_of = checked(name=name, at=at, choice=choice, studies=studies)
    _refuse(made_of, version, reasons)
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


def checked(
    *,
    name: str,
    at: datetime,
    choice: Choice | None = None,
    studies: Iterable[str] = (),
) -> Plan:
    """What a release would be. Refuses what is not there and studies that are not closed."""
    choice = choice or Choice()
    _refuse_unknown(choice)
    return plan(choice, name=_name(name), on=at.date(), studies=closed_studies(studies))


def content_digest(candidates: Iterable[Candidate], said: Moments) -> str:
    """Of what the release holds; the studies count only where there are some."""
    pairs = sorted([each.pair, each.digest, each.split] for each in candidates)
    studies = sorted([study.slug, moment.digest] for study, moment in said)
    return digest(pairs, studies) if studies else digest(pairs)


def closed_studies(slugs: Iterable[str]) -> list[Study]:
    """By slug, in the order of their slugs. One query."""
    asked = sorted(set(slugs))
    found = {each.slug: each for each in Study.objects.filter(slug__in=asked)} if asked else {}
    for slug in asked:
        if slug not in found:
            raise BadField("studies", f"There is no study {slug!r}.")
        if found[slug].state != Study.State.CLOSED:
            raise BadField(
                "studies",
                f"The study {found[slug].name} is not closed: close it first, so that "
                "what goes out is what was said.",
            )
    return [found[slug] for slug in asked]


def _refuse(made_of: Plan, version: str, reasons: Mapping[str, str]) -> None:
    _refuse_number(made_of.previous, version, made_of.proposed)
    kept = hindrances.standing(made_of.hindrances, reasons)
    if kept:
        raise Hindered(kept)
    if not made_of.candidates:
        raise NothingToRelease(
            "No pair is approved and fresh here, so there is nothing to release. "
            "Choose less narrowly, or have pairs approved first."
        )


def _refuse_number(last: Release | None, version: str, proposed: str) -> None:
    if last is None or numbering.order(version) > numbering.order(last.version):
        return
    if Release.objects.filter(name=last.name, version=version).exists():
        raise _taken(last.name, version)
    raise BadField(
        "version",
        f"{version} does not come after {last}, the last one of this name. "
        f"What changed since asks for {proposed}.",
    )


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
    refusal = _taken(str(fields["name"]), str(fields["version"]))
    try:
        with transaction.atomic():
            return Release.objects.create(**fields)
    except IntegrityError:  # made by somebody else in this moment
        raise refusal from None


def _taken(name: str, version: str) -> NameTaken:
    return NameTaken(
        f"There is a release {name} {version} already. Releases are frozen: "
        "choose a higher version."
    )


def _refuse_unknown(choice: Choice) -> None:
    try:
        choosing.refuse_unknown(choice)
    except choosing.Unknown as unknown:
        raise BadField(unknown.field, str(unknown)) from unknown


def _reasons(overrides: Mapping[str, str]) -> dict[str, str]:
    """By kind, without those that are empty."""
    given = {kind: text(why, "overrides", limit=2_000) for kind, why in overrides.items()}
    for kind in given:
        if kind not in set(Kind):
            known = ", ".join(MAY_PASS)
            raise BadField("overrides", f"No hindrance is called {kind!r}. Known: {known}.")
        if kind in NEVER and given[kind]:
            raise BadField("overrides", f"Nobody may override {kind!r}: {TITLES[Kind(kind)]}.")
    return {kind: why for kind, why in given.items() if why}


def _name(name: str) -> str:
    name = text(" ".join(name.split()), "name", limit=80)
    if not any(character.isalnum() for character in name):
        raise BadField("name", "The name needs at least one letter or digit.")
    return name


def _version(version: str) -> str:
    version = version.strip()
    if not numbering.is_version(version):
        raise BadField(
            "version",
            "The version is three numbers with dots, such as 1.0.0, and may end in a word, "
            "such as 1.0.0-draft; at most 20 characters.",
        )
    return version
