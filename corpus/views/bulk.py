"""Changing many pairs at once: first what would change, then the change, then the way back."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, bulk, selection
from corpus.bulk import Outcome, Plan
from corpus.forms.bulk import ALL, ChoiceForm, ValueForm
from corpus.forms.lists import FilterForm
from corpus.models import BulkChange, Version
from corpus.models.pairs import VersionQuerySet
from corpus.views.index import chosen

N_SHOWN = 50
# A form's field holds 200,000 characters at most; a mark has 35.
MARKS_PER_FIELD = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.curate")
def preview(request: SignedInRequest) -> HttpResponse:
    """What would change. What is sent back from there is done."""
    said = request.POST if request.method == "POST" else request.GET
    form = ChoiceForm(said)
    if not form.is_valid():
        return _nothing_chosen(request, form, said)
    value = ValueForm(form.chosen_action, said)
    if request.method == "POST":
        return _carry_out(request, form, value)
    return render(request, "corpus/bulk.html", _page(request, form, value))


def _nothing_chosen(request: SignedInRequest, form: ChoiceForm, said: QueryDict) -> HttpResponse:
    problem = next(iter(form.non_field_errors()), _("Choose what to do with them."))
    notices.error(request, str(problem))
    return redirect(_list(said.get("fits", "")))


def _carry_out(request: SignedInRequest, form: ChoiceForm, value: ValueForm) -> HttpResponse:
    at = timezone.now()
    order = value.order(request.user, at.date())
    marks = [mark for field in request.POST.getlist("seen") for mark in field.split()]
    try:
        if order is None:
            raise actions.NotNow(_("Choose a value first."))
        change = actions.change_many(
            by=request.user, order=order, marks=marks, at=at, query=form.cleaned_data["fits"]
        )
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
        page = _page(request, form, value)
        return render(request, "corpus/bulk.html", page, status=refusal.http_status)
    return redirect(change)


def _page(request: SignedInRequest, form: ChoiceForm, value: ValueForm) -> dict[str, Any]:
    """With the plan, as soon as the value is known."""
    action = form.chosen_action
    order = value.order(request.user, timezone.now().date())
    page = {
        "action": action,
        "value": value,
        "kept": list(form.kept()),
        "back": _list(form.cleaned_data["fits"]),
        "limit": bulk.MAX_ROWS,
    }
    filters = FilterForm(QueryDict(form.cleaned_data["fits"]))
    if form.cleaned_data["scope"] == ALL and not filters.is_valid():
        return page | {"problem": _("A filter holds a value that is not known. Mend it first.")}
    versions = _versions(request, form, filters)
    if order is None:
        return page | {"n_chosen": versions[: bulk.MAX_ROWS + 1].count()}
    rows = list(selection.rows(versions, action, order.on, bulk.MAX_ROWS + 1))
    if len(rows) > bulk.MAX_ROWS:
        return page | {"n_chosen": len(rows)}
    plan = bulk.plan(rows, order)
    named = {"order": order, "order_value": order.called(order.value)}
    return page | _shown(plan) | named | {"n_chosen": len(plan.lines)}


def _versions(request: SignedInRequest, form: ChoiceForm, filters: FilterForm) -> VersionQuerySet:
    if form.cleaned_data["scope"] == ALL:
        return chosen(filters, request.user).order_by("-saved_at", "id")
    ticked = Version.objects.visible_to(request.user).filter(pk__in=form.ticked)
    return ticked.order_by("-saved_at", "id")


def _shown(plan: Plan) -> dict[str, Any]:
    changing, refused = plan.of(Outcome.CHANGE), plan.of(Outcome.CANNOT)
    return {
        "plan": plan,
        "counts": plan.counts(),
        "n_changing": len(changing),
        "n_hidden": max(len(changing) - N_SHOWN, 0),
        "changing": selection.named(changing[:N_SHOWN]),
        "refused": selection.named(refused[:N_SHOWN]),
        "n_refused_hidden": max(len(refused) - N_SHOWN, 0),
        "seen": list(_fields(plan.marks)),
    }


def _fields(marks: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(marks), MARKS_PER_FIELD):
        yield " ".join(marks[start : start + MARKS_PER_FIELD])


def _list(query: str) -> str:
    return f"{reverse('corpus:index')}?{query}" if query else reverse("corpus:index")


@require_safe
@permission_required("pairs.curate")
def change(request: SignedInRequest, pk: str) -> HttpResponse:
    """What was done, what was left, and the way back while it is open."""
    found = _own(request, pk)
    left = found.rows.filter(is_left=True).select_related("version")
    context = {
        "change": found,
        "n_changed": found.rows.filter(is_left=False).count(),
        "n_left": left.count(),
        "left": [row.version for row in left[:N_SHOWN]],
        "back": _list(found.query),
        "can_put_back": found.can_be_put_back(request.user, timezone.now()),
    }
    return render(request, "corpus/bulk_change.html", context)


@require_POST
@permission_required("pairs.curate")
def put_back(request: SignedInRequest, pk: str) -> HttpResponse:
    """Everything as it was, where nobody changed it since."""
    found = _own(request, pk)
    try:
        n, n_left = actions.put_back(by=request.user, change=found, at=timezone.now())
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
        return redirect(found)
    said = ngettext("%(n)d pair is as it was.", "%(n)d pairs are as they were.", n) % {"n": n}
    if n_left:
        said += " " + ngettext(
            "%(n)d changed since and was left.", "%(n)d changed since and were left.", n_left
        ) % {"n": n_left}  # fmt: skip
    notices.success(request, said)
    return redirect(found)


def _own(request: SignedInRequest, pk: str) -> BulkChange:
    rows = BulkChange.objects.select_related("prompt_set")
    return get_object_or_404(rows.filter(by=request.user), pk=pk)
