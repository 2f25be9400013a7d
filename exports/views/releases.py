"""Every release."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from exports.models import Release


@require_safe
@permission_required("releases.read")
def releases(request: SignedInRequest) -> HttpResponse:
    """Newest first, with what each holds. Two queries beside the frame's."""
    page = paging.page(
        Release.objects.with_sizes(),
        order=("-created_at", "id"),
        cursor=request.GET.get("cursor", ""),
    )
    context = {"page": page, "may_write": request.user.can("releases.write")}
    return render(request, "exports/releases.html", context)
