"""From a stored rubric to the questions a judge is asked: the clinicians' words, nothing added."""

from collections.abc import Iterable

from django.db.models import QuerySet

from annotation.models import Criterion, Rubric
from annotation.sheets import When
from corpus.models import Strategy
from judging.prompting import Point, Question


def questions_of(criteria: Iterable[Criterion]) -> list[Question]:
    """The rubric's questions in order. Give criteria with their points prefetched.

    One query more where a strategy is to be named.
    """
    criteria = list(criteria)
    asks_strategy = any(criterion.kind == Criterion.Kind.STRATEGY for criterion in criteria)
    names = tuple(_strategies()) if asks_strategy else ()
    return [
        Question(
            key=criterion.key,
            label=criterion.label,
            question=criterion.question,
            hint=criterion.hint,
            points=_points(criterion),
            kind=criterion.kind,
            ask_when=_when(criterion),
            names=names if criterion.kind == Criterion.Kind.STRATEGY else (),
        )
        for criterion in criteria
    ]


def _strategies() -> QuerySet[Strategy, tuple[str, str]]:
    return Strategy.objects.order_by("name", "id").values_list("slug", "name")


def _when(criterion: Criterion) -> When | None:
    stated = criterion.ask_when
    return When(stated["criterion"], tuple(stated["values"])) if stated else None


def _points(criterion: Criterion) -> tuple[Point, ...]:
    """The whole scale: clinicians may also choose values that no point of the rubric names."""
    named = {
        point.value: Point(point.value, point.label, point.anchor, point.example)
        for point in criterion.points.all()
    }
    return tuple(named.get(value) or Point(value, str(value), "", "") for value in criterion.scale)


def criteria_of(rubric: Rubric) -> list[Criterion]:
    """What a judge is asked about each answer, with the points. Two queries."""
    return _answerable(rubric.criteria.prefetch_related("points"))


def answerable_of(rubric: Rubric) -> list[Criterion]:
    """The same without the points. One query."""
    return _answerable(rubric.criteria.all())


def measured_of(rubric: Rubric) -> list[Criterion]:
    """What is asked about each answer and is one number. One query."""
    about_answers = rubric.criteria.filter(about=Criterion.About.ANSWER)
    return [criterion for criterion in about_answers if criterion.is_measured]


def _answerable(criteria: Iterable[Criterion]) -> list[Criterion]:
    """What is about the prompt is for people, who say it before they read an answer; what depends
    on that cannot be asked of a judge either.
    """
    found: dict[str, Criterion] = {}
    for criterion in criteria:
        when = _when(criterion)
        if criterion.about == Criterion.About.ANSWER and (not when or when.criterion in found):
            found[criterion.key] = criterion
    return list(found.values())
