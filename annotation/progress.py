"""How far a study is, and how far a rater is in it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Now

from accounts.models import User
from annotation import pace
from annotation.models import Assignment, Rater, Study


@dataclass(frozen=True)
class Waiting:
    """A study that waits for a rater; `n_left` includes what is shown to them once more."""

    study: Study
    n_finished: int
    n_left: int
    minutes: int


def of_study(study: Study) -> dict[str, Any]:
    """Counts of places: wanted, submitted, being rated, skipped, without repeats."""
    counts = _by_state(study, occasion=1)
    raters = Assignment.objects.filter(study=study, state=Assignment.State.SUBMITTED)
    n_raters = raters.order_by().aggregate(n=Count("rater", distinct=True))["n"]
    return {
        "n_items": study.n_items,
        "k": study.k,
        "n_wanted": _n_wanted(study, n_raters),
        "n_submitted": counts.get("submitted", 0),
        "n_leased": counts.get("leased", 0),
        "n_skipped": counts.get("skipped", 0),
        "n_raters": n_raters,
    }


def of_rater(study: Study, rater: Rater | None) -> dict[str, Any]:
    """Only the rater's own counts: what others do is none of theirs."""
    counts = _by_state(study, rater=rater) if rater else {}
    return {
        "n_items": n_screens(study),
        "n_submitted": counts.get("submitted", 0),
        "n_skipped": counts.get("skipped", 0),
    }


def waiting_for(user: User) -> list[Waiting]:
    """The open studies with how far this person is in each, oldest first. Two queries."""
    mine = Assignment.objects.of(user).filter(state__in=Assignment.FINISHED).order_by()
    finished = {
        study: (n, n_due)
        for study, n, n_due in mine.filter(study__state=Study.State.OPEN)
        .values_list("study")
        .annotate(
            n=Count("pk", filter=Q(occasion=1)),
            n_due=Count("pk", filter=Q(state="submitted", repeat_due_at__lte=Now())),
        )
    }
    return [
        Waiting(study, done, left, pace.minutes_left([], left))
        for study in Study.objects.open().order_by("opened_at", "id")
        for done, n_due in [finished.get(study.pk, (0, 0))]
        if (left := study.n_items - done + n_due) > 0
    ]


def n_screens(study: Study) -> int:
    """How many items a rater may see, with those that come a second time: the same for all, so
    that no count tells a rater which item was a repeat.
    """
    return study.n_items + round(study.n_items * study.repeat_percent / 100)


def _n_wanted(study: Study, n_raters: int) -> int:
    """Places of all items; on an item of the core one for each who has rated, or k of them."""
    others = study.n_items - study.n_core
    by_k = others if study.n_shared is None else min(study.n_shared, others)
    return by_k * study.k + (others - by_k) + study.n_core * max(study.k, n_raters)


def _by_state(study: Study, **only: Any) -> dict[str, int]:
    rows = Assignment.objects.filter(study=study, **only).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")).values_list("state", "n"))
