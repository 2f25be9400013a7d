"""Which checks look, and which of them stop an approval."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.checks import CHECKS
from corpus.models import CheckSetting


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("checks.write")
def checks(request: SignedInRequest) -> HttpResponse:
    """One row a check."""
    if request.method == "POST":
        changed = actions.set_checks(
            by=request.user,
            on=request.POST.getlist("on"),
            blocking=request.POST.getlist("blocking"),
        )
        said = ngettext("%(n)d check changed.", "%(n)d checks changed.", len(changed))
        notices.success(request, said % {"n": len(changed)} if changed else _("Nothing changed."))
        return redirect("corpus:checks")
    settings = CheckSetting.objects.current()
    rows = [
        {"key": key, "label": check.label, "about": check.about, **vars(settings[key])}
        for key, check in CHECKS.items()
    ]
    return render(request, "corpus/checks.html", {"rows": rows})
