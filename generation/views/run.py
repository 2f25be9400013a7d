"""One run: how far it is, what stands in its way, its newest answers; cancel and resume."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from generation.models import Run
from generation.models.runs import CompletionQuerySet, Mark
from generation.progress import WINDOW, Pace, Progress
from generation.views import jobs

N_NEWEST = 5
MANY = 20_000


@require_safe
@permission_required("runs.read")
def run(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; for htmx its live part, and the whole page again once the run has ended.

    Every count is of an index alone, so that a run of 100,000 rows can be watched.
    """
    found = get_object_or_404(Run.objects.with_names(), pk=pk)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        answer = render(request, "generation/run.html#progress", _progress(request, found))
        if found.is_finished:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "generation/run.html", _progress(request, found))


@require_POST
@permission_required("runs.write")
def cancel(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask no more."""
    return jobs.cancel(request, get_object_or_404(Run, pk=pk))


@require_POST
@permission_required("runs.write")
def resume(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask for what is missing."""
    return jobs.resume(request, get_object_or_404(Run, pk=pk))


@require_POST
@permission_required("runs.write")
def retry(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask again where it failed."""
    return jobs.retry(request, get_object_or_404(Run, pk=pk))


def _pace(found: Run, now: datetime) -> Pace:
    begin = max(now - WINDOW, found.started_at or now)
    return Pace(*found.completions.since(begin), seconds=(now - begin).total_seconds())


def _failed(rows: CompletionQuerySet) -> CompletionQuerySet:
    return rows.filter(state="failed").select_related("prompt")[:N_NEWEST]


def _progress(request: SignedInRequest, found: Run) -> dict[str, Any]:
    now = found.finished_at or timezone.now()
    rows = found.completions.all()
    pace = None if found.is_finished else _pace(found, now)
    counts = rows.progress()
    progress = Progress.of(counts, started_at=found.started_at, now=now, pace=pace)
    is_stopping = found.cancel_requested_at is not None and not found.is_finished
    has_rest = found.is_finished and bool(progress.left)
    marks = rows.marked()
    return {
        "pace": pace,
        "every_s": 2 if progress.total <= MANY else 5,
        "marks": [(mark, marks[str(mark.label)]) for mark in Mark if marks[str(mark.label)]],
        "newest": rows.newest()[:N_NEWEST],
        "failed": _failed(rows) if progress.failed else [],
        "run": found,
        "progress": progress,
        "is_stopping": is_stopping,
        "can_resume": has_rest,
        "can_retry": bool(progress.failed) and not is_stopping and not has_rest,
        "may_write": request.user.can("runs.write"),
    }
