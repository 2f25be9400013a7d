"""What the rating page sends: drafts, answers, a skip. Each belongs to the rater's own item."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation import answers, blinding, paper
from annotation.actions import drafts, submission, undoing
from annotation.models import Assignment
from annotation.prepared import Blank, Prepared
from annotation.views.rate import opened, page


def _own(request: SignedInRequest, slug: str, pk: str) -> Assignment:
    found: list[Assignment] = _mine(pk=pk, user=request.user.pk, slug=slug)
    if not found:
        raise Http404
    return found[0]


@Prepared
def _mine() -> QuerySet[Assignment]:
    """An assignment that is this person's own, with all that saving and submitting need."""
    own = Assignment.objects.to_work_on().filter(rater__user=Blank("user"))
    return own.filter(pk=Blank("pk"), study__slug=Blank("slug")).order_by()


def _sent(request: SignedInRequest, assignment: Assignment) -> dict[str, Any]:
    """Ratings, preference and its reason, as they stand in the form."""
    slots, sheet = tuple(blinding.arms(assignment.shown)), assignment.study.sheet
    ratings, preference = paper.read(dict(request.POST.lists()), sheet=sheet, slots=slots)
    return {"ratings": ratings, "preference": preference, "reason": request.POST.get("reason", "")}


def _wants_json(request: SignedInRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_POST
@permission_required("assignments.rate")
def submit(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Take the answers and go on to the next item."""
    assignment = _own(request, slug, pk)
    sent = _sent(request, assignment)
    token = request.POST.get("token", "")
    try:
        submission.submit(
            assignment=assignment,
            rater=assignment.rater,
            token=token,
            key=(request.POST.get("idempotency_key") or token)[: submission.MAX_KEY],
            at=timezone.now(),
            **sent,
        )
    except answers.Unfit as refused:
        if _wants_json(request):
            return _refused(request, slug, refused)
        return page(request, assignment, filled=sent, errors=refused.errors)
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
    sent = _sent(request, assignment)
    try:
        drafts.save(
            assignment=assignment,
            token=request.POST.get("token", ""),
            body=sent,
            at=timezone.now(),
        )
    except drafts.LeaseLost as refused:
        return JsonResponse({"message": str(refused)}, status=409)
    return HttpResponse(status=204)


@require_POST
@permission_required("assignments.rate")
def undo(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Take back what was sent last, to change it."""
    try:
        undoing.undo(assignment=_own(request, slug, pk), at=timezone.now())
    except undoing.CannotUndo as refused:
        return _refused(request, slug, refused)
    messages.info(request, gettext("Taken back. It counts once you send it again."))
    return _next(request, slug)


def _next(request: SignedInRequest, slug: str) -> HttpResponse:
    """Where the next item is. The rating page's script gets that page itself, unasked."""
    url = reverse("annotation:rate", args=[slug])
    if not _wants_json(request):
        return redirect(url)
    if "X-Next-Page" in request.headers and (found := opened(request, slug)).status_code == 200:
        return found
    return JsonResponse({"next": url})


def _refused(request: SignedInRequest, slug: str, refused: Exception) -> HttpResponse:
    """In the page for its script; without one as a message on the item as it now is."""
    if _wants_json(request):
        status = getattr(refused, "http_status", 409)
        return JsonResponse({"message": str(refused)}, status=status)
    messages.warning(request, str(refused))
    return redirect("annotation:rate", slug=slug)
