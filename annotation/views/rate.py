"""The rating page: one item on one page. Opening it again shows the same item."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from accounts.permissions import SignedInRequest, permission_required
from annotation import content, guessing, pace, paper, screens, strategies
from annotation.actions import allocation, raters, routing
from annotation.answers import Errors
from annotation.models import Assignment, Rater, Seat, Study
from annotation.prepared import Blank, Prepared
from annotation.progress import n_screens
from annotation.views import rests
from gate.identity import new_id


@require_GET
@permission_required("assignments.rate")
def rate(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rater's item; before their first one the door, after their last one why there is none."""
    return opened(request, slug)


def opened(request: SignedInRequest, slug: str) -> HttpResponse:
    """What `rate` shows, also as the answer to what was sent before."""
    seats = _seat(slug=slug, user=request.user.pk)
    if not seats:
        return _newcomer(request, slug)
    taken = seats[0]
    study, rater = taken.study, taken.rater
    found = allocation.next_assignment(study=study, rater=rater, at=timezone.now(), seat=taken)
    if isinstance(found, allocation.Nothing) and found.said:
        return rests.page(request, study, found.said)
    if isinstance(found, allocation.Nothing):
        if found.reason == allocation.Reason.PRACTICE:
            return redirect("annotation:practice", slug=slug)
        return _nothing(request, study, rater, found.reason)
    return page(request, found)


@Prepared
def _seat() -> QuerySet[Seat]:
    """A person's seat in a study that was opened, with all that the next item needs of it."""
    mine = Seat.objects.filter(study__slug=Blank("slug"), rater__user=Blank("user"))
    rated_here = mine.exclude(study__opened_at=None).select_related("study__rubric", "rater")
    return rated_here.order_by()[:1]


def _newcomer(request: SignedInRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(Study.objects.opened().select_related("rubric"), slug=slug)
    if study.is_open:
        return door(request, study)
    return _nothing(request, study, raters.of(request.user), allocation.Reason.CLOSED)


def door(request: SignedInRequest, study: Study) -> HttpResponse:
    """What comes, what kind of content it is, how long it takes, that one can stop any time."""
    mine = Rater.objects.filter(user=request.user).first()
    reach = routing.reach(study, mine) if mine else None
    kinds = content.of_study(study, reach.condition if reach else None)
    n_items = sum(kind.n for kind in kinds)  # that fit this rater
    context = {
        "study": study,
        "n_items": n_items,
        "minutes": pace.minutes_left([], n_items),
        "kinds": kinds,
    }
    return render(request, "annotation/start.html", context)


def page(
    request: SignedInRequest,
    assignment: Assignment,
    *,
    filled: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
) -> HttpResponse:
    """The page of an item, with the draft or with what was just sent and is to be mended."""
    study, screen = assignment.study, screens.of(assignment)
    filled = filled or assignment.draft or {}
    sheet = study.sheet
    offered = strategies.offered(assignment.item_id, sheet)
    rows = partial(paper.rows, sheet, screen.slots, strategies=offered)
    context = {
        "study": study,
        "assignment": assignment,
        "screen": screen,
        "warned": content.of_item(assignment),
        "rows": rows(filled, errors) if filled or errors else None,
        "prompt_rows": paper.prompt_rows(sheet, filled, errors, strategies=offered),
        "strategies": offered,
        "untouched": rows,  # called by the template where it has not kept the form
        "preference": filled.get("preference"),
        "errors": errors,
        "preference_errors": (errors or {}).get("preference"),
        "reason": filled.get("reason", ""),
        "reason_errors": (errors or {}).get("reason"),
        "key": new_id(),
        **progress(study, assignment.rater),
    }
    return render(request, "annotation/rate.html", context, status=422 if errors else 200)


def progress(study: Study, rater: Rater) -> dict[str, Any]:
    """Where the rater is and what the rest costs them. One query."""
    mine = _finished(study=study.pk, rater=rater.pk)
    n_finished = mine[0][0] if mine else 0
    last = [row[2:] for row in mine if row[1] == Assignment.State.SUBMITTED]
    spent = [end - begin for _, begin, end in last if end is not None]
    total = n_screens(study)
    left = pace.minutes_left(spent, max(0, total - n_finished))
    number = min(n_finished + 1, total)
    where = gettext("%(number)s of %(total)s") % {"number": number, "total": total}
    cost = ngettext("about %(n)s minute left", "about %(n)s minutes left", left) % {"n": left}
    undo = next((pk for pk, _, end in last[:1] if end and may_undo(study, end)), None)
    return {"done": n_finished, "where": where, "words": f"{where}, {cost}", "undo": undo}


@Prepared
def _finished() -> QuerySet[Any, Any]:
    """How many they finished, beside each of the last of them: what was submitted first."""
    mine = Assignment.objects.filter(study=Blank("study"), rater=Blank("rater"))
    finished = mine.filter(state__in=Assignment.FINISHED).annotate(n=Window(Count("pk")))
    newest = finished.order_by("-state", "-finished_at")[:8]
    return newest.values_list("n", "state", "pk", "started_at", "finished_at")


def may_undo(study: Study, finished_at: datetime) -> bool:
    """Whether it is offered; whether it happens is decided when it is asked for."""
    return study.is_open and finished_at > timezone.now() - timedelta(minutes=study.undo_minutes)


def _nothing(
    request: SignedInRequest, study: Study, rater: Rater, reason: allocation.Reason
) -> HttpResponse:
    rated = Assignment.objects.filter(
        study=study, rater=rater, state=Assignment.State.SUBMITTED
    ).count()
    undo = progress(study, rater)["undo"] if rated else None
    context = {"study": study, "reason": str(reason), "n_rated": rated, "undo": undo}
    if reason in (allocation.Reason.DONE, allocation.Reason.CLOSED):
        context["asks_guess"] = guessing.waits(study, rater)
    return render(request, "annotation/nothing.html", context)
