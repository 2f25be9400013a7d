"""Two runs compared: the paired difference first, then how often B is better, then the ratio."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import permission_required
from agreement.wording import _
from judging import approving, figures
from judging.comparing import Comparison, NotComparable, compare
from judging.comparison import Line
from judging.forms import ComparisonForm


@dataclass(frozen=True)
class Row:
    """A criterion's row on the page: differences on an axis of the scale's own length."""

    line: Line
    figure: figures.Figure


@require_safe
@permission_required("reports.read")
def comparison(request: HttpRequest) -> HttpResponse:
    """Choose two runs and a rubric in the form; the address keeps the choice."""
    form = ComparisonForm(request.GET or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            found = compare(**form.cleaned_data)
        except NotComparable as refusal:
            form.add_error(None, str(refusal))
        else:
            said = approving.said_of(found.judge) if found.judge else []
            context |= {"found": found, "rows": _rows(found), "approvals": said}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "judging/comparison.html", context, status=status)


def _rows(found: Comparison) -> list[Row]:
    return [Row(line, _figure(line)) for line in found.lines]


def _figure(line: Line) -> figures.Figure:
    span = -line.scale.span if line.scale.is_failure else line.scale.span  # right is better
    judge = line.judge.difference if line.judge else None
    return figures.interval(
        line.human.difference,
        label=_("{criterion}, B minus A", criterion=line.scale.label),
        axis=(-span, span),
        judge=judge,
    )
