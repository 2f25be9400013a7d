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
from exports import actions, bundle, serving, store
from exports.forms import WithdrawForm
from exports.models import Release


@require_safe
@permission_required("releases.read")
def release(request: SignedInRequest, pk: str) -> HttpResponse:
    """What it holds, by domain, and its files. Four queries beside the frame's."""
    found = get_object_or_404(Release.objects.with_sizes(), pk=pk)
    return render(request, "exports/release.html", _context(request, found, WithdrawForm()))


@require_POST
@permission_required("releases.write")
def withdraw(request: SignedInRequest, pk: str) -> HttpResponse:
    """Say that it must not be used any more; the reason stays on its page."""
    found = get_object_or_404(Release.objects.with_sizes(), pk=pk)
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
        "rows": _by_domain(found),
        "languages": languages.values_list("version__language", flat=True).distinct(),
        "shelves": [] if found.is_withdrawn else store.shelves(found),
        "form": form,
        "may_write": request.user.can("releases.write"),
    }


def _by_domain(found: Release) -> list[tuple[str, list[int], int]]:
    """Each domain with its pairs by expected action, and all of them. One query."""
    counted = (
        found.entries.order_by("version__domain__position", "version__domain__name")
        .values_list("version__domain__name", "version__expected_action")
        .annotate(n=Count("pk"))
    )
    rows: dict[str, dict[str, int]] = {}
    for domain, expected, n in counted:
        rows.setdefault(domain or "–", dict.fromkeys(ExpectedAction.values, 0))[expected] = n
    return [
        (domain, [counts[value] for value in ExpectedAction.values], sum(counts.values()))
        for domain, counts in rows.items()
    ]
