"""One run: how far it is, what stands in its way, its newest answers; cancel and resume."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from generation import actions
from generation.models import Run
from generation.progress import Progress

N_NEWEST = 5


@require_safe
@permission_required("runs.read")
def run(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; for htmx its progress alone, and the whole page again once the run has ended."""
    found = get_object_or_404(Run.objects.with_names(), pk=pk)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        answer = render(request, "generation/run.html#progress", _progress(request, found))
        if found.is_finished:
            answer["HX-Refresh"] = "true"
        return answer
    rows = found.completions.all()
    marks = {mark: n for mark, n in rows.marked().items() if n}
    newest = rows.newest()[:N_NEWEST]
    failed = rows.filter(state="failed").select_related("prompt")[:N_NEWEST]
    context = {"marks": marks, "newest": newest, "failed": failed}
    return render(request, "generation/run.html", _progress(request, found) | context)


@require_POST
@permission_required("runs.write")
def cancel(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask no more."""
    found = get_object_or_404(Run, pk=pk)
    try:
        actions.cancel_run(by=request.user, run=found, at=timezone.now())
        messages.success(request, _("It stops after the answers that are under way."))
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
@permission_required("runs.write")
def resume(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask for what is missing."""
    found = get_object_or_404(Run, pk=pk)
    try:
        n = actions.resume_run(by=request.user, run=found, at=timezone.now())
        said = ngettext("%(n)d answer is asked for again.", "%(n)d answers are asked for again.", n)
        messages.success(request, said % {"n": n})
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def _progress(request: SignedInRequest, found: Run) -> dict[str, Any]:
    now = found.finished_at or timezone.now()
    progress = Progress.of(found.completions.progress(), started_at=found.started_at, now=now)
    return {
        "run": found,
        "progress": progress,
        "is_stopping": found.cancel_requested_at is not None and not found.is_finished,
        "can_resume": found.is_finished and bool(progress.failed or progress.left),
        "may_write": request.user.can("runs.write"),
    }
