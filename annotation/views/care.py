"""What a rater wishes for themselves. Only they can open it, and it is written nowhere else."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import raters, wishes
from annotation.care_forms import Wishes


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("assignments.rate")
def care(request: SignedInRequest) -> HttpResponse:
    """Domains that I do not wish to be given, and whether severe items show at once."""
    mine = raters.of(request.user)
    form = Wishes(request.POST if request.method == "POST" else None, initial=Wishes.said(mine))
    if form.is_valid():
        wishes.wish(rater=mine, **form.cleaned_data)
        messages.success(request, _("Kept. It counts from the next item on."))
        return redirect("annotation:care")
    status = 422 if form.is_bound else 200
    response = render(request, "annotation/care.html", {"form": form}, status=status)
    response["Cache-Control"] = "no-store, private"
    return response
