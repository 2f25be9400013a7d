"""The directory of services: by country, one of them, and what people do to it."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, paging, reach
from corpus.forms.resources import ResourceFilterForm, ResourceForm, RetireForm, VerifyForm
from crisis.actions import PEOPLE, Refused
from crisis.models import Resource
from gate.text import BadText

SHOWN = 20
NAMES = ("first_verified_by", "second_verified_by", "retired_by", "replaced_by", "created_by")


@require_safe
@permission_required("pairs.read")
def resources(request: SignedInRequest) -> HttpResponse:
    """By country, with what is due to be checked again."""
    today = timezone.now().date()
    form = ResourceFilterForm(request.GET)
    rows = form.asked(Resource.objects.all())
    page = paging.page(
        form.chosen(today), order=("name", "id"), cursor=request.GET.get("cursor", "")
    )
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, row.standing(today)) for row in page.rows],
        "query": query.urlencode(),
        "n_due": rows.due(today).count(),
        "n_unverified": rows.unverified().count(),
        "can_write": request.user.can("resources.write"),
    }
    return render(request, "crisis/resources.html", context)


@require_safe
@permission_required("pairs.read")
def resource(request: SignedInRequest, pk: str) -> HttpResponse:
    """What is known of it, who verified it, and which responses name it."""
    return _page(request, _find(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resources.write")
def new(request: SignedInRequest) -> HttpResponse:
    """Add a service, unverified."""
    form = ResourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.add_resource(by=request.user, details=form.details, at=timezone.now())
        except (Refused, BadText) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resources.write")
def edit(request: SignedInRequest, pk: str) -> HttpResponse:
    """Change it. What was verified is unverified then."""
    found = _find(pk)
    posted = request.POST if request.method == "POST" else None
    form = ResourceForm(posted, initial=asdict(found.details()))
    if form.is_valid():
        try:
            actions.change_resource(
                by=request.user, resource=found, details=form.details, at=timezone.now()
            )
        except (Refused, BadText) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(found)
    return _form(request, form, found)


@require_POST
@permission_required("resources.write")
def verify(request: SignedInRequest, pk: str) -> HttpResponse:
    """One of the two people says that it is right."""
    found, form = _find(pk), VerifyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, verify=form)
    try:
        found = actions.verify_resource(
            by=request.user, resource=found, at=timezone.now(), **form.cleaned_data
        )
    except (Refused, BadText) as refusal:
        notices.error(request, str(refusal))
        return _page(request, _find(pk), status=getattr(refusal, "http_status", 422))
    is_done = found.recheck_by is not None and found.recheck_by > timezone.now().date()
    said = _("It is verified.") if is_done else _("Kept. A second person must verify it, too.")
    notices.success(request, said)
    return redirect(found)


@require_POST
@permission_required("resources.write")
def retire(request: SignedInRequest, pk: str) -> HttpResponse:
    """It must not be named any more."""
    found = _find(pk)
    form = RetireForm(request.POST, resource=found)
    if not form.is_valid():
        return _page(request, found, status=422, retire=form)
    try:
        actions.retire_resource(
            by=request.user, resource=found, at=timezone.now(), **form.cleaned_data
        )
    except (Refused, BadText) as refusal:
        notices.error(request, str(refusal))
        return _page(request, _find(pk), status=getattr(refusal, "http_status", 422))
    notices.success(request, _("It is retired. Texts that name it are pointed out."))
    return redirect(found)


def _find(pk: str) -> Resource:
    return get_object_or_404(Resource.objects.select_related(*NAMES), pk=pk)


def _form(
    request: SignedInRequest, form: ResourceForm, found: Resource | None = None
) -> HttpResponse:
    context = {"form": form, "resource": found}
    status = 422 if form.is_bound else 200
    return render(request, "crisis/edit_resource.html", context, status=status)


def _page(
    request: SignedInRequest, found: Resource, status: int = 200, **forms: Any
) -> HttpResponse:
    today = timezone.now().date()
    checked = list(found.verifications.select_related("by").order_by("-at", "id"))
    mine = any(row.by_id == request.user.pk and row.round == found.round for row in checked)
    n_now = sum(row.round == found.round for row in checked)
    can_write = request.user.can("resources.write")
    is_open = found.is_open_to_check(today)
    context = {
        "resource": found,
        "standing": found.standing(today),
        "n_missing": PEOPLE - n_now if n_now < PEOPLE else PEOPLE,
        "checked": checked,
        "changes": found.changes.select_related("by").order_by("-at", "id"),
        "can_write": can_write,
        "is_open": is_open,
        "can_verify": can_write and is_open and (not mine or n_now >= PEOPLE),
        "verify_form": forms.get("verify") or VerifyForm(initial={"seen": found.digest}),
        "retire_form": forms.get("retire") or RetireForm(resource=found),
        "page": paging.page(
            reach.naming(found),
            order=("-created_at", "id"),
            cursor=request.GET.get("cursor", ""),
            size=SHOWN,
        ),
        "completions": _completions(request, found),
    }
    return render(request, "crisis/resource.html", context, status=status)


def _completions(request: SignedInRequest, found: Resource) -> str:
    """Where models' answers that name it are shown, for those who may read them."""
    return reverse("generation:naming", args=[found.pk]) if request.user.can("runs.read") else ""
