"""A stored report: read, computed again, and taken away as figures, tables and paragraphs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import permission_required, person
from annotation import disputes
from annotation.models import Study
from judging import actions, approving
from judging.comparing import NotComparable, check_comparable
from judging.forms import ComparisonForm
from judging.models import Approval, Judge, Panel, Report, Trial
from judging.reports import drawing, freshness, replication, written
from judging.reports.document import blocks

DRAWINGS = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
TABLES = {"csv": "text/csv; charset=utf-8", "tex": "application/x-tex; charset=utf-8"}


@require_safe
@permission_required("reports.read")
def of_study(request: HttpRequest, slug: str) -> HttpResponse:
    """The study's report, made at its first visit."""
    study = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    if disputes.are_hidden(study):
        return redirect("judging:study", slug)
    found = actions.report_on(
        by=person(request), kind="study", rubric=study.rubric, study=study, at=timezone.now()
    )
    return redirect(found)


@require_safe
@permission_required("reports.read")
def of_runs(request: HttpRequest) -> HttpResponse:
    """The report on two runs, made at its first visit; the comparison's own form chooses them."""
    form = ComparisonForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('judging:comparison')}?{request.GET.urlencode()}")
    chosen = form.cleaned_data
    speaker = chosen.get("judge")
    try:
        check_comparable(chosen["a"], chosen["b"], chosen["rubric"], speaker)
    except NotComparable:
        return redirect(f"{reverse('judging:comparison')}?{request.GET.urlencode()}")
    found = actions.report_on(
        by=person(request),
        kind="comparison",
        rubric=chosen["rubric"],
        run_a=chosen["a"],
        run_b=chosen["b"],
        judge=speaker if isinstance(speaker, Judge) else None,
        panel=speaker if isinstance(speaker, Panel) else None,
        at=timezone.now(),
    )
    return redirect(found)


@require_safe
@permission_required("reports.read")
def report(request: HttpRequest, pk: str) -> HttpResponse:
    """The finding first; what is out of date says so. A small report is brought up to date."""
    found = get_object_or_404(Report.objects.told().with_subjects(), pk=pk)
    is_fresh = found.state == "done" and found.input_digest == freshness.of(found)
    if not is_fresh and not request.headers.get("HX-Request"):
        is_fresh = actions.bring_up_to_date(report=found, at=timezone.now())
        found.refresh_from_db()
    context: dict[str, Any] = {"report": found, "found": found.said, "is_fresh": is_fresh}
    if request.headers.get("HX-Request"):
        answer = render(request, "judging/report.html#state", context)
        if not found.is_at_work:
            answer["HX-Refresh"] = "true"
        return answer
    if found.kind == Report.Kind.VALIDATION and found.judge:
        context |= _steps(request, found, found.judge)
    context["figures"] = actions.figures_of(report=found)
    return render(request, "judging/report.html", context)


def _steps(request: HttpRequest, found: Report, judge: Judge) -> dict[str, Any]:
    """What may be done with a judge after reading its validation. Three queries."""
    user = person(request)
    return {
        "trial": Trial.objects.filter(judge=judge, study=found.study_id).first(),
        "approvals": approving.said_of(judge),
        "approval": Approval.objects.standing().filter(judge=judge).first(),
        "may_freeze": user.can("judges.write"),
        "may_approve": user.can("studies.write"),
    }


@require_POST
@permission_required("reports.read")
def again(request: HttpRequest, pk: str) -> HttpResponse:
    """Compute it again, of all that is known now."""
    found = get_object_or_404(Report.objects.told().in_brief(), pk=pk)
    if not actions.ask_report_again(by=person(request), report=found, at=timezone.now()):
        messages.info(request, _("This report is being computed already."))
    return redirect(found)


@require_safe
@permission_required("reports.read")
def file(request: HttpRequest, pk: str, name: str) -> HttpResponse:
    """One figure or table of the report, by its key and kind: agreement.pdf, figures.csv."""
    found = get_object_or_404(Report.objects.told(), pk=pk)
    key, _dot, kind = name.rpartition(".")
    document = found.said
    if document is None:
        raise Http404
    if name == "methods.txt":
        return _file("\n\n".join(document["methods"]), "text/plain; charset=utf-8", name)
    if name == "replication.zip":
        return _archive(request, found.pk)
    block = blocks(document).get(key)
    if block is None:
        raise Http404
    if kind in DRAWINGS and block["kind"] in drawing.DRAWN:
        return _file(drawing.as_file(block, kind), DRAWINGS[kind], name)
    if kind in TABLES:
        made = written.as_csv(block) if kind == "csv" else written.as_latex(block)
        return _file(made, TABLES[kind], name)
    raise Http404


def _archive(request: HttpRequest, pk: str) -> HttpResponse:
    """Only of what is up to date: it holds the ratings of now and the figures of the report."""
    found = Report.objects.with_subjects().get(pk=pk)
    if found.input_digest != freshness.of(found):
        messages.error(
            request,
            _("Ratings came since this was computed. Compute it again, then take the bundle."),
        )
        return redirect(found)
    return _file(replication.archive(found), "application/zip", "replication.zip")


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
