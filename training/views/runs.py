"""Every training run, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from training.models import TrainingRun


@require_safe
@permission_required("training.read")
def runs(request: SignedInRequest) -> HttpResponse:
    """A page of runs. One query beside the frame's."""
    page = paging.page(
        TrainingRun.objects.with_names(),
        order=("-created_at", "id"),
        cursor=request.GET.get("cursor", ""),
        size=25,
    )
    context = {"page": page, "may_write": request.user.can("training.write")}
    return render(request, "training/runs.html", context)
