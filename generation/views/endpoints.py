"""Endpoints: the list, a new one, and one that can be looked at and tried out."""

import os
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
from generation.models import Endpoint, Server
from generation.serving_forms import StartForm
from generation.speed import speeds
from generation.views.servers import panel


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
    """What it is, its servers and speed; for htmx its servers alone.

    Whether it answers is looked up beside the page, by `check`.
    """
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        return render(request, "generation/servers.html#servers", _servers(request, _found(pk)))
    return render(request, "generation/endpoint.html", _page(request, _found(pk)))


@require_safe
@permission_required("models.write")
def check(request: SignedInRequest, pk: str) -> HttpResponse:
    """Whether it answers, and with which models: a fragment for htmx, else the whole page."""
    found = _found(pk)
    look = checking.look_at(found)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        context = {"endpoint": found, "form": _try_form(found, look), "look": look}
        return render(request, "generation/endpoint.html#look", context)
    context = _page(request, found) | {"form": _try_form(found, look), "look": look}
    return render(request, "generation/endpoint.html", context)


@require_POST
@permission_required("models.write")
def try_out(request: SignedInRequest, pk: str) -> HttpResponse:
    """One question and its answer."""
    context = _page(request, _found(pk))
    form = TryForm(request.POST)
    context["form"] = form
    if form.is_valid():
        context["said"] = checking.try_out(context["endpoint"], **form.cleaned_data)
    return render(request, "generation/endpoint.html", context)


def _found(pk: str) -> Endpoint:
    return get_object_or_404(Endpoint, pk=pk)


def _page(request: SignedInRequest, found: Endpoint) -> dict[str, Any]:
    return {
        "endpoint": found,
        "models": found.models.select_related("base"),
        "command": _command(found),
        "form": _try_form(found),
        "has_key": bool(os.environ.get(found.api_key_variable, "").strip()),
        "speeds": speeds(found),
        **_servers(request, found),
    }


def _servers(request: SignedInRequest, found: Endpoint) -> dict[str, Any]:
    """The servers of a place that the Studio starts, and where another can be started."""
    may_write = {"may_write": request.user.can("models.write")}
    if not found.is_supervised:
        return may_write
    shown = panel(request, Server.objects.of(found))
    there = [keeper for keeper, is_there, _gpus in shown["keepers"] if is_there]
    shown["start"] = StartForm(endpoint=found, keepers=there)
    return shown | {"polled": found.get_absolute_url(), "endpoint": found}


def _try_form(found: Endpoint, look: checking.Look | None = None) -> TryForm:
    """Asks a model that is registered, if the server lists it, else the first that it lists."""
    names = [model.served_name for model in found.models.all()]
    if look and look.served:
        names = [name for name in names if name in look.served] or list(look.served)
    return TryForm(served=names)


def _command(found: Endpoint) -> str:
    return settings.VLLM_COMMAND if found.kind == Endpoint.Kind.VLLM else "transformers serve"
