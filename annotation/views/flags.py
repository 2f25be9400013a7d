"""Flags on both sides: the rater raises them and reads the answers, the curator works them off."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import screens
from annotation.actions import flags
from annotation.models import Assignment, Flag, FlagNote, Study

PER_PAGE = 25
REFUSALS = (flags.Unfit, flags.TellsArm, flags.NotNow)
THREAD = Prefetch("notes", FlagNote.objects.order_by("created_at", "id").select_related("author"))


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def flag_item(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """The rater tells about the item before them; sent, they are back on it."""
    mine = Assignment.objects.to_work_on().of(request.user)
    assignment = get_object_or_404(mine, pk=pk, study__slug=slug)
    context = {"study": assignment.study, "assignment": assignment, "kinds": Flag.Kind.choices}
    if request.method == "GET":
        return render(request, "annotation/flag_item.html", context)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    try:
        flags.raise_flag(assignment=assignment, kind=kind, text=text, at=timezone.now())
    except flags.Unfit as refused:
        context |= {"refused": str(refused), "kind": kind, "text": text}
        return render(request, "annotation/flag_item.html", context, status=422)
    messages.success(request, _("The curator is told. The answer will stand under “Your flags”."))
    return redirect("annotation:rate", slug=slug)


@require_safe
@permission_required("assignments.rate")
def own_flags(request: SignedInRequest) -> HttpResponse:
    """What this rater told, and what was answered."""
    mine = Flag.objects.of(request.user).select_related("study", "rater").prefetch_related(THREAD)
    page = Paginator(mine.order_by("-created_at", "id"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "annotation/own_flags.html", {"page": page})


@require_POST
@permission_required("assignments.rate")
def reply(request: SignedInRequest, pk: str) -> HttpResponse:
    """The rater goes on with the thread."""
    flag = get_object_or_404(Flag.objects.of(request.user), pk=pk)
    _tried(
        request,
        lambda: flags.reply(
            by=request.user, flag=flag, text=request.POST.get("text", ""), at=timezone.now()
        ),
    )
    return redirect("annotation:own_flags")


@require_safe
@permission_required("studies.write")
def study_flags(request: SignedInRequest, slug: str) -> HttpResponse:
    """A study's flags, those that wait first to be read."""
    study = get_object_or_404(Study, slug=slug)
    shows_all = request.GET.get("show") == "all"
    found = study.flags.all() if shows_all else study.flags.waiting()
    found = found.annotate(n_notes=Count("notes")).order_by("-created_at", "id")
    rows = found.select_related("item__domain", "rater")
    context = {
        "study": study,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "n_open": study.flags.waiting().count(),
        "shows_all": shows_all,
    }
    return render(request, "annotation/study_flags.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def flag(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """The item as its rater saw it, the thread, and what the curator does about it."""
    rows = Flag.objects.filter(study__slug=slug).prefetch_related(THREAD)
    found = get_object_or_404(rows.select_related("study", "item__prompt", "rater"), pk=pk)
    if request.method == "POST":
        _work(request, found)
        return redirect("annotation:flag", slug=slug, pk=pk)
    screen = screens.of(found.assignment) if found.assignment else None
    context = {"study": found.study, "flag": found, "screen": screen}
    return render(request, "annotation/flag.html", context)


def _work(request: SignedInRequest, found: Flag) -> None:
    """An answer, a settling, both at once, or opening it again."""
    by, at, text = request.user, timezone.now(), request.POST.get("text", "")
    does = request.POST.get("does")
    if text.strip() or does == "answer":
        answered = _tried(request, lambda: flags.answer(by=by, flag=found, text=text, at=at))
        if not answered:
            return
    if does == "resolve":
        _tried(request, lambda: flags.resolve(by=by, flag=found, at=at))
    elif does == "reopen":
        _tried(request, lambda: flags.reopen(by=by, flag=found))


def _tried(request: SignedInRequest, act: Callable[[], object]) -> bool:
    try:
        act()
    except REFUSALS as refused:
        messages.error(request, str(refused))
        return False
    return True
