"""Conditions: the list, one with its system prompt, a new one."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from gate.text import BadText
from generation import actions
from generation.forms import ConditionForm
from generation.messages import Sampling
from generation.models import Condition

SAMPLING = ("temperature", "top_p", "max_tokens", "seed")


@require_safe
@permission_required("models.read")
def conditions(request: SignedInRequest) -> HttpResponse:
    """Every condition and in how many runs it was used."""
    rows = Condition.objects.annotate(n_runs=Count("runs")).order_by("name", "id")
    context = {"rows": rows, "may_write": request.user.can("models.write")}
    return render(request, "generation/conditions.html", context)


@require_safe
@permission_required("models.read")
def condition(request: SignedInRequest, pk: str) -> HttpResponse:
    """The system prompt in full, and how answers are drawn."""
    found = get_object_or_404(Condition.objects.select_related("created_by"), pk=pk)
    context = {"condition": found, "may_write": request.user.can("models.write")}
    return render(request, "generation/condition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("models.write")
def new_condition(request: SignedInRequest) -> HttpResponse:
    """Make a condition; `?like=` begins with a copy of another one."""
    form = ConditionForm(request.POST or None, initial=_like(request.GET.get("like", "")))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        sampling = Sampling(**{name: values.pop(name) for name in SAMPLING})
        try:
            return redirect(actions.make_condition(by=request.user, sampling=sampling, **values))
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "generation/new_condition.html", {"form": form}, status=status)


@require_POST
@permission_required("models.write")
def install(request: SignedInRequest) -> HttpResponse:
    """The two conditions that come with the Studio."""
    actions.install_conditions()
    return redirect("generation:conditions")


def _like(pk: str) -> dict[str, Any]:
    found = Condition.objects.filter(pk=pk).first() if pk else None
    if found is None:
        return {}
    thinking = {True: "yes", False: "no", None: ""}[found.thinking]
    values = {name: getattr(found, name) for name in SAMPLING}
    return values | {"system_prompt": found.system_prompt, "thinking": thinking}
