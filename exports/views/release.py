"""One release: what is in it, its files, its withdrawal."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus.models.prompts import ExpectedAction
from exports import actions, bundle, plans, serving, store
from exports.forms import WithdrawForm
from exports.hindrances import TITLES, Kind
from exports.models import Release


@require_safe
@permission_required("releases.read")
def release(request: SignedInRequest, pk: str) -> HttpResponse:
    """What it holds, what changed, and its files. Eight queries beside the frame's and formats'."""
    found = get_object_or_404(Release.objects.with_sizes().select_related("previous"), pk=pk)
    return render(request, "exports/release.html", _context(request, found, WithdrawForm()))


@require_POST
@permission_required("releases.write")
def withdraw(request: SignedInRequest, pk: str) -> HttpResponse:
    """Say that it must not be used any more; the reason stays on its page."""
    found = get_object_or_404(Release.objects.with_sizes().select_related("previous"), pk=pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            return redirect(
                actions.withdraw(
                    by=request.user,
                    release=found,
                    reason=form.cleaned_data["reason"],
                    at=timezone.now(),
                )
            )
        except actions.Refused as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "exports/release.html", _context(request, found, form), status=422)


@require_safe
@permission_required("releases.read")
def file(request: SignedInRequest, pk: str, name: str) -> HttpResponseBase:
    """One file, as an attachment."""
    found = get_object_or_404(Release, pk=pk)
    try:
        return serving.send(request, store.keep(found, name))
    except (bundle.Withdrawn, store.NoSuchFile) as refusal:
        messages.error(request, str(refusal))
        return redirect(found)


def _context(request: SignedInRequest, found: Release, form: WithdrawForm) -> dict[str, Any]:
    languages = found.entries.order_by("version__language")
    return {
        "release": found,
        "actions": ExpectedAction.labels,
        "lines": _lines(found),
        "languages": languages.values_list("version__language", flat=True).distinct(),
        "changes": plans.changed_since(found),
        "overrides": [
            (TITLES.get(Kind(each.kind)), each) for each in found.overrides.select_related("by")
        ],
        "studies": found.release_studies.select_related("study"),
        "shelves": [] if found.is_withdrawn else store.shelves(found),
        "form": form,
        "may_write": request.user.can("releases.write"),
    }


def _lines(found: Release) -> list[plans.Line]:
    """By domain, split and expected action. One query."""
    rows = found.entries.order_by("version__domain__position", "version__domain__name")
    counted = rows.values_list("version__domain__name", "split", "version__expected_action")
    return plans.lines(counted.annotate(n=Count("pk")))
