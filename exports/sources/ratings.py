"""What was said in a study, a value a row: by answer, in the study's order.

An answer's ratings come by pseudonym, then the judges' verdicts, then what was settled. The
answers and each kind of value are streams in the same order, read side by side: a handful of
queries, whatever the number of values, raters and judges. No order tells who is who across
studies.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from statistics import fmean
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast

from annotation.models import (
    Adjudication,
    Criterion,
    ItemAnswer,
    PromptRating,
    Rater,
    Rating,
    Study,
)
from exports.formats import ratings as lines
from exports.formats.columns import Row
from exports.formats.ratings import Asked, Frame, Said, Shown, Who
from exports.sources import words
from exports.sources.arms import arms_of
from exports.sources.holding import Holding
from exports.sources.scope import Scope
from exports.sources.tables import CHUNK, Table
from exports.sources.words import Clear
from judging.models import Judge

# By id: a person's or judge's place among the others, who it is, whether it is a sample's.
People = dict[str, tuple[int, Who, bool]]
# By id: a criterion's place in the rubric, and the criterion.
Criteria = dict[str, tuple[int, Asked]]
# What is read of a verdict, before its day.
SPOKEN = (
    *("judge_id", "criterion_id", "value", "picked", "words"),
    *("expected_value", "unscored_reason", "reasoning"),
)
# What is read of a rating, about an answer or about a prompt, before its day.
GIVEN = ("rater_id", "criterion_id", "answer", "value", "picked", "words", "rationale")
STOOD = "1"
# Its place among the answer's values, then its parts.
Heard = tuple[int, Who, bool, Asked, Said]


def tables(held: Holding) -> list[Table]:
    """One of a study; of a release one for each of its studies."""
    return [_table(scope) for scope in held.scopes]


def _table(scope: Scope) -> Table:
    left_out: Counter[str] = Counter()
    rows = partial(of_scope, scope, left_out)
    return Table(part_of(scope, "ratings"), lines.COLUMNS, rows, left_out)


def part_of(scope: Scope, name: str) -> str:
    """What a study's files are called, alone and among the others of a release."""
    return name if scope.release is None else f"{name}-{scope.study.slug}"


def raters_of(scope: Scope) -> list[tuple[str, Rater]]:
    """Everybody who rated in the study, in the order of their pseudonyms. One query."""
    given = Rating.everything.filter(scope.standing(), study=scope.study, rater=OuterRef("pk"))
    return _under_pseudonyms(scope, Exists(given))


def _under_pseudonyms(scope: Scope, who: Q | Exists) -> list[tuple[str, Rater]]:
    raters = Rater.objects.filter(who).exclude(pk__in=scope.gone).order_by("id")
    return sorted(((scope.pseudonym(rater.pk), rater) for rater in raters), key=itemgetter(0))


def rows(study: Study) -> Iterator[Row]:
    """What stands in the study now."""
    return of_scope(Scope(study))


def of_scope(scope: Scope, left_out: Counter[str] | None = None) -> Iterator[Row]:
    rubric = scope.study.rubric
    frames = [Frame(rubric.slug, rubric.version, is_sample) for is_sample in (False, True)]
    for shown, marked, heard in by_answer(scope, left_out):
        for _, who, is_sample, criterion, said in heard:
            yield lines.row(shown, who, criterion, said, frames[marked or is_sample])


def by_answer(
    scope: Scope, left_out: Counter[str] | None = None
) -> Iterator[tuple[Shown, bool, list[Heard]]]:
    """Every answer, whether it is a sample's, and what was said of it.

    What was said of a prompt, if anything was, stands before its first answer. `left_out` counts
    the words that a release does not give out.
    """
    study, asked, last = scope.study, _asked(scope.study), ""
    arms, clear = arms_of(study), words.clearing(scope, left_out)
    sides = [make(scope, asked, clear) for make in (_ratings, _verdicts, _adjudications)]
    of_prompts = _prompt_ratings(scope, asked, clear)
    for completion, item, prompt, position in _answers(study).iterator(CHUNK):
        arm = arms[position]
        if item != last:
            last, prompted = item, Shown(study.slug, item, prompt, "", "", "", "")
            if heard := of_prompts.of(item):
                yield prompted, study.is_sample, heard
        shown = Shown(study.slug, item, prompt, completion, arm.run, arm.model, arm.condition)
        heard = [each for side in sides for each in side.of(completion)]
        yield shown, study.is_sample or arm.is_sample, heard


