"""Calibration rooms: the curator makes and moves them, raters vote and talk in them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import answers, calibrating, paper
from annotation.actions import rooms
from annotation.models import Item, Rater, Room, Study

REFUSALS = (rooms.Unfit, rooms.NotNow, rooms.NotInvited)
ROOMS = Room.objects.select_related("study__rubric")
MOVES = {"reveal": rooms.reveal, "again": rooms.vote_again, "close": rooms.close}


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def study_rooms(request: SignedInRequest, slug: str) -> HttpResponse:
    """A study's rooms, and a new one of some of its items and raters."""
    study = get_object_or_404(Study, slug=slug)
    refused = ""
    if request.method == "POST":
        try:
            return redirect("annotation:curated_room", slug, _made(request, study).pk)
        except rooms.Unfit as error:
            refused = str(error)
    context = {
        "study": study,
        "rooms": study.rooms.order_by("-created_at", "id"),
        "raters": Rater.objects.filter(seats__study=study, user__isnull=False).order_by("label"),
        "refused": refused,
        "sent": request.POST,
        "chosen": request.POST.getlist("raters"),
    }
    status = 422 if refused else 200
    return render(request, "annotation/study_rooms.html", context, status=status)


def _made(request: SignedInRequest, study: Study) -> Room:
    typed = request.POST.get("items", "").replace(",", " ").split()
    if wrong := [each for each in typed if not each.isdecimal() or len(each) > 6]:
        raise rooms.Unfit(_("“%s” is not the number of an item.") % wrong[0][:20])
    items = rooms.numbered(study, [int(each) for each in typed])
    chosen = Rater.objects.filter(pk__in=request.POST.getlist("raters"), seats__study=study)
    name = request.POST.get("name", "")
    return rooms.make(by=request.user, study=study, name=name, items=items, raters=list(chosen))


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def curated_room(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Who has voted, and the room's moves; votes once they are shown."""
    room = get_object_or_404(ROOMS, pk=pk, study__slug=slug)
    if request.method == "POST":
        if move := MOVES.get(request.POST.get("does", "")):
            _tried(request, lambda: move(by=request.user, room=room))
        return redirect("annotation:curated_room", slug, pk)
    context = _room(room) | {"is_curated": True, "people": calibrating.progress(room)}
    return render(request, "annotation/room.html", context)


@require_safe
@permission_required("assignments.rate")
def room(request: SignedInRequest, pk: str) -> HttpResponse:
    """A rater's way through the room."""
    found = get_object_or_404(ROOMS.filter(raters__user=request.user), pk=pk)
    place = next(p for p in calibrating.progress(found) if p.rater.user_id == request.user.pk)
    return render(request, "annotation/room.html", _room(found) | {"n_own": place.n})


def _room(room: Room) -> dict[str, object]:
    is_seen = calibrating.seen_round(room) > 0
    return {
        "room": room,
        "study": room.study,
        "items": room.items.order_by("position"),
        "is_voting": calibrating.is_voting(room),
        "lines": calibrating.lines(room) if is_seen else None,
    }


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def curated_room_item(request: SignedInRequest, slug: str, pk: str, item: str) -> HttpResponse:
    """An item of the room: its votes once they are shown, and the talk."""
    found = get_object_or_404(ROOMS, pk=pk, study__slug=slug)
    shown = get_object_or_404(found.items.select_related("prompt"), pk=item)
    if request.method == "POST":
        _say(request, found, shown)
        return redirect("annotation:curated_room_item", slug, pk, item)
    context = _item(found, shown, None) | {"is_curated": True}
    return render(request, "annotation/room_item.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def room_item(request: SignedInRequest, pk: str, item: str) -> HttpResponse:
    """A rater votes on the item, or reads the votes and talks."""
    found = get_object_or_404(ROOMS.filter(raters__user=request.user), pk=pk)
    shown = get_object_or_404(found.items.select_related("prompt"), pk=item)
    rater = Rater.objects.get(user=request.user)
    if request.method == "POST" and "text" in request.POST:
        _say(request, found, shown)
        return redirect("annotation:room_item", pk, item)
    if request.method == "POST":
        return _vote(request, found, shown, rater)
    return _item_page(request, found, shown, rater)


def _vote(request: SignedInRequest, room: Room, item: Item, rater: Rater) -> HttpResponse:
    sheet = rooms.sheet_of(room.study)
    slots = tuple(sorted(calibrating.slots(room, item).values()))
    ratings, _preference = paper.read(dict(request.POST.lists()), sheet=sheet, slots=slots)
    try:
        rooms.vote(room=room, item=item, rater=rater, ratings=ratings, at=timezone.now())
    except answers.Unfit as refused:
        filled = {"ratings": ratings}
        return _item_page(request, room, item, rater, filled=filled, errors=refused.errors)
    except REFUSALS as refused:
        messages.warning(request, str(refused))
    return redirect("annotation:room", room.pk)


def _item_page(
    request: SignedInRequest,
    room: Room,
    item: Item,
    rater: Rater,
    *,
    filled: Mapping[str, Any] | None = None,
    errors: answers.Errors | None = None,
) -> HttpResponse:
    context = _item(room, item, rater)
    if calibrating.is_voting(room):
        sheet = rooms.sheet_of(room.study)
        filled = filled or calibrating.own_votes(room, item, rater)
        slots = tuple(sorted(calibrating.slots(room, item).values()))
        context |= {"errors": errors, "rows": paper.rows(sheet, slots, filled, errors)}
    return render(request, "annotation/room_item.html", context, status=422 if errors else 200)


def _item(room: Room, item: Item, rater: Rater | None) -> dict[str, object]:
    is_seen = calibrating.seen_round(room) > 0
    notes = room.notes.filter(item=item).select_related("author").order_by("created_at", "id")
    return {
        "room": room,
        "study": room.study,
        "item": item,
        "screen": calibrating.screen(room, item),
        "is_voting": calibrating.is_voting(room),
        "votes": calibrating.distributions(room, item, rater) if is_seen else None,
        "notes": notes,
    }


def _say(request: SignedInRequest, room: Room, item: Item) -> None:
    by, at, text = request.user, timezone.now(), request.POST.get("text", "")
    _tried(request, lambda: rooms.say(by=by, room=room, item=item, text=text, at=at))


def _tried(request: SignedInRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except REFUSALS as refused:
        messages.error(request, str(refused))
