"""From a stored rubric to the questions a judge is asked: the clinicians' words, nothing added."""

from collections.abc import Iterable

from annotation.models import Criterion, Rubric
from judging.prompting import Point, Question


def questions_of(criteria: Iterable[Criterion]) -> list[Question]:
    """The rubric's questions in order. Give criteria with their points prefetched."""
    return [
        Question(
            key=criterion.key,
            label=criterion.label,
            question=criterion.question,
            hint=criterion.hint,
            points=_points(criterion),
        )
        for criterion in criteria
    ]


def _points(criterion: Criterion) -> tuple[Point, ...]:
    """The whole scale: clinicians may also choose values that no point of the rubric names."""
    named = {
        point.value: Point(point.value, point.label, point.anchor, point.example)
        for point in criterion.points.all()
    }
    return tuple(named.get(value) or Point(value, str(value), "", "") for value in criterion.scale)


def criteria_of(rubric: Rubric) -> list[Criterion]:
    """The rubric's criteria with their points. Two queries."""
    return list(rubric.criteria.prefetch_related("points"))
