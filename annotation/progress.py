"""How far a study is, and how far a rater is in it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.models import User
from annotation import pace
from annotation.models import Assignment, Rater, Study


@dataclass(frozen=True)
class Waiting:
    """A study that waits for a rater."""

    study: Study
    n_finished: int
    minutes: int


def of_study(study: Study) -> dict[str, Any]:
    """Counts of places: wanted, submitted, being rated, skipped. One grouped query."""
    counts = _by_state(study)
    raters = Assignment.objects.filter(study=study, state=Assignment.State.SUBMITTED)
    return {
        "n_items": study.n_items,
        "k": study.k,
        "n_wanted": study.n_items * study.k,
        "n_submitted": counts.get("submitted", 0),
        "n_leased": counts.get("leased", 0),
        "n_skipped": counts.get("skipped", 0),
        "n_raters": raters.order_by().aggregate(n=Count("rater", distinct=True))["n"],
    }


def of_rater(study: Study, rater: Rater | None) -> dict[str, Any]:
    """Only the rater's own counts: what others do is none of theirs."""
    counts = _by_state(study, rater=rater) if rater else {}
    return {
        "n_items": study.n_items,
        "n_submitted": counts.get("submitted", 0),
        "n_skipped": counts.get("skipped", 0),
    }


def waiting_for(user: User) -> list[Waiting]:
    """The open studies with how far this person is in each, oldest first. Two queries."""
    mine = Assignment.objects.of(user).filter(state__in=Assignment.FINISHED).order_by()
    finished = dict(
        mine.filter(study__state=Study.State.OPEN)
        .values_list("study")
        .annotate(n=Count("pk"))
        .values_list("study", "n")
    )
    studies = Study.objects.open().order_by("opened_at", "id")
    return [
        Waiting(study, done, pace.minutes_left([], study.n_items - done))
        for study in studies
        if (done := finished.get(study.pk, 0)) < study.n_items
    ]


def _by_state(study: Study, **only: Any) -> dict[str, int]:
    rows = Assignment.objects.filter(study=study, **only).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")).values_list("state", "n"))
