"""By whom a version of a rubric is used, and so whether it can still be changed."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext

from annotation.models import PromptRating, Rating, Repeat, Rubric, Study
from annotation.staleness import Change


def fixed_because(rubric: Rubric) -> str:
    """Why the version can no longer be changed, and what to do; empty while it can. Five queries.

    The first rating freezes it. So does an open study, whose raters have it before them, and a
    judge, which is never changed once it is made.
    """
    named = {"version": rubric.version, "title": rubric.title}
    if is_rated(rubric):
        return (
            gettext(
                "People have rated by version %(version)s of “%(title)s”: it stays as it is, so "
                "that every rating keeps the words it was given by. Make a new version."
            )
            % named
        )
    study = Study.objects.filter(rubric=rubric).exclude(opened_at=None).first()
    if study:
        return gettext(
            "Raters are reading version %(version)s of “%(title)s” in the study “%(study)s”. "
            "Make a new version."
        ) % (named | {"study": study.name})
    # Judges stand above this app, and are known to it by the name of their relation alone.
    if Rubric.objects.filter(pk=rubric.pk, judges__isnull=False).exists():
        return (
            gettext(
                "A judge was made by version %(version)s of “%(title)s”, and judges never change. "
                "Make a new version."
            )
            % named
        )
    return ""


def is_rated(rubric: Rubric) -> bool:
    """Whether anybody answered any of its criteria, even if they took it back. 1 to 3 queries."""
    return any(
        model.everything.filter(criterion__rubric=rubric).exists()
        for model in (Rating, PromptRating, Repeat)
    )


def stale_ratings(rubric: Rubric, changes: list[Change]) -> list[dict[str, Any]]:
    """By study, how many standing ratings answer words that a change replaces. Two queries."""
    keys = [change.key for change in changes if change.makes_stale]
    counts: dict[str, dict[str, Any]] = {}
    for model in (Rating, PromptRating):
        rows = model.objects.filter(criterion__rubric=rubric, criterion__key__in=keys).order_by()
        grouped = rows.values("study__slug", "study__name").annotate(n=Count("pk"))
        for row in grouped:
            found = counts.setdefault(
                row["study__slug"], {"slug": row["study__slug"], "name": row["study__name"], "n": 0}
            )
            found["n"] += row["n"]
    return [counts[slug] for slug in sorted(counts)]
