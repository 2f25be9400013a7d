"""Judges, what they have scored, and a judge run as it works."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required, person
from generation.views import jobs
from judging import actions, approving, hearing, words
from judging.forms import JudgeForm, StartForm
from judging.models import Judge, JudgeRun, Verdict
from judging.rates import rates
from judging.ruling_report import directories
from judging.run_report import findings


def _may_write(request: HttpRequest) -> bool:
    return person(request).can("judges.write")


@require_safe
@permission_required("judges.read")
def judges(request: HttpRequest) -> HttpResponse:
    """Every judge, and a form that sets one to work."""
    rows = Judge.objects.select_related("model", "rubric")
    runs = JudgeRun.objects.select_related(
        "judge", "run__model", "run__condition", "run__prompt_set"
    )[:50]
    context = {
        "judges": rows,
        "judge_runs": runs,
        "start_form": StartForm(),
        "may_write": _may_write(request),
    }
    return render(request, "judging/judges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("judges.write")
def new_judge(request: HttpRequest) -> HttpResponse:
    """Make a judge."""
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_judge(by=person(request), **form.cleaned_data)
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return render(
        request, "judging/new_judge.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_safe
@permission_required("judges.read")
def judge(request: HttpRequest, pk: str) -> HttpResponse:
    """A judge's settings, its prompt, and the runs it has scored."""
    found = get_object_or_404(Judge.objects.select_related("model__endpoint", "rubric"), pk=pk)
    runs = found.judge_runs.select_related("run__model", "run__condition", "run__prompt_set")
    context = {
        "judge": found,
        "judge_runs": runs,
        "matchups": found.matchups.with_names(),
        "manner": words.manner(found),
        "approvals": approving.said_of(found),
    }
    return render(request, "judging/judge.html", context)


@require_POST
@permission_required("judges.write")
def start(request: HttpRequest) -> HttpResponse:
    """Set a judge to work on a run."""
    form = StartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a judge and a run."))
        return redirect("judging:judges")
    try:
        judge_run = actions.start_judge_run(
            by=person(request), at=timezone.now(), **form.cleaned_data
        )
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("judging:judges")
    return redirect(judge_run)


@require_safe
@permission_required("judges.read")
def judge_run(request: HttpRequest, pk: str) -> HttpResponse:
    """How far the judge has come; polled while it works."""
    found = get_object_or_404(
        JudgeRun.objects.select_related(
            "judge__model", "judge__rubric", "run__model", "run__condition", "run__prompt_set"
        ),
        pk=pk,
    )
    counts = found.judgements.all().progress()
    verdicts = Verdict.objects.on_answers().filter(judgement__judge_run=found)
    context = {
        "judge_run": found,
        "counts": counts,
        "n_total": sum(counts.values()),
        "n_settled": counts["done"] + counts["failed"],
        "n_unscored": verdicts.filter(value__isnull=True).count(),
        "newest": verdicts.select_related("criterion")[:8],
    }
    if request.headers.get("HX-Request"):
        answer = render(request, "judging/judge_run.html#progress", context)
        if found.is_finished:
            answer["HX-Refresh"] = "true"  # the findings below are whole only now
        return answer
    return render(request, "judging/judge_run.html", context | _findings(request, found))


def _findings(request: HttpRequest, found: JudgeRun) -> dict[str, Any]:
    """What the whole page says and a poll does not."""
    return {
        "found": findings(found),
        "panels": hearing.beside(found),
        "rates": rates(found),
        "directories": directories(found, at=timezone.now()),
        "manner": words.manner(found.judge),
        "approvals": approving.said_of(found.judge),
        "family_warning": words.family_warning(found.judge, [found.run.model]),
        "may_write": _may_write(request),
    }


@require_POST
@permission_required("judges.write")
def cancel(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask no more."""
    return jobs.cancel(request, get_object_or_404(JudgeRun, pk=pk))


@require_POST
@permission_required("judges.write")
def resume(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask for what is missing."""
    return jobs.resume(request, get_object_or_404(JudgeRun, pk=pk))


@require_POST
@permission_required("judges.write")
def retry(request: SignedInRequest, pk: str) -> HttpResponse:
    """Ask again where it failed."""
    return jobs.retry(request, get_object_or_404(JudgeRun, pk=pk))
