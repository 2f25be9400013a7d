"""The administrator's page: who is here, who is invited."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.forms import InviteForm
from accounts.models import Invitation, User
from accounts.permissions import permission_required, person


@require_safe
@permission_required("people.read")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, with roles, and the open invitations."""
    return render(request, "accounts/people.html", _everybody() | {"form": InviteForm()})


def _everybody() -> dict[str, object]:
    return {
        "people": User.objects.prefetch_related("grants"),
        "invitations": Invitation.objects.filter(accepted_at=None, withdrawn_at=None),
        "now": timezone.now(),
    }


@require_POST
@permission_required("people.write")
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation and show its link once."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            _invitation, token = actions.invite(
                by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except actions.NotPossible as refusal:
            form.add_error("email", str(refusal))
        else:
            link = request.build_absolute_uri(reverse("accept_invitation", args=[token]))
            context = {"link": link, "email": form.cleaned_data["email"]}
            return render(request, "accounts/invited.html", context)
    return render(request, "accounts/people.html", _everybody() | {"form": form}, status=422)


@require_POST
@permission_required("people.write")
def withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """The link stops working."""
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        actions.withdraw_invitation(by=person(request), invitation=invitation, at=timezone.now())
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %s is withdrawn.") % invitation.email)
    return redirect("people")
