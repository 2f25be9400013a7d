"""What was said in a study, a value a row: raters, then judges, then adjudications.

One query for each rater and judge and a few more, whatever the number of values. Raters come in
the order of their pseudonyms: any other order would tell who is who across studies.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Substr

from annotation.models import Adjudication, Criterion, ItemAnswer, Rater, Rating, Study
from exports import pseudonyms
from exports.formats import ratings as lines
from exports.formats.columns import Row
from exports.formats.ratings import Asked, Frame, Given, Who
from exports.sources.arms import Arms
from exports.sources.tables import CHUNK, Table
from judging.models import Judge, Verdict

UNSCORED = {"value__isnull": True}
VERDICT_ANSWER = Case(
    When(**UNSCORED, then=Value(lines.UNSCORED)),
    default=Value(Rating.Answer.VALUE.value),
    output_field=TextField(),
)
VERDICT_RATIONALE = Case(
    When(**UNSCORED, then="unscored_reason"), default="reasoning", output_field=TextField()
)


def tables(study: Study) -> list[Table]:
    return [Table("ratings", lines.COLUMNS, lambda: rows(study))]


def raters_of(study: Study) -> list[tuple[str, Rater]]:
    """Everybody who rated in the study, in the order of their pseudonyms. One query."""
    rated = Rating.objects.filter(study=study, rater=OuterRef("pk"))
    raters = Rater.objects.filter(Exists(rated)).order_by("id")
    return sorted(
        ((pseudonyms.of(rater.pk, study_id=study.pk), rater) for rater in raters),
        key=lambda pair: pair[0],
    )


def rows(study: Study) -> Iterator[Row]:
    rubric = study.rubric
    frame = Frame(study.slug, rubric.slug, rubric.version, study.is_sample)
    arms, asked = Arms(study), _asked(study)
    for who, given in _said(study):
        for values in given.iterator(CHUNK):
            it = Given._make(values)
            yield lines.row(it, who, arms[it.run], asked[it.criterion], frame)


def _asked(study: Study) -> dict[str, Asked]:
    criteria = Criterion.objects.filter(rubric=study.rubric_id)
    return {criterion.pk: Asked(criterion.key, criterion.level) for criterion in criteria}


def _said(study: Study) -> Iterator[tuple[Who, QuerySet[Any, Any]]]:
    for pseudonym, rater in raters_of(study):
        yield Who(pseudonym, lines.HUMAN, rater.is_sample), _ratings(study, rater)
    for judge in _judges(study):
        yield Who(judge.name, lines.JUDGE, is_sample=False), _verdicts(study, judge)
    adjudicators = Rater.objects.filter(adjudications__study=study).distinct()
    for rater in sorted(adjudicators, key=lambda who: pseudonyms.of(who.pk, study_id=study.pk)):
        pseudonym = pseudonyms.of(rater.pk, study_id=study.pk)
        yield Who(pseudonym, lines.ADJUDICATED, rater.is_sample), _adjudications(study, rater)


def _read(
    given: QuerySet[Any, Any], study: Study, *, answer: Any, rationale: Any, item: Any = None
) -> QuerySet[Any, Any]:
    """The fields of `Given`, in their order; sorted by an index that is there."""
    shown = ItemAnswer.objects.filter(completion=OuterRef("completion_id"), item__study=study)
    found = Subquery(shown.order_by("pk").values("item_id")[:1])
    return given.order_by("completion_id", "criterion_id").values_list(
        Coalesce(item, found, output_field=TextField()) if item else found,
        "completion__prompt_id",
        "completion_id",
        "completion__run_id",
        "criterion_id",
        answer,
        "value",
        rationale,
        # The day, as both databases write it: no time of day leaves the Studio.
        Substr(Cast("created_at", TextField()), 1, 10),
    )


def _ratings(study: Study, rater: Rater) -> QuerySet[Any, Any]:
    given = Rating.objects.filter(study=study, rater=rater)
    return _read(given, study, answer="answer", rationale="rationale", item="assignment__item_id")


def _judges(study: Study) -> QuerySet[Judge]:
    judges = Judge.objects.filter(rubric=study.rubric_id, judge_runs__run__arms__study=study)
    return judges.distinct().order_by("name")


def _verdicts(study: Study, judge: Judge) -> QuerySet[Any, Any]:
    shown = ItemAnswer.objects.filter(completion=OuterRef("completion"), item__study=study)
    rated = Rating.objects.filter(completion=OuterRef("completion"), study=study)
    given = Verdict.objects.filter(Exists(shown) | Exists(rated), judge=judge)
    return _read(given, study, answer=VERDICT_ANSWER, rationale=VERDICT_RATIONALE)


def _adjudications(study: Study, rater: Rater) -> QuerySet[Any, Any]:
    given = Adjudication.objects.filter(study=study, adjudicator=rater)
    return _read(given, study, answer=Value("value"), rationale="note")
