"""Models: the list, one with its settings and adapters, a new one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from gate.text import BadText
from generation import actions
from generation.models import Endpoint, LanguageModel
from generation.serving_forms import ChangeForm, ModelForm, ServingForm
from generation.starting import folder_rank

COPIED = ("served_name", "revision", "family", "adapter_path", *ServingForm.base_fields)


@require_safe
@permission_required("models.read")
def models(request: SignedInRequest) -> HttpResponse:
    """Every model, where it is asked, and in how many runs it was."""
    rows = LanguageModel.objects.select_related("endpoint", "base").annotate(n_runs=Count("runs"))
    rows = rows.order_by("name", "id")  # a grouped query forgets the model's own order
    context = {"rows": rows, "may_write": request.user.can("models.write")}
    return render(request, "generation/models.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("models.write")
def new_model(request: SignedInRequest) -> HttpResponse:
    """Register a model; `?endpoint=`, `?base=` and `?served_name=` fill it in, `?like=` too."""
    initial = _like(request.GET.get("like", "")) | request.GET.dict()
    form = ModelForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.register_model(by=request.user, **form.values()))
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "has_endpoint": Endpoint.objects.exists()}
    status = 422 if form.errors else 200
    return render(request, "generation/new_model.html", context, status=status)


@require_safe
@permission_required("models.read")
def model(request: SignedInRequest, pk: str) -> HttpResponse:
    """What it is, its adapters, and how it is served."""
    found = _found(pk)
    context = _page(request, found, ChangeForm(model=found))
    return render(request, "generation/model.html", context)


@require_POST
@permission_required("models.write")
def change_model(request: SignedInRequest, pk: str) -> HttpResponse:
    """Other settings, and another identity as long as nothing came of it."""
    found = _found(pk)
    form = ChangeForm(request.POST, model=found)
    if form.is_valid():
        try:
            _change(request, found, form)
            return redirect(found)
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    return render(request, "generation/model.html", _page(request, found, form), status=422)


def _found(pk: str) -> LanguageModel:
    everything = LanguageModel.objects.select_related("endpoint", "base__endpoint")
    return get_object_or_404(everything, pk=pk)


def _change(request: SignedInRequest, found: LanguageModel, form: ChangeForm) -> None:
    changed = actions.change_model(
        by=request.user, model=found, serving=form.serving(), **form.identity()
    )
    running = [each for each in found.servers.all() if each.is_up]
    if form.cleaned_data.get("start_again"):
        _start_again(request.user, found)
    elif changed and running:
        said = ngettext(
            "%(n)d server runs with the earlier settings until it is started again.",
            "%(n)d servers run with the earlier settings until they are started again.",
            len(running),
        )
        messages.warning(request, said % {"n": len(running)})
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))


def _start_again(by: User, found: LanguageModel) -> None:
    for server in found.servers.select_related("model"):
        if server.is_up:
            actions.start_again(by=by, server=server)


def _page(request: SignedInRequest, found: LanguageModel, form: ChangeForm) -> dict[str, Any]:
    adapters = [(each, folder_rank(each)) for each in found.adapters.order_by("name")]
    return {
        "model": found,
        "rank": folder_rank(found) if found.base_id else None,
        "adapters": adapters,
        "form": form,
        "is_used": found.is_used,
        "n_runs": found.runs.count(),
        "may_write": request.user.can("models.write"),
    }


def _like(pk: str) -> dict[str, Any]:
    found = LanguageModel.objects.filter(pk=pk).first() if pk else None
    if found is None:
        return {}
    values = {name: getattr(found, name) for name in COPIED}
    return values | {"endpoint": found.endpoint_id, "base": found.base_id}
