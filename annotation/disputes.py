"""What raters of a study differ on, as the adjudicator reads it: no names, no runs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from annotation import differences, screens
from annotation.models import Adjudication, Assignment, Criterion, ItemAnswer, Rater, Rating, Study
from annotation.screens import Screen

MEASURED = (Criterion.Kind.YES_NO, Criterion.Kind.SCALE, Criterion.Kind.CHOICE)
SCALE = Criterion.Kind.SCALE


@dataclass(frozen=True)
class Voice:
    """What one rater said, under a number."""

    number: int
    value: int | None
    label: str
    rationale: str


@dataclass(frozen=True)
class Dispute:
    """An answer and a criterion that raters differ on."""

    completion: str
    key: str
    label: str
    item: int  # as people count: from 1
    low: int
    high: int
    n: int
    is_own: bool


class Hidden(Exception):
    """The study hides agreement until it closes."""

    http_status = 409


def refuse_hidden(study: Study) -> None:
    """Raises `Hidden` where agreement is not to be told yet."""
    if are_hidden(study):
        raise Hidden(_("Agreement is hidden until this study closes, so that nobody steers by it."))


def are_hidden(study: Study) -> bool:
    """Who reads differences reads agreement: both wait for the close where the study says so."""
    return study.hides_agreement and study.is_open


def open_of(study: Study) -> QuerySet[Rating, dict[str, object]]:
    """Answer and criterion with lowest and highest value, where they differ and nobody has settled
    it. The same rule as `differences.differ`, asked of the database in one grouped query.
    """
    settled = Adjudication.objects.filter(
        study=study, completion=OuterRef("completion"), criterion=OuterRef("criterion")
    )
    given = Rating.objects.filter(
        ~Exists(settled), study=study, value__isnull=False, criterion__kind__in=MEASURED
    )
    ranges = given.order_by().values(
        "completion_id",
        "criterion_id",
        "criterion__key",
        "criterion__label",
        "criterion__kind",
        "criterion__position",
    )
    apart = Q(criterion__kind=SCALE, high__gte=F("low") + differences.APART)
    apart |= ~Q(criterion__kind=SCALE) & Q(high__gt=F("low"))
    counted = ranges.annotate(low=Min("value"), high=Max("value"), n=Count("pk"))
    found: QuerySet[Rating, dict[str, object]] = counted.filter(apart)
    return found.order_by("completion_id", "criterion__position")


def not_rated_by(
    found: QuerySet[Rating, dict[str, object]], rater: Rater | None
) -> QuerySet[Rating, dict[str, object]]:
    """Those that this person may settle."""
    if rater is None:
        return found
    own = Rating.everything.filter(rater=rater, completion=OuterRef("completion"))
    return found.filter(~Exists(own))


def listed(study: Study, rows: Iterable[dict[str, object]], rater: Rater | None) -> list[Dispute]:
    """Rows of `open_of` with their items. Two queries."""
    rows = list(rows)
    ids = {str(row["completion_id"]) for row in rows}
    items = dict(
        ItemAnswer.objects.filter(item__study=study, completion__in=ids).values_list(
            "completion_id", "item__position"
        )
    )
    own = Rating.everything.filter(study=study, rater=rater, completion__in=ids)
    mine = set(own.values_list("completion_id", flat=True)) if rater else set()
    return [
        Dispute(
            completion=str(row["completion_id"]),
            key=str(row["criterion__key"]),
            label=str(row["criterion__label"]),
            item=items.get(str(row["completion_id"]), 0) + 1,
            low=int(str(row["low"])),
            high=int(str(row["high"])),
            n=int(str(row["n"])),
            is_own=row["completion_id"] in mine,
        )
        for row in rows
    ]


def screen(study: Study, shown: ItemAnswer) -> Screen:
    """One answer with its conversation, as raters read it."""
    return screens.of(Assignment(study=study, item=shown.item, shown=str(shown.position)))


def voices(study: Study, completion: str, criterion: Criterion) -> list[Voice]:
    """What each rater said of it, in an order by chance. One query."""
    given = list(Rating.objects.filter(study=study, completion=completion, criterion=criterion))
    numbers = differences.numbered(
        study.seed, completion, criterion.pk, [each.rater_id for each in given]
    )
    points = {
        point.value: point.label for point in study.rubric.sheet.by_key[criterion.key].choices
    }
    found = [
        Voice(
            numbers[each.rater_id],
            each.value,
            points.get(each.value, "") if each.value is not None else each.get_answer_display(),
            each.rationale,
        )
        for each in given
    ]
    return sorted(found, key=lambda voice: voice.number)


def values(settled: Iterable[Adjudication], study: Study) -> dict[tuple[str, str], list[int]]:
    """What raters said where it was settled, ascending, by answer and criterion. One query."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    ids = {row.completion_id for row in settled}
    given = Rating.objects.filter(study=study, completion__in=ids, value__isnull=False)
    rows = given.order_by("value").values_list("completion_id", "criterion_id", "value")
    for completion, criterion, value in rows:
        found[completion, criterion].append(value)
    return found
