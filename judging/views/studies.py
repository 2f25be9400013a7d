"""The studies, and one study's agreement: the finding first, then the figure, then the table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import permission_required, person
from annotation import disputes, flagging
from annotation.models import Assignment, Study
from judging import approving, figures, ratings, unblinding
from judging.study_report import CriterionReport, report

# Items rated, over all raters; what somebody rates a second time is no other rating.
RATED = Count(
    "assignments",
    filter=Q(assignments__state=Assignment.State.SUBMITTED, assignments__occasion=1),
)


@dataclass(frozen=True)
class Row:
    """A criterion's row on the page."""

    line: CriterionReport
    figure: figures.Figure


@require_safe
@permission_required("reports.read")
def studies(request: HttpRequest) -> HttpResponse:
    """Every study, newest first, with its state and progress."""
    rows = Study.objects.select_related("rubric").annotate(n_rated=RATED)
    rows = rows.order_by("-created_at", "id")  # a grouped query forgets the model's own order
    may_write = person(request).can("studies.write")
    return render(request, "judging/studies.html", {"studies": rows, "may_write": may_write})


@require_safe
@permission_required("reports.read")
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """Human agreement per criterion with intervals, and each judge beside it."""
    found = get_object_or_404(
        Study.objects.select_related("rubric").annotate(n_rated=RATED), slug=slug
    )
    if disputes.are_hidden(found):
        return render(request, "judging/study_hidden.html", _frame(person(request), found))
    return render(request, "judging/study.html", _context(person(request), found))


def _frame(user: User, found: Study) -> dict[str, Any]:
    """What stands on the page whether agreement may be told or not."""
    return {
        "study": found,
        "arms": found.arms.select_related("run__model", "run__condition", "run__prompt_set"),
        "may_write": user.can("studies.write"),
        "n_flags": flagging.n_open(found) if user.can("studies.write") else 0,
    }


def _context(user: User, found: Study) -> dict[str, Any]:
    told = report(found)
    rows = [Row(line, _figure(line)) for line in told.criteria]
    judges = {beside.judge for line in told.criteria for beside in line.judges}
    return _frame(user, found) | {
        "report": told,
        "rows": rows,
        "approvals": approving.said_of_all(judges),
        "preferences": ratings.preference_counts(found),
        "blinding": unblinding.report(found),
    }


def _figure(line: CriterionReport) -> figures.Figure:
    judge = line.judges[0].alpha if line.judges else None
    return figures.interval(line.agreement.alpha, label=line.criterion.label, judge=judge)
