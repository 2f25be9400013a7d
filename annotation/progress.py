"""How far a study is, and how far a rater is in it."""

from typing import Any

from django.db.models import Count

from annotation.models import Assignment, Rater, Study


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


def _by_state(study: Study, **only: Any) -> dict[str, int]:
    rows = Assignment.objects.filter(study=study, **only).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")).values_list("state", "n"))
