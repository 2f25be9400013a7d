"""One file on its way in: its columns, a try, the import, what came of it."""

import csv
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.actions.arriving import known, order_of
from corpus.actions.bringing import bring_in
from corpus.forms.matching import ACTIONS, MatchForm
from corpus.models import Upload
from corpus.reading import BadFile, Problem
from gate.text import BadText

N_SHOWN = 50
# A file this small is read while its person waits: some hundreds of rows, about a second.
SMALL = 200_000
# A spreadsheet takes these for the start of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("prompts.write")
def upload(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; for htmx how far it is, and the whole page again once it has ended."""
    found = get_object_or_404(Upload.objects.of(request.user), pk=pk)
    if request.method == "POST":
        return _changed(request, found)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        answer = render(request, "corpus/upload.html#progress", {"upload": found})
        if not found.is_at_work:
            answer["HX-Refresh"] = "true"
        return answer
    return _page(request, found)


@require_POST
@permission_required("prompts.write")
def stop(request: SignedInRequest, pk: str) -> HttpResponse:
    """Take it back from the worker."""
    found = get_object_or_404(Upload.objects.of(request.user), pk=pk)
    try:
        actions.stop_upload(by=request.user, upload=found)
        notices.success(request, _("Stopped. Nothing of the file was kept."))
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
    return redirect(found)


@require_POST
@permission_required("prompts.write")
def discard(request: SignedInRequest, pk: str) -> HttpResponse:
    """Throw the file away."""
    found = get_object_or_404(Upload.objects.of(request.user), pk=pk)
    try:
        actions.discard_upload(by=request.user, upload=found)
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
        return redirect(found)
    notices.success(request, _("The file is deleted. Nothing of it was kept."))
    return redirect("corpus:import_pairs" if found.is_of_pairs else "corpus:import")


@require_safe
@permission_required("prompts.write")
def problems(request: SignedInRequest, pk: str) -> HttpResponse:
    """What is wrong with the file, as a table for a spreadsheet."""
    found = get_object_or_404(Upload.objects.of(request.user), pk=pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    table = csv.writer(answer)
    table.writerow(["row", "column", "problem"])
    for each in found.problems:
        table.writerow([_cell(each[name]) for name in ("row", "column", "message")])
    return answer


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _changed(request: SignedInRequest, found: Upload) -> HttpResponse:
    """The columns as they are matched now; then, if asked for, a try or the import."""
    form = MatchForm(found, known(), request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    step, was = request.POST.get("step", "columns"), found.state
    try:
        actions.match_upload(by=request.user, upload=found, **_said(found, form))
        if step in ("try", "import"):
            _start(request, found, is_trial=step == "try")
            return redirect(found)
    except (actions.Refused, BadText, BadFile) as refusal:
        form = MatchForm(found, known())
        return _page(request, found, form, status=422, refusal=str(refusal))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(found)
    answer = _page(request, found)
    if was != found.state:  # what the page says of a try no longer holds
        answer["HX-Refresh"] = "true"
    return answer


def _said(found: Upload, form: MatchForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "matched": form.matched(),
        "format": said.get("format", ""),
        "split": said.get("split") if "split" in form.fields else None,
        "expected_action": "" if form.is_matched else said.get("fixed-expected_action", ""),
    }


def _start(request: SignedInRequest, found: Upload, *, is_trial: bool) -> None:
    actions.start_upload(by=request.user, upload=found, is_trial=is_trial, at=timezone.now())
    if found.n_bytes <= SMALL:
        bring_in(found.pk)


def _page(
    request: SignedInRequest,
    found: Upload,
    form: MatchForm | None = None,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    if form is None and found.may_start:
        form = MatchForm(found, known())
    context = {
        "upload": found,
        "origin": found.source or _origin(found),
        "form": form if found.may_start else None,
        "refusal": refusal,
        "counts": _counts(found),
        "problems": [Problem(**each) for each in found.problems[:N_SHOWN]],
        "n_more": max(found.n_problems - N_SHOWN, 0),
    }
    part = "upload_match" if request.htmx else "upload"  # type: ignore[attr-defined]
    return render(request, f"corpus/{part}.html", context, status=status)


def _origin(found: Upload) -> dict[str, str]:
    """The source as it will be."""
    order = order_of(found)
    return {"name": order.source_name, **order.terms()}


def _counts(found: Upload) -> list[tuple[str, int]]:
    """The counts of a try or an import in words."""
    return [(_count_label(kind, word), n) for kind, word, n in found.counts]


def _count_label(kind: str, word: str) -> str:
    if kind == "rows":
        return _("Rows")
    if kind == "action":
        labels = {action: str(label) for action, label in ACTIONS}
        return labels.get(word, _("Expected action not said"))
    if kind == "origin":
        return _("Prompts of %(origin)s") % {"origin": word}
    if kind == "repeated":
        return _("Say the same as an earlier row (rows %(rows)s)") % {"rows": word}
    return word
