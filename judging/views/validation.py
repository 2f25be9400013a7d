"""Judges beside a study's raters: frozen for their trial, approved, and approvals taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import permission_required, person
from annotation import disputes
from annotation.models import Study
from judging import actions, approving
from judging.models import Approval, Judge, Report, Trial


def _study(slug: str) -> Study:
    return get_object_or_404(Study.objects.select_related("rubric"), slug=slug)


def _judges(study: Study) -> list[Judge]:
    """Those that scored an answer of the study."""
    found = Judge.objects.filter(rubric=study.rubric_id, judge_runs__run__arms__study=study)
    return list(found.select_related("model", "rubric").distinct())


@require_safe
@permission_required("reports.read")
def validations(request: HttpRequest, slug: str) -> HttpResponse:
    """The study's judges, what each may be used for, and who met the held-out labels."""
    study = _study(slug)
    judges = _judges(study)
    frozen = {trial.judge_id: trial for trial in Trial.objects.filter(study=study)}
    said = {judge.pk: approving.said_of(judge)[0] for judge in judges}
    rows = [(judge, frozen.get(judge.pk), said[judge.pk]) for judge in judges]
    return render(request, "judging/validations.html", {"study": study, "rows": rows})


@require_safe
@permission_required("reports.read")
def validation(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    """The report on this judge beside these raters, made at its first visit."""
    study, judge = _study(slug), get_object_or_404(Judge, pk=pk)
    if judge.rubric_id != study.rubric_id:
        messages.error(request, _("This judge judges by another rubric than the study's."))
        return redirect("judging:validations", slug=slug)
    if disputes.are_hidden(study):
        return redirect("judging:study", slug)
    found = actions.report_on(
        by=person(request),
        kind="validation",
        rubric=study.rubric,
        study=study,
        judge=judge,
        at=timezone.now(),
    )
    return redirect(found)


@require_POST
@permission_required("judges.write")
def freeze(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    """Show the held-out labels beside this judge, once and for all."""
    study, judge = _study(slug), get_object_or_404(Judge.objects.select_related("rubric"), pk=pk)
    try:
        actions.freeze_judge(by=person(request), judge=judge, study=study, at=timezone.now())
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("judging:validations", slug=slug)
    return redirect("judging:validation", slug=slug, pk=pk)


@require_POST
@permission_required("studies.write")
def approve(request: HttpRequest, slug: str, pk: str) -> HttpResponse:
    """Let the judge stand in for a rater, by the validation on the held-out labels."""
    trial = get_object_or_404(
        Trial.objects.select_related("judge__rubric", "judge__model"), study__slug=slug, judge=pk
    )
    report = get_object_or_404(Report, kind="validation", study=trial.study_id, judge=pk)
    try:
        actions.approve_judge(
            by=person(request),
            trial=trial,
            report=report,
            note=request.POST.get("note", ""),
            at=timezone.now(),
        )
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(report)


@require_POST
@permission_required("studies.write")
def revoke(request: HttpRequest, pk: str) -> HttpResponse:
    """Take the approval back, with a reason."""
    approval = get_object_or_404(Approval.objects.select_related("judge"), pk=pk)
    because = request.POST.get("because", "")
    try:
        actions.revoke_approval(
            by=person(request), approval=approval, because=because, at=timezone.now()
        )
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(approval.judge)
