"""Servers and the keepers of their hosts: what runs where; start, stop, start again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from generation import actions
from generation.models import Endpoint, Keeper, Server, ServerGpu
from generation.models.servers import ServerQuerySet
from generation.serving_forms import StartForm


@require_safe
@permission_required("models.read")
def servers(request: SignedInRequest) -> HttpResponse:
    """Every server of every host; for htmx the part that changes."""
    context = panel(request, Server.objects.all()) | {"polled": request.path}
    template = "generation/servers.html"
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        template += "#servers"
    return render(request, template, context)


@require_POST
@permission_required("models.write")
def start(request: SignedInRequest, pk: str) -> HttpResponse:
    """Have a model of this endpoint run on a host."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    now = timezone.now()
    keepers = list(Keeper.objects.at_work(now))
    form = StartForm(request.POST, endpoint=endpoint, keepers=keepers)
    if not form.is_valid():
        messages.error(request, _("Choose a model and a host whose keeper is at work."))
        return redirect(endpoint)
    try:
        server = actions.start_server(by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("%(server)s starts.") % {"server": server})
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(endpoint)


@require_POST
@permission_required("models.write")
def stop(request: SignedInRequest, pk: str) -> HttpResponse:
    """Stop it; its keeper does so within seconds."""
    server = get_object_or_404(Server.objects.with_names(), pk=pk)
    actions.let_go(by=request.user, server=server)
    messages.success(request, _("%(server)s stops.") % {"server": server})
    return _back(server)


@require_POST
@permission_required("models.write")
def again(request: SignedInRequest, pk: str) -> HttpResponse:
    """Stop it and start it anew, with its model's settings of now."""
    server = get_object_or_404(Server.objects.with_names(), pk=pk)
    actions.start_again(by=request.user, server=server)
    messages.success(request, _("%(server)s is started again.") % {"server": server})
    return _back(server)


def panel(request: SignedInRequest, rows: ServerQuerySet) -> dict[str, Any]:
    """What the part with servers and keepers shows."""
    now = timezone.now()
    keepers = list(Keeper.objects.order_by("host"))
    there = {each.host for each in keepers if each.is_there(now)}
    held = _held_gpus()
    return {
        "servers": [(row, row.host in there) for row in rows.with_names()],
        "keepers": [
            (each, each.host in there, _gpus(each, held.get(each.host, {}))) for each in keepers
        ],
        "has_keeper": bool(there),
        "may_write": request.user.can("models.write"),
    }


def _held_gpus() -> dict[str, dict[int, str]]:
    """Host -> GPU -> the model whose server holds it."""
    found: dict[str, dict[int, str]] = {}
    rows = ServerGpu.objects.values_list("host", "gpu", "server__model__name", "holder_name")
    for host, gpu, model, name in rows:
        found.setdefault(host, {})[gpu] = model or name
    return found


def _gpus(keeper: Keeper, held: dict[int, str]) -> list[tuple[int, str]]:
    """Each GPU of the host and who holds it; empty when it is free."""
    return [(gpu, held.get(gpu, "")) for gpu in sorted({*keeper.gpu_numbers, *held})]


def _back(server: Server) -> HttpResponse:
    endpoint = server.model.endpoint
    return redirect(endpoint) if endpoint else redirect("generation:servers")