def _asked(study: Study) -> Criteria:
    criteria = Criterion.objects.filter(rubric=study.rubric_id)
    return {row.pk: (row.position, Asked(row.key, row.level, row.about)) for row in criteria}


def _answers(study: Study) -> Any:
    shown = ItemAnswer.objects.filter(item__study=study).order_by("item__position", "position")
    return shown.values_list("completion_id", "item_id", "item__prompt_id", "position")


@dataclass
class Side:
    """One kind of value, in the order of the answers, or of the items.

    `of` must be asked for every one in turn; it looks one answer ahead and no further.
    `read` takes from a row who said it (an id), about which criterion, and what; None is passed
    over. People who are not known, such as a rater of this very moment, are passed over too.
    """

    people: People
    asked: Criteria
    stream: Iterator[tuple[str, Iterator[Any]]]
    read: Callable[[Any], tuple[str, str, Said] | None]

    def __post_init__(self) -> None:
        self.ahead = next(self.stream, None)

    def of(self, completion: str) -> list[Heard]:
        """The answer's values, by who gave them and the place of the criterion."""
        if self.ahead is None or self.ahead[0] != completion:
            return []
        found = list(self._values(self.ahead[1]))
        self.ahead = next(self.stream, None)
        found.sort()
        return found

    def _values(self, rows: Iterator[Any]) -> Iterator[Heard]:
        people, asked = self.people, self.asked
        for row in rows:
            if (read := self.read(row)) and read[0] in people:
                rank, who, is_sample = people[read[0]]
                place, criterion = asked[read[1]]
                yield rank * 1_000 + place, who, is_sample, criterion, read[2]


def _stream(
    scope: Scope, people: People, kind: str, stood: Q, *fields: str
) -> Iterator[tuple[str, Iterator[Any]]]:
    """`kind` of value beside each answer, by answer. The database walks from item to value.

    Whether a value is of this study and stood at its moment (`stood`) is looked at row by row: as
    a condition it would lead the database to begin with the values and to sort them all.
    """
    if not people:
        return iter(())
    shown = (
        ItemAnswer.objects.filter(item__study=scope.study)
        .filter(**{f"completion__{kind}__isnull": False})
        .annotate(day=Cast(f"completion__{kind}__created_at", TextField()), stood=_whether(stood))
        .order_by("item__position", "position")
    )
    names = [_column(f"completion__{kind}__{field}") for field in fields]
    found = shown.values_list("completion_id", "stood", *names, "day").iterator(CHUNK)
    return groupby(found, key=itemgetter(0))


def _whether(condition: Q) -> Case | Value:
    """A word or none: text is read as it comes, numbers and truth values are converted by row."""
    text = TextField()
    if not condition:
        return Value(STOOD, text)
    return Case(When(condition, then=Value(STOOD)), default=Value(""), output_field=text)


def _column(name: str) -> F | Cast:
    """As plain text where Django would parse every row's, which few rows need."""
    return Cast(name, TextField()) if name.endswith("picked") else F(name)


def _picked(text: str | None) -> str:
    return lines.listed(json.loads(text)) if text else ""


def _ranked(raters: list[tuple[str, Rater]], kind: str) -> People:
    return {
        rater.pk: (rank, Who(pseudonym, kind), rater.is_sample)
        for rank, (pseudonym, rater) in enumerate(raters)
    }


def _ratings(scope: Scope, asked: Criteria, clear: Clear | None) -> Side:
    people, mine = _ranked(raters_of(scope), lines.HUMAN), scope.study.pk

    def read(row: Any) -> tuple[str, str, Said] | None:
        _, stood, of, *given = row
        return _given(given, clear) if of == mine and stood else None

    stood = scope.standing("completion__ratings__")
    return Side(people, asked, _stream(scope, people, "ratings", stood, "study_id", *GIVEN), read)


