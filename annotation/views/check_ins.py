"""How are you? One question, for those who like to be asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import check_ins
from annotation.care_forms import STRAIN, Strain
from annotation.models import CheckIn


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("assignments.rate")
def check_in(request: SignedInRequest) -> HttpResponse:
    """The question, and what one said before."""
    form = Strain(request.POST if request.method == "POST" else None)
    if form.is_valid():
        check_ins.answer(by=request.user, day=timezone.now().date(), **form.cleaned_data)
        messages.success(request, _("Kept, apart from every study. You can delete it here."))
        return redirect("annotation:check_in")
    words = dict(STRAIN)
    mine = CheckIn.objects.filter(user=request.user)[:60]
    context = {"form": form, "said": [(row, words[row.strain]) for row in mine]}
    return render(request, "annotation/check_in.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("assignments.rate")
def forget(request: SignedInRequest) -> HttpResponse:
    """Delete one of one's own, or all."""
    n = check_ins.forget(by=request.user, pk=request.POST.get("id"))
    messages.success(
        request, _("Deleted. Nothing of it is kept.") if n else _("Nothing was there.")
    )
    return redirect("annotation:check_in")
