"""Panels: every panel, making one, and what one says of the runs that its members judged."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import permission_required, person
from generation.models import Run
from judging import actions, hearing, words
from judging.matching_forms import PanelForm, RunForm
from judging.models import Panel

N_RUNS = 5


def _may_write(request: HttpRequest) -> bool:
    return person(request).can("judges.write")


@require_safe
@permission_required("judges.read")
def panels(request: HttpRequest) -> HttpResponse:
    """Every panel with its members."""
    context = {"panels": Panel.objects.with_members(), "may_write": _may_write(request)}
    return render(request, "judging/panels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("judges.write")
def new_panel(request: HttpRequest) -> HttpResponse:
    """Make a panel."""
    form = PanelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_panel(by=person(request), **form.panel())
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/new_panel.html", {"form": form}, status=status)


@require_safe
@permission_required("judges.read")
def panel(request: HttpRequest, pk: str) -> HttpResponse:
    """The members, what to mind of them, and their common figures on the newest runs."""
    found = get_object_or_404(Panel.objects.with_members(), pk=pk)
    judged = Run.objects.filter(judge_runs__judge__in=found.members).with_names().distinct()
    context = {
        "panel": found,
        "warnings": words.shared_families(found.members),
        "found": [(run, hearing.of_run(found, run.pk)) for run in judged[:N_RUNS]],
        "run_form": RunForm(),
        "may_write": _may_write(request),
    }
    return render(request, "judging/panel.html", context)


@require_POST
@permission_required("judges.write")
def start(request: HttpRequest, pk: str) -> HttpResponse:
    """Set every member to work on a run."""
    found, form = get_object_or_404(Panel.objects.with_members(), pk=pk), RunForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a run."))
        return redirect(found)
    try:
        started = actions.start_panel(
            by=person(request), panel=found, at=timezone.now(), **form.cleaned_data
        )
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s judge is at work.", "%(n)s judges are at work.", len(started))
        messages.success(request, said % {"n": len(started)})
    return redirect(found)
