"""How many people must sign an approval in each domain, and how hard it is to read."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.domains import SignersForm
from corpus.models import Domain


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("checks.write")
def domains(request: SignedInRequest) -> HttpResponse:
    """One row a domain."""
    rows = list(Domain.objects.with_open_reviews())
    form = SignersForm(request.POST if request.method == "POST" else None, domains=rows)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "corpus/domains.html", {"form": form}, status=status)
    changed = form.changed()
    for domain, n in changed:
        actions.set_approvals_needed(by=request.user, domain=domain, n=n)
    for domain, severity in form.harder():
        actions.set_severity(by=request.user, domain=domain, severity=severity)
    n = len({domain.pk for domain, _n in (*changed, *form.harder())})
    said = ngettext("%(n)d domain changed.", "%(n)d domains changed.", n)
    notices.success(request, said % {"n": n} if n else _("Nothing changed."))
    return redirect("corpus:domains")
