"""The editor of a rubric that nobody uses yet: its words, its criteria, their points and order."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import rubrics as actions
from annotation.models import Rubric
from annotation.rubric_forms import CriterionForm, Heading, Points, of_criterion, points_of
from annotation.sheets import Asked
from annotation.views.rubrics import REFUSALS, version_of


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def edit(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """Title, introduction, whose it is."""
    rubric = version_of(slug, version)
    now = {"title": rubric.title, "intro": rubric.intro, "origin": rubric.origin}
    form = Heading(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.state(by=request.user, rubric=rubric, **form.cleaned_data))
        except REFUSALS as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "rubric": rubric}
    return render(
        request, "annotation/edit_rubric.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def add(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """A further criterion, at the end."""
    rubric = version_of(slug, version)
    return _criterion(request, rubric, None, before=rubric.sheet.criteria)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def change(request: SignedInRequest, slug: str, version: int, key: str) -> HttpResponse:
    """A criterion, with its points."""
    rubric = version_of(slug, version)
    criteria = rubric.sheet.criteria
    place = next((n for n, asked in enumerate(criteria) if asked.key == key), None)
    if place is None:
        raise Http404
    return _criterion(request, rubric, criteria[place], before=criteria[:place])


def _criterion(
    request: SignedInRequest, rubric: Rubric, now: Asked | None, *, before: Sequence[Asked]
) -> HttpResponse:
    points: list[dict[str, Any]] = [dict(vars(point)) for point in now.points] if now else []
    form = CriterionForm(
        request.POST or None, initial=of_criterion(now) if now else None, before=before
    )
    formset = Points(request.POST or None, initial=points, prefix="points")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        stated, key = form.asked(points_of(formset)), now.key if now else ""
        try:
            actions.put(by=request.user, rubric=rubric, asked=stated, instead_of=key)
            return redirect(rubric)
        except REFUSALS as refused:
            form.add_error(None, str(refused))
    is_wrong = form.is_bound and not (form.is_valid() and formset.is_valid())
    context = {"form": form, "formset": formset, "rubric": rubric, "criterion": now}
    return render(
        request, "annotation/criterion_form.html", context, status=422 if is_wrong else 200
    )


@require_POST
@permission_required("studies.write")
def move(request: SignedInRequest, slug: str, version: int, key: str) -> HttpResponse:
    """Up or down by one place."""
    by_places = -1 if request.POST.get("to") == "up" else 1
    rubric = version_of(slug, version)
    try:
        actions.move(by=request.user, rubric=rubric, key=key, by_places=by_places)
    except REFUSALS as refused:
        messages.error(request, str(refused))
    return redirect(rubric)


@require_POST
@permission_required("studies.write")
def remove(request: SignedInRequest, slug: str, version: int, key: str) -> HttpResponse:
    """Take a criterion out."""
    rubric = version_of(slug, version)
    try:
        actions.remove(by=request.user, rubric=rubric, key=key)
    except REFUSALS as refused:
        messages.error(request, str(refused))
    return redirect(rubric)
