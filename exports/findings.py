"""Reads what the gate of releases asks: a fixed number of queries, however many pairs there are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from annotation.models import Item, Study
from corpus.checks import personal_data
from corpus.models import CheckResult, Pair, PromptSetEntry, Reference, Source, Version
from corpus.models.pairs import VersionQuerySet
from corpus.splitting import TRAIN
from exports import hindrances, licences
from exports.candidates import Candidate, Held
from exports.choice import Choice
from exports.hindrances import Hindrance, Kind, Row, gathered
from exports.licences import Terms
from exports.models import Release, ReleaseEntry

ORDER = ("domain__position", "pair__external_id", "pair__created_at", "pair_id")
FIELDS = (
    *("pk", "pair_id", "pair__external_id", "digest", "pair__split"),
    *("domain__slug", "domain__name", "expected_action", "prompt__digest", "sketch__family"),
    *("pair__source_id", "prompt__source_id", "author__is_sample", "pair__source__is_sample"),
)
HELD = (
    *("version_id", "version__digest", "split", "version__domain__slug"),
    *("version__expected_action", "version__prompt__digest"),
)
LABEL = ("version__pair__external_id", "version__pair_id")


def candidates(versions: VersionQuerySet) -> list[Candidate]:
    """In the order of a release. One query."""
    rows = versions.order_by(*ORDER).values_list(*FIELDS)
    return [Candidate._make(value or "" for value in row) for row in rows]


def held_by(release: Release) -> dict[str, Held]:
    """What a release holds, by pair. One query."""
    rows = ReleaseEntry.objects.filter(release=release).values_list("version__pair_id", *HELD)
    return {pair: Held._make(value or "" for value in said) for pair, *said in rows}


def found(
    choice: Choice, rows: Sequence[Candidate], studies: Sequence[Study], *, on: date
) -> list[Hindrance]:
    """Everything that keeps these rows from being released, in the order of its kinds."""
    versions = choice.versions().fresh(on)
    sources = _sources(rows, studies)
    percent = settings.RELEASE_FAMILY_PERCENT
    by_kind: list[tuple[Kind, Iterable[Row]]] = [
        (Kind.UNVETTED, _unvetted(choice)),
        (Kind.STALE, _stale(choice, on)),
        (Kind.LICENCE, _of_terms(sources, Terms.FORBIDDEN)),
        (Kind.LEAKAGE, hindrances.leakage(rows)),
        (Kind.TERMS, _of_terms(sources, Terms.UNKNOWN)),
        (Kind.PERSONAL_DATA, _personal_data(versions)),
        (Kind.HELPLINES, _helplines(versions, on)),
        (Kind.OVERLAP, _overlap(versions)),
        (Kind.FAMILIES, hindrances.families(rows, percent=percent)),
    ]
    return [each for kind, of_kind in by_kind for each in gathered(kind, of_kind)]


def _unvetted(choice: Choice) -> Iterator[Row]:
    """Pairs that were asked for by name and have no approved version."""
    if choice.pairs:
        approved = Version.objects.approved().filter(pair=OuterRef("pk"))
        for pair in Pair.objects.filter(~Exists(approved), pk__in=choice.pairs).order_by("pk"):
            yield Row(str(pair), "pair", pair.pk)


def _stale(choice: Choice, on: date) -> Iterator[Row]:
    """Pairs that were asked for by name; others are left out, and the page says how many."""
    if choice.pairs:
        for version in choice.versions().stale(on).select_related("pair").order_by("pk"):
            yield Row(str(version.pair), "version", version.pk)


def _sources(rows: Sequence[Candidate], studies: Sequence[Study]) -> list[Source]:
    """Where pairs, their conversations and the prompts of studies came from. One query, or two."""
    keys = {each.source for each in rows} | {each.prompt_source for each in rows}
    rated = Item.objects.filter(study__in=studies).values("prompt__source")
    wanted = Q(pk__in=keys - {""})
    return list(Source.objects.filter(wanted | Q(pk__in=rated) if studies else wanted))


def _of_terms(sources: Iterable[Source], terms: Terms) -> Iterator[Row]:
    for source in sources:
        # What is made for the sample is the Studio's own.
        if not source.is_sample and licences.read(source.licence) == terms:
            stated = source.licence or _("no licence is stated")
            yield Row(f"{source.name}: {stated}", "source", source.pk)


def _personal_data(versions: VersionQuerySet) -> Iterator[Row]:
    warned = CheckResult.objects.filter(
        key=personal_data.key, level="warn", version__in=versions.values("pk")
    )
    for *label, version in warned.order_by("version").values_list(*LABEL, "version_id"):
        yield Row(_named(label), "version", version)


def _helplines(versions: VersionQuerySet, on: date) -> Iterator[Row]:
    """Places of responses that send somebody where nobody may be sent yet."""
    unproven = Q(resource=None) | Q(resource__verified_on=None) | Q(resource__recheck_by__lt=on)
    named = Reference.objects.filter(
        unproven | Q(serves_country=False), version__in=versions.values("pk")
    )
    rows = named.order_by("version", "start").values_list(*LABEL, "version_id", "passage")
    for *label, version, passage in rows:
        yield Row(f"{_named(label)}: {passage}", "version", version)


def _overlap(versions: VersionQuerySet) -> Iterator[Row]:
    """Pairs to train on whose conversation stands in a set that came from elsewhere."""
    in_sets = PromptSetEntry.objects.filter(
        prompt__digest=OuterRef("prompt__digest"), prompt_set__source__is_sample=False
    )
    trained = versions.filter(Exists(in_sets), pair__split=TRAIN).select_related("pair")
    for version in trained.order_by("pk"):
        yield Row(str(version.pair), "version", version.pk)


def _named(label: Sequence[str]) -> str:
    external_id, pair = label
    return external_id or pair
