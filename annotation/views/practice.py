"""The practice round: the same screen as the study's, with feedback, and nothing is counted."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from annotation import blinding, paper, strategies
from annotation.actions import practice as actions
from annotation.answers import Errors, Unfit
from annotation.models import PracticeItem, Seat


def _seat(request: SignedInRequest, slug: str) -> Seat:
    mine = Seat.objects.filter(rater__user=request.user, study__state="open")
    return get_object_or_404(mine.select_related("study__rubric", "rater"), study__slug=slug)


@require_GET
@permission_required("assignments.rate")
def practice(request: SignedInRequest, slug: str) -> HttpResponse:
    """The next item of the round; after the last one how it went and what comes now."""
    seat = _seat(request, slug)
    standing = actions.standing(seat)
    item = standing.next_item
    if item is None and "again" in request.GET:
        item = seat.study.practice_items.first()
    if item is not None:
        return _page(request, seat, item, standing=standing)
    if not standing.n_items:
        return redirect("annotation:rate", slug=slug)
    may_begin = standing.is_enough or not actions.is_before(seat)
    context = {"study": seat.study, "standing": standing, "may_begin": may_begin}
    return render(request, "annotation/practice_result.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def practice_item(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Take a try; then show it beside what was expected."""
    seat = _seat(request, slug)
    item = get_object_or_404(PracticeItem, pk=pk, study=seat.study)
    if request.method == "GET":
        return _feedback(request, seat, item)
    slots, sheet = blinding.slots(len(item.texts)), seat.study.sheet
    ratings, _ = paper.read(dict(request.POST.lists()), sheet=sheet, slots=slots)
    here = reverse("annotation:practice_item", args=[slug, pk])
    is_script = "application/json" in request.headers.get("Accept", "")
    try:
        actions.answer(seat=seat, item=item, ratings=ratings, at=timezone.now())
    except Unfit as refused:
        if is_script:
            return JsonResponse({"message": str(refused)}, status=422)
        return _page(request, seat, item, filled={"ratings": ratings}, errors=refused.errors)
    return JsonResponse({"next": here}) if is_script else redirect(here)


def _page(
    request: SignedInRequest,
    seat: Seat,
    item: PracticeItem,
    *,
    standing: actions.Standing | None = None,
    filled: dict[str, Any] | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    standing, sheet = standing or actions.standing(seat), seat.study.sheet
    slots, offered = blinding.slots(len(item.texts)), strategies.in_practice(sheet)
    context = {
        "study": seat.study,
        "item": item,
        "answers": actions.shown(item, seat.study),
        "prompt_rows": paper.prompt_rows(sheet, filled, errors, strategies=offered),
        "rows": paper.rows(sheet, slots, filled, errors, strategies=offered),
        "errors": errors,
        "number": min(standing.n_done + 1, standing.n_items),
        "total": standing.n_items,
    }
    return render(request, "annotation/practice.html", context, status=422 if errors else 200)


def _feedback(request: SignedInRequest, seat: Seat, item: PracticeItem) -> HttpResponse:
    attempt = item.attempts.filter(rater=seat.rater).order_by("-created_at", "-id").first()
    if attempt is None:
        return redirect("annotation:practice", slug=seat.study.slug)
    context = {
        "study": seat.study,
        "item": item,
        "answers": actions.shown(item, seat.study),
        "attempt": attempt,
        "outcomes": actions.outcomes(attempt, seat.study),
        "standing": actions.standing(seat),
    }
    return render(request, "annotation/practice_feedback.html", context)
