"""Runs side by side: every matchup, starting one, and one as it works."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required, person
from corpus import paging
from generation.progress import Progress
from generation.views import jobs
from judging import actions, words
from judging.matching_forms import ComparingJudgeForm, MatchupForm
from judging.matchup_report import findings
from judging.models import Judge, Matchup

N_NEWEST = 6


def _may_write(request: HttpRequest) -> bool:
    return person(request).can("judges.write")


@require_safe
@permission_required("judges.read")
def matchups(request: HttpRequest) -> HttpResponse:
    """Every matchup, the judges that compare, and a form that sets one to work."""
    page = paging.page(
        Matchup.objects.with_names(),
        order=("-created_at", "id"),
        cursor=request.GET.get("cursor", ""),
        size=25,
    )
    context = {
        "page": page,
        "judges": Judge.objects.filter(kind=Judge.Kind.SIDE_BY_SIDE).select_related("model"),
        "start_form": MatchupForm(initial=request.GET.dict()),
        "may_write": _may_write(request),
    }
    return render(request, "judging/matchups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("judges.write")
def new_judge(request: HttpRequest) -> HttpResponse:
    """Make a judge that compares."""
    form = ComparingJudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_judge(by=person(request), compares=True, **form.cleaned_data)
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("judging:matchups")
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/new_comparing_judge.html", {"form": form}, status=status)


@require_POST
@permission_required("judges.write")
def start(request: HttpRequest) -> HttpResponse:
    """Set a judge to work on two runs."""
    form = MatchupForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a judge and two runs."))
        return redirect("judging:matchups")
    try:
        matchup = actions.start_matchup(by=person(request), at=timezone.now(), **form.cleaned_data)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("judging:matchups")
    return redirect(matchup)


@require_safe
@permission_required("judges.read")
def matchup(request: HttpRequest, pk: str) -> HttpResponse:
    """How far the judge has come, polled while it works; what it found."""
    found = get_object_or_404(Matchup.objects.with_names(), pk=pk)
    if request.headers.get("HX-Request"):
        answer = render(request, "judging/matchup.html#progress", _progress(found))
        if found.is_finished:
            answer["HX-Refresh"] = "true"  # the findings below are whole only now
        return answer
    context = _progress(found) | _findings(request, found)
    return render(request, "judging/matchup.html", context)


def _progress(found: Matchup) -> dict[str, Any]:
    progress = Progress.of(found.duels.all().progress())
    return {
        "matchup": found,
        "progress": progress,
        "is_stopping": found.cancel_requested_at is not None and not found.is_finished,
        "newest": found.duels.newest()[:N_NEWEST],
    }


def _findings(request: HttpRequest, found: Matchup) -> dict[str, Any]:
    """What the whole page says and a poll does not."""
    models = [found.run_a.model, found.run_b.model]
    return {
        "found": findings(found),
        "manner": words.manner(found.judge),
        "family_warning": words.family_warning(found.judge, models),
        "may_write": _may_write(request),
    }


@require_POST
@permission_required("judges.write")
def cancel(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask no more."""
    return jobs.cancel(request, get_object_or_404(Matchup, pk=pk))


@require_POST
@permission_required("judges.write")
def resume(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask for what is missing."""
    return jobs.resume(request, get_object_or_404(Matchup, pk=pk))


@require_POST
@permission_required("judges.write")
def retry(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask again where it failed."""
    return jobs.retry(request, get_object_or_404(Matchup, pk=pk))
