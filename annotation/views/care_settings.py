"""What curators decide of care, and the figures by which they see whether it does its work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import care_figures
from annotation.actions import care_settings
from annotation.care_forms import SupportText
from annotation.grouping import LEAST


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("studies.write")
def limits(request: SignedInRequest) -> HttpResponse:
    """One limit after another: its number, where the default comes from, who stands for it."""
    refused = ""
    if request.method == "POST":
        number, key = request.POST.get("number", ""), request.POST.get("key", "")
        try:
            care_settings.confirm(
                by=request.user,
                key=key,
                number=int(number) if number.isascii() and number.isdigit() else 0,
                at=timezone.now(),
            )
        except care_settings.Unfit as unfit:
            refused = str(unfit)
        else:
            messages.success(request, _("Confirmed. It counts from the next item on."))
            return redirect("annotation:care_limits")
    form = SupportText(initial={"text": care_settings.support_words()})
    context = {"rows": care_settings.stated(), "refused": refused, "form": form}
    return render(request, "annotation/care_limits.html", context, status=422 if refused else 200)


@require_POST
@permission_required("studies.write")
def support(request: SignedInRequest) -> HttpResponse:
    """What the support page says of this project's own help."""
    form = SupportText(request.POST)
    try:
        if form.is_valid():
            care_settings.write_support(by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Kept. It stands on the support page now."))
    except care_settings.Unfit as unfit:
        messages.error(request, str(unfit))
    return redirect("annotation:care_limits")


@require_safe
@permission_required("studies.write")
def figures(request: SignedInRequest) -> HttpResponse:
    """How raters fare, over five people or more."""
    now = timezone.now()
    context = {
        "figures": care_figures.of_days(until=now),
        "skips": care_figures.skips(until=now),
        "least": LEAST,
        "days": care_figures.DAYS,
    }
    return render(request, "annotation/care_figures.html", context)
