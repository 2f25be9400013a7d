"""Agreement so far from counted patterns: the database counts, so 100,000 ratings cost little."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.models import Count, Q
from scipy import sparse

from agreement import bootstrap, krippendorff
from agreement.chance import NO_PAIR
from agreement.estimate import Estimate, undefined
from agreement.scale import Level
from annotation.models import Criterion, Rating, Study

DRAWS = 400
# How often each value was given to an answer, and how many answers have exactly that.
Pattern = tuple[tuple[int, ...], int]


@dataclass(frozen=True)
class Soundness:
    """A criterion's alpha so far, and how many answers have two ratings or more."""

    criterion: Criterion
    alpha: Estimate
    n: int


def so_far(study: Study) -> list[Soundness]:
    """Of every measured criterion about the answers. Two queries."""
    criteria = [
        each
        for each in study.rubric.criteria.order_by("position", "id")
        if each.is_measured and each.about == Criterion.About.ANSWER
    ]
    values = sorted({value for each in criteria for value in each.scale})
    counted = _counted(study, values) if values else {}
    return [_sound(each, values, counted.get(each.pk, [])) for each in criteria]


def _counted(study: Study, values: Sequence[int]) -> dict[str, list[Pattern]]:
    """Patterns by criterion: one grouped query around another."""
    columns = {f"n{place}": Count("pk", filter=Q(value=v)) for place, v in enumerate(values)}
    given = Rating.objects.filter(study=study, value__isnull=False).order_by()
    each = given.values("criterion_id", "completion_id").annotate(**columns)
    sql, params = each.query.sql_with_params()
    names = ", ".join(f'"{name}"' for name in columns)
    found: dict[str, list[Pattern]] = defaultdict(list)
    with connection.cursor() as cursor:
        # Only names made here and Django's own SQL stand in it; what is given is a parameter.
        cursor.execute(
            f'SELECT "criterion_id", COUNT(*), {names} FROM ({sql}) AS counted '  # noqa: S608
            f'GROUP BY "criterion_id", {names} ORDER BY "criterion_id", {names}',
            params,
        )
        for criterion, n, *pattern in cursor.fetchall():
            found[criterion].append((tuple(pattern), n))
    return found


def _sound(criterion: Criterion, values: Sequence[int], patterns: Iterable[Pattern]) -> Soundness:
    places = [values.index(value) for value in criterion.scale]
    kept = [([row[p] for p in places], n) for row, n in patterns if sum(row) >= 2]
    level: Level = "ordinal" if criterion.kind == Criterion.Kind.SCALE else "nominal"
    n = sum(times for _, times in kept)
    return Soundness(criterion, alpha(kept, criterion.scale, level), n)


def alpha(
    patterns: Sequence[tuple[Sequence[int], int]], scale: Sequence[int], level: Level
) -> Estimate:
    """Krippendorff's alpha with its interval over answers; each pattern stands for `times` ones."""
    if not patterns:
        return undefined(NO_PAIR)
    counts = sparse.csr_array(np.array([row for row, _ in patterns], dtype=np.float64))
    times = np.array([n for _, n in patterns])
    data = krippendorff.of_counts(counts, np.array(scale, dtype=np.float64), level)
    value = krippendorff.alphas(data, times[None, :].astype(np.float64))[0]
    if np.isnan(value):
        return undefined(krippendorff.NO_VARIATION)
    plain, n = Estimate(float(value)), int(times.sum())
    if n < 2:
        return plain
    owner = np.repeat(np.arange(len(times)), times)
    drawn = bootstrap.resample_rows(
        lambda each: krippendorff.alphas(data, each), owner, len(times), draws=DRAWS
    )
    return bootstrap.with_interval(plain, drawn, n=n)