def _given(given: list[Any], clear: Clear | None) -> tuple[str, str, Said]:
    rater, criterion, answer, value, picked, said, why, day = given
    if clear is not None:
        said, why = clear(said), clear(why)
    listed = _picked(picked) if picked else ""
    return rater, criterion, (answer, value, listed, said, None, why, day[:10])


def _prompt_ratings(scope: Scope, asked: Criteria, clear: Clear | None) -> Side:
    """By item. One query, and none where nothing is asked about prompts."""
    of_prompt = any(criterion.about == lines.PROMPT for _, criterion in asked.values())
    people = _ranked(raters_of(scope), lines.HUMAN) if of_prompt else {}
    given = (
        PromptRating.everything.filter(scope.standing(), study=scope.study)
        .annotate(day=Cast("created_at", TextField()))
        .order_by("item__position")
    )
    names = [_column(name) for name in GIVEN]
    rows = given.values_list("item_id", *names, "day").iterator(CHUNK) if people else iter(())
    return Side(people, asked, groupby(rows, key=itemgetter(0)), lambda row: _given(row[1:], clear))


def judges_of(study: Study) -> list[Judge]:
    """Those whose verdicts on the study's answers can be had, by name. One query."""
    judges = Judge.objects.filter(rubric=study.rubric_id, judge_runs__run__arms__study=study)
    return list(judges.distinct().order_by("name"))


def _verdicts(scope: Scope, asked: Criteria, _: Clear | None) -> Side:
    people: People = {
        judge.pk: (rank, Who(judge.name, lines.JUDGE), False)
        for rank, judge in enumerate(judges_of(scope.study))
    }
    stream = _stream(scope, people, "verdicts", scope.given("completion__verdicts__"), *SPOKEN)
    heard = ((answer, heard_once(row for row in rows if row[1])) for answer, rows in stream)
    return Side(people, asked, heard, lambda row: row)


def heard_once(rows: Iterator[Any]) -> Iterator[tuple[str, str, Said]]:
    """A judge's replicates on one answer as one line a criterion, as `per_answer` counts them."""
    heard: dict[tuple[str, str], list[Any]] = {}
    for _, _, judge, criterion, *said in rows:
        heard.setdefault((judge, criterion), []).append(said)
    for (judge, criterion), replicates in heard.items():
        yield judge, criterion, _together(replicates)


def _together(replicates: list[Any]) -> Said:
    """Numbers have a mean; of several values, or words, the first replicate's stand."""
    n, day = len(replicates), max(said[-1] for said in replicates)[:10]
    scored = [said for said in replicates if not said[4]]
    if not scored:
        return lines.UNSCORED, None, "", "", n, _joined(said[4] for said in replicates), day
    reasons, (_, picked, said, *_) = _joined(said[5] for said in scored), scored[0]
    values = [said[0] if said[3] is None else said[3] for said in scored]
    number = None if None in values else values[0] if len(values) == 1 else fmean(values)
    return lines.VALUE, number, _picked(picked), said, n, reasons, day


def _joined(words: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(word for word in words if word))


def _adjudications(scope: Scope, asked: Criteria, clear: Clear | None) -> Side:
    settled = Adjudication.objects.filter(
        scope.given(), study=scope.study, adjudicator=OuterRef("pk")
    )
    people = _ranked(_under_pseudonyms(scope, Exists(settled)), lines.ADJUDICATED)
    mine = scope.study.pk

    def read(row: Any) -> tuple[str, str, Said] | None:
        _, stood, of, adjudicator, criterion, value, note, day = row
        if of != mine or not stood:
            return None
        return (
            adjudicator,
            criterion,
            (lines.VALUE, value, "", "", None, clear(note) if clear else note, day[:10]),
        )

    fields = ("study_id", "adjudicator_id", "criterion_id", "value", "note")
    stood = scope.given("completion__adjudications__")
    return Side(people, asked, _stream(scope, people, "adjudications", stood, *fields), read)
