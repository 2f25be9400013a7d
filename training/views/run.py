"""One training run: how far it is, its loss, what came of it; cancel and resume."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus.models.prompts import ExpectedAction
from generation.actions import Refusal
from training import actions, curve
from training.models import TrainingRun

WORDS = dict(ExpectedAction.choices)


@require_safe
@permission_required("training.read")
def run(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; for htmx its live part, and the whole page again once the run has ended."""
    found = get_object_or_404(TrainingRun.objects.with_names(), pk=pk)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        answer = render(request, "training/run.html#progress", _progress(found))
        if found.is_finished:
            answer["HX-Refresh"] = "true"
        return answer
    context = _progress(found) | {"may_write": request.user.can("training.write")}
    return render(request, "training/run.html", context)


@require_POST
@permission_required("training.write")
def cancel(request: SignedInRequest, pk: str) -> HttpResponse:
    """Keep a checkpoint and stop."""
    return _done(request, pk, actions.cancel_training, _("It keeps a checkpoint and stops."))


@require_POST
@permission_required("training.write")
def resume(request: SignedInRequest, pk: str) -> HttpResponse:
    """Go on from the newest checkpoint."""
    return _done(request, pk, actions.resume_training, _("It waits for a worker again."))


def _done(request: SignedInRequest, pk: str, act: Any, said: str) -> HttpResponse:
    found = get_object_or_404(TrainingRun.objects.with_names(), pk=pk)
    try:
        act(by=request.user, run=found, at=timezone.now())
        messages.success(request, said)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def _progress(found: TrainingRun) -> dict[str, Any]:
    points = list(found.points.order_by("step").values_list("step", "loss"))
    total = found.n_steps or 0
    said = {"step": f"{found.step:,}", "total": f"{total:,}"}
    is_stopping = found.cancel_requested_at is not None and not found.is_finished
    return {
        "run": found,
        "curve": curve.curve(points, n_steps=found.n_steps),
        "points": points,
        "kinds": [(WORDS.get(kind, kind), n) for kind, n in found.facts.get("kinds", {}).items()],
        "words": _("%(step)s of %(total)s steps") % said if total else _("Not counted yet"),
        "is_stopping": is_stopping,
        "can_resume": found.state in ("failed", "cancelled") and not found.release.is_withdrawn,
        "has_short_run": bool(total) and found.warmup_steps >= total,
    }
