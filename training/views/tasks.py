"""Benchmark tasks: every run of them, a new one, and one with its scores beside its base model."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from gate.text import BadText
from generation import actions as generation_actions
from generation.models import LanguageModel
from training import beside, evaluating, harness, leashed
from training.actions import tasks as actions
from training.models import TaskRun
from training.task_forms import TaskRunForm


@require_safe
@permission_required("training.read")
def task_runs(request: SignedInRequest) -> HttpResponse:
    """A page of runs. One query beside the frame's."""
    page = paging.page(
        TaskRun.objects.with_names().defer("results", "log_tail"),
        order=("-created_at", "id"),
        cursor=request.GET.get("cursor", ""),
        size=25,
    )
    context = {"page": page, "may_write": request.user.can("training.write")}
    return render(request, "training/task_runs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("training.write")
def new_task_run(request: SignedInRequest) -> HttpResponse:
    """The form, or what is missing before tasks can be put to a model."""
    form = TaskRunForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.asked()
            return redirect(actions.start_task_run(by=request.user, at=timezone.now(), **asked))
        except (generation_actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "shipped": harness.SHIPPED,
        "has_model": LanguageModel.objects.filter(endpoint__isnull=False).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "training/new_task_run.html", context, status=status)


@require_safe
@permission_required("training.read")
def task_run(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; for htmx its live part, and the whole page again once the run has ended."""
    found = get_object_or_404(TaskRun.objects.with_names().defer("results"), pk=pk)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        answer = render(request, "training/task_run.html#state", _state(request, found))
        if found.is_finished:
            answer["HX-Refresh"] = "true"
        return answer
    other = beside.reference(found) if found.state == "done" else None
    rows = beside.rows(found, other) if found.state == "done" else []
    context = _state(request, found) | {
        "rows": rows,
        "other": other,
        "collapsing": beside.collapsing(found, [row.score for row in rows]),
        "samples": [path.name for path in _samples(found)],
    }
    return render(request, "training/task_run.html", context)


@require_POST
@permission_required("training.write")
def cancel_task_run(request: SignedInRequest, pk: str) -> HttpResponse:
    """End it; nothing of it is kept but its log."""
    return _done(request, pk, actions.cancel_task_run, _("It is being stopped."))


@require_POST
@permission_required("training.write")
def again_task_run(request: SignedInRequest, pk: str) -> HttpResponse:
    """Begin anew what failed or was stopped."""
    return _done(request, pk, actions.take_up, _("It waits for a worker again."))


@require_safe
@permission_required("training.read")
def task_samples(request: SignedInRequest, pk: str, name: str) -> HttpResponseBase:
    """What the model wrote for each document of a task, as the harness keeps it."""
    found = get_object_or_404(TaskRun, pk=pk)
    path = next((each for each in _samples(found) if each.name == name), None)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _done(request: SignedInRequest, pk: str, act: Any, said: str) -> HttpResponse:
    found = get_object_or_404(TaskRun, pk=pk)
    try:
        act(by=request.user, run=found, at=timezone.now())
        messages.success(request, said)
    except generation_actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def _samples(found: TaskRun) -> list[Path]:
    """Where the worker ran on this machine too."""
    return sorted(evaluating.program_of(found).out.rglob("samples_*.jsonl"))


def _state(request: SignedInRequest, found: TaskRun) -> dict[str, Any]:
    return {
        "run": found,
        "percent": leashed.percent(found.log_tail) if found.state == "running" else None,
        "is_stopping": found.cancel_requested_at is not None and not found.is_finished,
        "may_write": request.user.can("training.write"),
    }
