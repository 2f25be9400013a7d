"""Answers with known values among a study's items, and how often each rater meets them."""

from collections import Counter
from dataclasses import dataclass

from annotation.models import Gold, Rater, Rating, Study


@dataclass(frozen=True)
class Result:
    """One rater's: how many known values they were asked about, and how many they met."""

    rater: Rater
    n_asked: int
    n_met: int

    @property
    def share(self) -> float:
        return self.n_met / self.n_asked


def results(study: Study) -> list[Result]:
    """By rater, for those who rated an answer with a known value; raters are never shown this.

    "Cannot judge" is no miss: it is not counted. Three queries; what they read grows with the known
    values and their raters, not with the study.
    """
    known = {
        (completion, criterion): (value, tolerance)
        for completion, criterion, value, tolerance in Gold.objects.filter(study=study)
        .order_by()
        .values_list("completion_id", "criterion_id", "value", "tolerance")
    }
    asked: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for rater, completion, criterion, given in _given(study) if known else ():
        if (completion, criterion) in known:
            value, tolerance = known[completion, criterion]
            asked[rater] += 1
            met[rater] += abs(given - value) <= tolerance
    raters = Rater.objects.in_bulk(list(asked))
    found = [Result(raters[pk], n, met[pk]) for pk, n in asked.items()]
    return sorted(found, key=lambda each: (each.rater.label, each.rater.pk))


def _given(study: Study) -> list[tuple[str, str, str, int]]:
    marked = Gold.objects.filter(study=study).order_by().values("completion")
    rows = Rating.objects.filter(study=study, completion__in=marked, value__isnull=False)
    return list(rows.order_by().values_list("rater_id", "completion_id", "criterion_id", "value"))
