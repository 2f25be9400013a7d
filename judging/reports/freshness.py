"""The digest of what a report is computed from: cheap to ask for at every visit.

Ratings and verdicts are append-only and superseded rows are marked, so counts and newest moments
say whether anything came since.
"""

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from annotation.models import Criterion, PromptRating, Rater, Rating, Repeat, StudyRun
from gate.text import digest
from judging.models import Report, Trial, Verdict
from judging.reports.document import SHAPE


def of(report: Report) -> str:
    """At most six queries, each of which counts. 0.1 s for 100,000 ratings."""
    rubric = report.rubric
    parts: list[Any] = [SHAPE, report.kind, rubric.digest]
    if report.study_id:
        parts += _study(report.study_id)
    if report.kind == Report.Kind.VALIDATION:
        compared = StudyRun.objects.filter(study=report.study_id).values("run")
        said = Verdict.objects.filter(judge=report.judge_id, completion__run__in=compared)
        parts.append(_state(said, "created_at"))
        trials = Trial.objects.filter(judge=report.judge_id, study=report.study_id)
        parts.append(trials.count())
    if report.kind == Report.Kind.COMPARISON:
        runs = [report.run_a_id, report.run_b_id]
        mine = Criterion.objects.filter(rubric=rubric).values("pk")
        given = Rating.objects.filter(completion__run__in=runs, criterion__in=mine)
        parts.append(_state(given, "created_at"))
        said = Verdict.objects.filter(completion__run__in=runs, criterion__in=mine)
        parts.append(_state(said, "created_at"))
        trials = Trial.objects.filter(study__arms__run__in=runs, study__rubric=rubric)
        parts.append(sorted(trials.order_by().values_list("pk", flat=True).distinct()))
    return digest(*parts)


def n_ratings(report: Report) -> int:
    """How many ratings stand behind the report: whether it is quick to compute."""
    if report.study_id:
        own = Rating.objects.filter(study=report.study_id).count()
        return own + PromptRating.objects.filter(study=report.study_id).count()
    runs = [report.run_a_id, report.run_b_id]
    mine = Rating.objects.filter(completion__run__in=runs, criterion__rubric=report.rubric_id)
    said = Verdict.objects.filter(completion__run__in=runs, criterion__rubric=report.rubric_id)
    return mine.count() + said.count()


def _study(study: str) -> list[Any]:
    found = [
        _state(kind._default_manager.filter(study=study), "created_at")
        for kind in (Rating, PromptRating, Repeat)
    ]
    # One look into an index for each rater there is, rather than one at every rating.
    own = Rating.objects.filter(study=study, rater=OuterRef("pk"))
    raters = Rater.objects.filter(Exists(own)).order_by("pk")
    profiles = raters.values_list("pk", "user__profession", "countries", "domains")
    return [*found, sorted(map(list, profiles), key=str)]


def _state(rows: QuerySet[Any, Any], when: str) -> list[Any]:
    """How many rows stand, and when the newest came."""
    counted = rows.order_by().aggregate(n=Count("pk"), newest=Max(when))
    return [counted["n"], counted["newest"].isoformat() if counted["newest"] else None]
