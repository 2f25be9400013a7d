"""The loop closes: base, prompted and fine-tuned side by side on the same prompts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from generation.models import Run
from training import loop, sides
from training.loop_form import LoopForm


@require_safe
@permission_required("training.read")
def loop_page(request: SignedInRequest) -> HttpResponse:
    """The address keeps the choice; with a base alone, the runs that go with it are filled in."""
    form = LoopForm(_given(request) or None)
    context: dict[str, Any] = {"form": form, "has_runs": Run.objects.filter(state="done").exists()}
    if form.is_bound and form.is_valid():
        chosen = form.chosen()
        parts = sides.parts(chosen)
        context |= {
            "chosen": chosen,
            "parts": parts,
            "n_missing": sum(part.n_missing for part in parts),
            "comparisons": sides.comparisons(chosen),
        }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "training/loop.html", context, status=status)


def _given(request: SignedInRequest) -> dict[str, str]:
    given = {side: request.GET[side] for side in loop.SIDES if side in request.GET}
    if set(given) == {loop.BASE}:
        base = Run.objects.filter(pk=given[loop.BASE]).select_related("model", "condition").first()
        suggested = sides.suggest(base) if base else {}
        return {**given, **{side: run.pk for side, run in suggested.items()}}
    return given
