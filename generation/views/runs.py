"""Every run, newest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from generation.models import Completion, Run
from generation.progress import Progress


@require_safe
@permission_required("runs.read")
def runs(request: SignedInRequest) -> HttpResponse:
    """A page of runs with their progress: two queries, however many answers they have."""
    page = paging.page(
        Run.objects.with_names(),
        order=("-created_at", "id"),
        cursor=request.GET.get("cursor", ""),
        size=25,
    )
    counts = Completion.objects.progress_of([run.pk for run in page.rows])
    rows = [(run, Progress.of(counts[run.pk])) for run in page.rows]
    context = {"page": page, "rows": rows, "may_write": request.user.can("runs.write")}
    return render(request, "generation/runs.html", context)
