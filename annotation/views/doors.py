"""Coming in and taking a break."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import raters
from annotation.models import Study
from annotation.views.rate import door


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def start(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the study asks, at any time; the button takes the rater's seat."""
    study = get_object_or_404(Study.objects.open().select_related("rubric"), slug=slug)
    if request.method == "GET":
        return door(request, study)
    raters.seat(study=study, rater=raters.of(request.user), at=timezone.now())
    return redirect("annotation:rate", slug=slug)


@require_GET
@permission_required("assignments.rate")
def pause(request: SignedInRequest, slug: str) -> HttpResponse:
    """Nothing is lost by stopping."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    return render(request, "annotation/pause.html", {"study": study})
