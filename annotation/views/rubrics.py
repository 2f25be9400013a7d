"""Rubrics, to read: all of them, a version with what it changes, and how a rater meets it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import paper, rubric_forms, rubric_use, staleness
from annotation.actions import rubrics as actions
from annotation.models import Rubric
from annotation.rubric_rules import BadRubric
from corpus import differences
from corpus.models import Strategy

NAMES: dict[str, Any] = {
    "title": _("Title"),
    "intro": _("Introduction"),
    "label": _("Name"),
    "question": _("Question"),
    "hint": _("Hint"),
    "kind": _("Kind of answer"),
    "about": _("Asked about"),
    "scale": _("Scale"),
    "asked": _("When it is asked"),
    "reason": _("A reason"),
    "point": _("Point"),
    "severity of": _("Brought to the curator's eyes: point"),
}
REFUSALS = (BadRubric, actions.VersionInUse, actions.ChangedMeanwhile)


def version_of(slug: str, version: int) -> Rubric:
    return get_object_or_404(Rubric, slug=slug, version=version)


@require_safe
@permission_required("reports.read")
def rubrics(request: SignedInRequest) -> HttpResponse:
    """Every version, newest first within its rubric, with how many studies use it."""
    context = {"rubrics": Rubric.objects.listed(), "may_write": request.user.can("studies.write")}
    return render(request, "annotation/rubrics.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def new_rubric(request: SignedInRequest) -> HttpResponse:
    """A rubric of one's own, to be filled in next."""
    form = rubric_forms.NewRubric(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.make(by=request.user, **form.cleaned_data))
        except BadRubric as refused:
            form.add_error("slug", str(refused))
    return render(
        request, "annotation/new_rubric.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
@permission_required("reports.read")
def rubric(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """A version whole: what it asks, whether it can be changed, what it changed."""
    found = version_of(slug, version)
    versions = list(Rubric.objects.filter(slug=slug).order_by("-version"))
    before = next((each for each in versions if each.version < version), None)
    sheet = found.sheet
    context = {
        "rubric": found,
        "sheet": sheet,
        "criteria": [(asked, paper.condition(sheet, asked)) for asked in sheet.criteria],
        "versions": versions,
        "fixed_because": rubric_use.fixed_because(found),
        "may_write": request.user.can("studies.write"),
        **(_since(before, found) if before else {}),
    }
    return render(request, "annotation/rubric.html", context)


def _since(before: Rubric, now: Rubric) -> dict[str, Any]:
    changes = staleness.between(before.sheet, now.sheet)
    around = staleness.around(before.sheet, now.sheet)
    told = [(change, [_told(text) for text in change.texts]) for change in changes]
    return {
        "before": before,
        "around": [_told(text) for text in around],
        "changes": [(change, texts) for change, texts in told if change.what != staleness.SAME],
        "stale": rubric_use.stale_ratings(before, changes),
    }


def _told(text: staleness.Text) -> tuple[str, differences.Runs]:
    """What the text is, in words, and what went and came in it."""
    name, _space, value = text.name.rpartition(" ")
    words = NAMES.get(text.name) or f"{NAMES[name]} {value}"
    return words, differences.words(text.before, text.after)


@require_safe
@permission_required("reports.read")
def preview(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """The criteria as a rater meets them. Nothing is kept."""
    found = version_of(slug, version)
    sheet, named = found.sheet, Strategy.objects.order_by("name", "id")
    offered = [paper.Offered(each.slug, each.name) for each in named] if sheet.asks_strategy else []
    context = {
        "rubric": found,
        "sheet": sheet,
        "prompt_rows": paper.prompt_rows(sheet, strategies=offered),
        "rows": paper.rows(sheet, ("A",), strategies=offered),
    }
    return render(request, "annotation/rubric_preview.html", context)


@require_POST
@permission_required("studies.write")
def new_version(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """A copy to be changed."""
    try:
        return redirect(actions.new_version(by=request.user, rubric=version_of(slug, version)))
    except REFUSALS as refused:
        messages.error(request, str(refused))
        return redirect("rubrics:rubric", slug, version)
