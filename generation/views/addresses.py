"""Private places that model servers may have: for administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from gate.text import BadText
from generation import actions
from generation.models import AllowedAddress
from generation.serving_forms import AddressForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("addresses.write")
def allowed(request: SignedInRequest) -> HttpResponse:
    """What is allowed, by whom and why; one more."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.allow_address(by=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect("generation:allowed")
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    rows = AllowedAddress.objects.select_related("created_by")
    status = 422 if form.errors else 200
    context = {"form": form, "rows": rows}
    return render(request, "generation/allowed.html", context, status=status)


@require_POST
@permission_required("addresses.write")
def look_up(request: SignedInRequest, pk: str) -> HttpResponse:
    """The addresses that the name has by now."""
    row = get_object_or_404(AllowedAddress, pk=pk)
    try:
        actions.look_up_again(by=request.user, allowed=row)
        said = _("%(place)s is allowed as %(found)s.")
        messages.success(request, said % {"place": row, "found": row.found})
    except actions.Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("generation:allowed")


@require_POST
@permission_required("addresses.write")
def disallow(request: SignedInRequest, pk: str) -> HttpResponse:
    """Not any more."""
    row = get_object_or_404(AllowedAddress, pk=pk)
    actions.disallow_address(by=request.user, allowed=row)
    messages.success(request, _("%(place)s is not allowed any more.") % {"place": row})
    return redirect("generation:allowed")
