"""The directory of services as a file: out for everybody who reads it, in for curators."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.resource_files import ResourceFileForm
from corpus.forms.resources import ResourceFilterForm
from crisis import table
from crisis.actions import Refused
from crisis.forecast import forecast


@require_safe
@permission_required("pairs.read")
def export(request: SignedInRequest) -> HttpResponse:
    """The rows that the filters of the page show, with the status of each today."""
    today = timezone.now().date()
    rows = ResourceFilterForm(request.GET).chosen(today)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="services-{today}.csv"'
    ordered = rows.order_by("countries", "name", "channel", "contact")
    table.write(((row.details(), row.status(today)) for row in ordered), answer)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resources.write")
def load(request: SignedInRequest) -> HttpResponse:
    """All of the file, or nothing. With "trial", only what it would bring."""
    is_sent = request.method == "POST"
    form = ResourceFileForm(request.POST, request.FILES) if is_sent else ResourceFileForm()
    if not form.is_valid():
        return _page(request, form, 422 if is_sent else 200)
    if "trial" in request.POST:
        return _page(request, form, 200, would=forecast(form.rows))
    try:
        loaded = actions.load_directory(by=request.user, rows=form.rows, at=timezone.now())
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, refusal.http_status)
    counts = {"added": loaded.n_added, "changed": loaded.n_changed, "same": loaded.n_same}
    said = _(
        "%(added)s added, %(changed)s changed, %(same)s left as they are. What was added or "
        "changed is unverified until two people verify it."
    )
    notices.success(request, said % counts)
    return redirect("corpus:resources")


def _page(
    request: SignedInRequest, form: ResourceFileForm, status: int, **more: object
) -> HttpResponse:
    context = {"form": form, "columns": table.COLUMNS, "needed": table.NEEDED, **more}
    return render(request, "crisis/load_resources.html", context, status=status)
