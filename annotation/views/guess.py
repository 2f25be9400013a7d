"""The last question: which of one's own answers came from where."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from annotation import guessing
from annotation.actions import guesses
from annotation.models import Seat


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def guess(request: SignedInRequest, slug: str) -> HttpResponse:
    """A few of the rater's own answers, once, when nothing is left for them to rate."""
    mine = Seat.objects.filter(rater__user=request.user).exclude(study__opened_at=None)
    seat = get_object_or_404(mine.select_related("study__rubric", "rater"), study__slug=slug)
    if not guesses.is_time(seat, at=timezone.now()):
        return redirect("annotation:rate", slug=slug)
    if request.method == "GET":
        return _page(request, seat)
    try:
        guesses.give(seat=seat, given=request.POST.dict(), at=timezone.now())
    except guesses.Unfit as refused:
        return _page(request, seat, refused=str(refused))
    except guesses.Begun as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Thank you. That was the last question."))
    return redirect("annotation:rate", slug=slug)


def _page(request: SignedInRequest, seat: Seat, *, refused: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "study": seat.study,
        "questions": [
            _question(each, request.POST.get(each.assignment)) for each in guessing.questions(seat)
        ],
        "labels": guessing.labels(seat.study),
        "refused": refused,
    }
    return render(request, "annotation/guess.html", context, status=422 if refused else 200)


def _question(each: guessing.Question, chosen: str | None) -> dict[str, Any]:
    """What may leave the server, and what was chosen before something was missing."""
    return {
        "assignment": each.assignment,
        "messages": each.messages,
        "language": each.language,
        "text": each.text,
        "chosen": chosen,
    }
