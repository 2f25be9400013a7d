"""Endpoints: the list, a new one, and one that can be looked at and tried out."""

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from gate.text import BadText
from generation import actions, checking
from generation.forms import EndpointForm, TryForm
from generation.models import Endpoint


@require_safe
@permission_required("models.read")
def endpoints(request: SignedInRequest) -> HttpResponse:
    """Every endpoint with the number of its models."""
    rows = Endpoint.objects.annotate(n_models=Count("models")).order_by("name", "id")
    context = {"rows": rows, "may_write": request.user.can("models.write")}
    return render(request, "generation/endpoints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("models.write")
def new_endpoint(request: SignedInRequest) -> HttpResponse:
    """Register a place."""
    form = EndpointForm(request.POST or None, initial={"kind": "external"})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.register_endpoint(by=request.user, **form.cleaned_data))
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "generation/new_endpoint.html", {"form": form}, status=status)


@require_safe
@permission_required("models.read")
def endpoint(request: SignedInRequest, pk: str) -> HttpResponse:
    """What it is. Whether it answers is looked up beside the page, by `check`."""
    return render(request, "generation/endpoint.html", _page(request, pk))


@require_safe
@permission_required("models.write")
def check(request: SignedInRequest, pk: str) -> HttpResponse:
    """Whether it answers, and with which models: a fragment for htmx, else the whole page."""
    context = _page(request, pk)
    found = context["endpoint"]
    if not found.is_supervised:
        look = checking.look_at(found)
        context["look"] = look
        if look.served:
            context["form"] = TryForm(served=list(look.served))
    template = "generation/endpoint.html"
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        template += "#look"
    return render(request, template, context)


@require_POST
@permission_required("models.write")
def try_out(request: SignedInRequest, pk: str) -> HttpResponse:
    """One question and its answer."""
    context = _page(request, pk)
    form = TryForm(request.POST)
    context["form"] = form
    if form.is_valid() and not context["endpoint"].is_supervised:
        context["said"] = checking.try_out(context["endpoint"], **form.cleaned_data)
    return render(request, "generation/endpoint.html", context)


def _page(request: SignedInRequest, pk: str) -> dict[str, Any]:
    found = get_object_or_404(Endpoint, pk=pk)
    command = settings.VLLM_COMMAND if found.kind == Endpoint.Kind.VLLM else "transformers serve"
    models = list(found.models.all())
    return {
        "endpoint": found,
        "models": models,
        "command": command,
        "form": TryForm(served=[model.served_name for model in models]),
        "may_write": request.user.can("models.write"),
    }
