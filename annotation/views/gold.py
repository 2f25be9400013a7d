"""The curator's page of known values: which there are, how raters did, and one item to mark."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import gold as known
from annotation import screens
from annotation.actions import gold as actions
from annotation.models import Criterion, Gold, Item, Study
from generation.models import Completion


@require_safe
@permission_required("studies.write")
def gold(request: SignedInRequest, slug: str) -> HttpResponse:
    """Known values with the item they stand in; `?item=3` opens that item to mark."""
    study = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    marked = Gold.objects.filter(study=study).select_related("criterion")
    context = {
        "study": study,
        "gold": marked.order_by("created_at", "id"),
        "results": known.results(study),
        "criteria": _criteria(study),
        **_item(study, request.GET.get("item", "")),
    }
    return render(request, "annotation/gold.html", context)


@require_POST
@permission_required("studies.write")
def mark_gold(request: SignedInRequest, slug: str) -> HttpResponse:
    """Mark a value, take one away, or take over what was settled in other studies."""
    study = get_object_or_404(Study, slug=slug)
    sent = request.POST
    if "settled" in sent:
        n = actions.take_settled(by=request.user, study=study)
        said = ngettext(
            "%(n)s settled value is known now.", "%(n)s settled values are known now.", n
        )
        messages.success(request, said % {"n": n})
    elif pk := sent.get("remove"):
        actions.unmark(by=request.user, study=study, gold=pk)
    else:
        _mark(request, study)
    place = reverse("annotation:gold", args=[slug])
    item = sent.get("item", "")
    return redirect(f"{place}?item={item}" if item.isdecimal() else place)


def _mark(request: SignedInRequest, study: Study) -> None:
    sent = request.POST
    numbers = sent.get("value", ""), sent.get("tolerance") or "0"
    answers = Completion.objects.filter(item_answers__item__study=study)
    completion = answers.filter(pk=sent.get("completion", "")).first()
    criterion = Criterion.objects.filter(pk=sent.get("criterion", "")).first()
    if completion is None or criterion is None or not all(n.isdecimal() for n in numbers):
        messages.error(
            request, _("Choose an answer, a criterion and a value. Nothing was changed.")
        )
        return
    try:
        actions.mark(
            by=request.user,
            study=study,
            completion=completion,
            criterion=criterion,
            value=int(numbers[0][:5]),
            tolerance=int(numbers[1][:5]),
            reason=sent.get("reason", ""),
        )
    except (actions.Unfit, ValueError) as refused:
        messages.error(request, str(refused))


def _criteria(study: Study) -> list[Criterion]:
    """Those with one value of an answer."""
    kinds = [Criterion.Kind.YES_NO, Criterion.Kind.SCALE, Criterion.Kind.CHOICE]
    rows = study.rubric.criteria.filter(kind__in=kinds, about=Criterion.About.ANSWER)
    return list(rows.order_by("position", "id").prefetch_related("points"))


def _item(study: Study, number: str) -> dict[str, Any]:
    """The item asked for, or the first, with its answers in an order that says nothing."""
    at = int(number[:7]) if number.isdecimal() else 1
    items = Item.objects.filter(study=study).select_related("prompt").order_by("position")
    item = items.filter(position__gte=at - 1).first()
    if item is None:
        return {"item": None}
    rows = [row.completion for row in item.answers.select_related("completion")]
    rows.sort(key=lambda row: row.pk)
    texts = screens.texts(study, rows)
    return {
        "item": item,
        "number": item.position + 1,
        "answers": [{"pk": row.pk, "text": texts[row.pk]} for row in rows],
    }
