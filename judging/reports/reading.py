"""What a study's raters said, read once for all parts of its report. People are numbered.

A criterion about the prompt has one value for each item; all others one for each answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from agreement.ratings import Ratings
from agreement.scale import Level
from agreement.wording import _
from annotation.models import Criterion, PromptRating, Rater, Rating, Repeat, Study

SEVERITIES = {1: _("mild"), 2: _("hard to read"), 3: _("severe")}
NO_DOMAIN, UNKNOWN = _("no domain"), _("not known")


@dataclass(frozen=True)
class Said:
    """A value that a rater gave an answer, or an item where the criterion is about the prompt."""

    item: str
    prompt: str
    rater: str
    value: int
    at: datetime


@dataclass(frozen=True)
class Place:
    """What an item's prompt is about, and how hard it is to read."""

    domain: str
    severity: str


@dataclass(frozen=True, eq=False)
class Table:
    """A criterion with what was said on it."""

    criterion: Criterion
    rows: tuple[Said, ...]

    @property
    def about(self) -> str:
        """Its name within a sentence."""
        return self.criterion.label.lower()

    @property
    def level(self) -> Level:
        return "ordinal" if self.criterion.level == "ordinal" else "nominal"

    @property
    def has_numbers(self) -> bool:
        """Whether values can be averaged: scales, and yes or no as 1 or 0."""
        return self.criterion.kind in (Criterion.Kind.SCALE, Criterion.Kind.YES_NO)

    @cached_property
    def ratings(self) -> Ratings:
        return self.among(self.rows)

    def among(self, rows: Iterable[Said], *, as_numbers: bool = False) -> Ratings:
        """Some of the rows as a matrix on the criterion's whole scale."""
        level: Level = "interval" if as_numbers else self.level
        given = [(row.item, row.rater, row.value) for row in rows]
        return Ratings.from_rows(given, level, self.criterion.scale or None)

    def by(self, of: Callable[[Said], str]) -> dict[str, list[Said]]:
        """The rows in groups, by name."""
        groups: dict[str, list[Said]] = {}
        for row in self.rows:
            groups.setdefault(of(row), []).append(row)
        return dict(sorted(groups.items()))


@dataclass(frozen=True, eq=False)
class Heard:
    """All that the report of a study is computed from."""

    study: Study
    tables: tuple[Table, ...]
    places: Mapping[str, Place]  # by prompt
    raters: Mapping[str, str]  # id -> "rater 3"
    # (item, rater, first value, second value), by criterion id
    repeats: Mapping[str, Sequence[tuple[str, str, int | None, int | None]]]
    # By rater's name: what they do, the domains that they named as theirs, where they practise.
    professions: Mapping[str, str]
    fields: Mapping[str, str]
    countries: Mapping[str, str]

    @property
    def rated(self) -> list[Table]:
        """Criteria with any value."""
        return [each for each in self.tables if each.rows]

    @property
    def n_ratings(self) -> int:
        return sum(len(each.rows) for each in self.tables)

    @property
    def n_items(self) -> int:
        return len({row.item for each in self.tables for row in each.rows})

    def domain(self, row: Said) -> str:
        return self.places[row.prompt].domain if row.prompt in self.places else NO_DOMAIN

    def severity(self, row: Said) -> str:
        return self.places[row.prompt].severity if row.prompt in self.places else UNKNOWN


def read(study: Study) -> Heard:
    """Eight queries, whatever the number of ratings."""
    said = _said(study)
    raters = _numbered(study, said)
    rows: dict[str, list[Said]] = {}
    for criterion, item, prompt, rater, value, at in said:
        rows.setdefault(criterion, []).append(Said(item, prompt, raters[rater], value, at))
    people = list(
        Rater.objects.filter(pk__in=raters).select_related("user").prefetch_related("domains")
    )
    return Heard(
        study=study,
        tables=tuple(
            Table(each, tuple(rows.get(each.pk, ())))
            for each in study.rubric.criteria.prefetch_related("points")
        ),
        places=_places(study),
        raters=raters,
        repeats=_repeats(study, raters, said),
        professions={raters[each.pk]: _profession(each) for each in people},
        fields={
            raters[each.pk]: ", ".join(sorted(d.name for d in each.domains.all()))
            for each in people
        },
        countries={raters[each.pk]: ", ".join(sorted(each.countries)) for each in people},
    )


Given = tuple[str, str, str, str, int, datetime]


def _said(study: Study) -> list[Given]:
    """(criterion, item, prompt, rater, value, when), in the order of time."""
    answers = Rating.objects.filter(study=study, value__isnull=False).order_by("created_at", "id")
    prompts = PromptRating.objects.filter(study=study, value__isnull=False)
    prompts = prompts.order_by("created_at", "id")
    found: list[Given] = list(
        answers.values_list(
            *("criterion_id", "completion_id", "completion__prompt_id", "rater_id", "value"),
            "created_at",
        )
    )
    found += prompts.values_list(
        *("criterion_id", "item_id", "item__prompt_id", "rater_id", "value", "created_at")
    )
    return found


def _numbered(study: Study, said: Sequence[Given]) -> dict[str, str]:
    """Rater 1, 2, 3 … in the order in which they joined; those without a seat come last."""
    seats = study.seats.order_by("joined_at", "id").values_list("rater_id", flat=True)
    present = {rater for _c, _i, _p, rater, _v, _at in said}
    order = dict.fromkeys([*seats, *sorted(present)])
    kept = [rater for rater in order if rater in present]
    return {rater: _("rater {n}", n=number) for number, rater in enumerate(kept, start=1)}


def _places(study: Study) -> dict[str, Place]:
    rows = study.items.order_by().values_list(
        "prompt_id", "domain__name", "prompt__domain__name", "severity"
    )
    return {
        prompt: Place(own or its or NO_DOMAIN, SEVERITIES[severity])
        for prompt, own, its, severity in rows
    }


def _repeats(
    study: Study, raters: Mapping[str, str], said: Sequence[Given]
) -> dict[str, list[tuple[str, str, int | None, int | None]]]:
    first = {(criterion, item, rater): value for criterion, item, _p, rater, value, _at in said}
    again: dict[str, list[tuple[str, str, int | None, int | None]]] = {}
    given = Repeat.objects.filter(study=study, value__isnull=False).order_by()
    for criterion, answer, item, rater, value in given.values_list(
        "criterion_id", "completion_id", "assignment__item_id", "rater_id", "value"
    ):
        place = answer or item
        row = (place, raters.get(rater, ""), first.get((criterion, place, rater)), value)
        again.setdefault(criterion, []).append(row)
    return again


def _profession(rater: Rater) -> str:
    return rater.user.profession if rater.user else ""
