"""Making a release: what it would hold is counted before it is made."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from exports import actions
from exports.forms import ChoiceForm, ReleaseForm
from exports.preview import Preview, preview


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("releases.write")
def new(request: SignedInRequest) -> HttpResponse:
    """The form; its choice of domains, sent by GET, is counted again (alone for htmx)."""
    if request.method != "POST":
        form = ReleaseForm(initial=request.GET.dict() | {"domains": request.GET.getlist("domains")})
        template = "exports/new.html" + ("#preview" if request.headers.get("HX-Request") else "")
        return render(request, template, {"form": form, "preview": _counted(request.GET)})
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            return redirect(
                actions.cut_release(by=request.user, at=timezone.now(), **form.cleaned_data)
            )
        except actions.Refused as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"form": form, "preview": _counted(request.POST)}
    return render(request, "exports/new.html", context, status=422)


def _counted(asked: Any) -> Preview:
    choice = ChoiceForm(asked)
    domains = list(choice.cleaned_data["domains"]) if choice.is_valid() else []
    return preview(on=timezone.now().date(), domains=domains)
