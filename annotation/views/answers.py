"""What the rating page sends: drafts, answers, a skip. Each belongs to the rater's own item."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation import answers, blinding, paper
from annotation.actions import drafts, submission
from annotation.models import Assignment
from annotation.views.rate import page


def _own(request: SignedInRequest, slug: str, pk: str) -> Assignment:
    mine = Assignment.objects.to_work_on().of(request.user)
    return get_object_or_404(mine, pk=pk, study__slug=slug)


def _sent(
    request: SignedInRequest, assignment: Assignment
) -> tuple[list[dict[str, object]], str | None]:
    slots = tuple(blinding.arms(assignment.shown))
    return paper.read(dict(request.POST.lists()), sheet=assignment.study.rubric.sheet, slots=slots)


def _wants_json(request: SignedInRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_POST
@permission_required("assignments.rate")
def submit(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Take the answers and go on to the next item."""
    assignment = _own(request, slug, pk)
    ratings, preference = _sent(request, assignment)
    token = request.POST.get("token", "")
    try:
        submission.submit(
            assignment=assignment,
            rater=assignment.rater,
            token=token,
            key=(request.POST.get("idempotency_key") or token)[: submission.MAX_KEY],
            ratings=ratings,
            preference=preference,
            at=timezone.now(),
        )
    except answers.Unfit as refused:
        if _wants_json(request):
            return _refused(request, slug, refused)
        filled = {"ratings": ratings, "preference": preference}
        return page(request, assignment, filled=filled, errors=refused.errors)
    except (drafts.LeaseLost, submission.AlreadyFinished, submission.KeyReused) as refused:
        return _refused(request, slug, refused)
    return _next(request, slug)


@require_POST
@permission_required("assignments.rate")
def skip(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Go on without rating this item. No reason is asked."""
    token = request.POST.get("token", "")
    try:
        submission.skip(assignment=_own(request, slug, pk), token=token, at=timezone.now())
    except submission.AlreadyFinished as refused:
        return _refused(request, slug, refused)
    return _next(request, slug)


@require_POST
@permission_required("assignments.rate")
def draft(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Keep what was chosen and written so far."""
    assignment = _own(request, slug, pk)
    ratings, preference = _sent(request, assignment)
    try:
        drafts.save(
            assignment=assignment,
            token=request.POST.get("token", ""),
            body={"ratings": ratings, "preference": preference},
            at=timezone.now(),
        )
    except drafts.LeaseLost as refused:
        return JsonResponse({"message": str(refused)}, status=409)
    return HttpResponse(status=204)


def _next(request: SignedInRequest, slug: str) -> HttpResponse:
    url = reverse("annotation:rate", args=[slug])
    return JsonResponse({"next": url}) if _wants_json(request) else redirect(url)


def _refused(request: SignedInRequest, slug: str, refused: Exception) -> HttpResponse:
    """In the page for its script; without one as a message on the item as it now is."""
    if _wants_json(request):
        status = getattr(refused, "http_status", 409)
        return JsonResponse({"message": str(refused)}, status=status)
    messages.warning(request, str(refused))
    return redirect("annotation:rate", slug=slug)
