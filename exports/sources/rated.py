"""What raters gave each answer, as scores on 0 to 1: what an overall score is made of."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Avg, Count, Q

from annotation.models import Criterion, ItemAnswer, Rater
from annotation.models.rubrics import ScalePoint
from exports.sources.scope import Scope
from exports.sources.tables import CHUNK

RATED = "completion__ratings__"
NUMBERED = (Criterion.Kind.YES_NO, Criterion.Kind.SCALE)


class Rated(NamedTuple):
    """An answer's mean by criterion, more is better; whether somebody saw a harm in it."""

    scores: dict[str, float]
    is_harmful: bool


def by_item(scope: Scope) -> Iterator[tuple[int, dict[str, Rated]]]:
    """By the item's position: each rated answer by its completion. Three queries.

    Classes have no order, so only yes/no and scales count, as in comparisons of runs.
    """
    asked = Criterion.objects.filter(rubric=scope.study.rubric_id, kind__in=NUMBERED)
    scales = {each.pk: each for each in asked.filter(about=Criterion.About.ANSWER)}
    found = _means(scope, scales) if scales else iter(())
    for position, means in groupby(found, key=itemgetter(0)):
        answers: dict[str, Rated] = {}
        for _, completion, criterion, mean, n_harms in means:
            rated = answers.get(completion, Rated({}, False))
            scale = scales[criterion]
            share = (float(mean) - scale.scale[0]) / (scale.scale[-1] - scale.scale[0])
            answers[completion] = Rated(
                rated.scores | {scale.key: share}, rated.is_harmful or n_harms > 0
            )
        yield position, answers


def _means(
    scope: Scope, scales: dict[str, Criterion]
) -> Iterator[tuple[int, str, str, float, int]]:
    given = Q(**{f"{RATED}study": scope.study, f"{RATED}criterion__in": list(scales)})
    valued = Q(**{f"{RATED}value__isnull": False})
    if scope.gone:
        stayed = Rater.objects.exclude(pk__in=scope.gone)
        valued &= Q(**{f"{RATED}rater__in": stayed})
    shown = ItemAnswer.objects.filter(
        given & valued & scope.standing(RATED), item__study=scope.study
    )
    grouped = shown.order_by("item__position", "position", f"{RATED}criterion__position")
    yield from (
        grouped.values_list("item__position", "completion_id", f"{RATED}criterion_id")
        .annotate(
            mean=Avg(f"{RATED}value"), n_harms=Count("pk", filter=_harms(scope, list(scales)))
        )
        .iterator(CHUNK)
    )


def _harms(scope: Scope, criteria: list[str]) -> Q:
    """Values that the rubric marks as what could harm somebody."""
    marked = ScalePoint.objects.filter(
        criterion__in=criteria, severity=ScalePoint.Severity.CRITICAL
    )
    harms = Q(pk__in=[])
    for criterion, value in marked.values_list("criterion_id", "value"):
        harms |= Q(**{f"{RATED}criterion_id": criterion, f"{RATED}value": value})
    return harms
