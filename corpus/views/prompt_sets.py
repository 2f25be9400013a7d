"""Prompt sets: the list, one set, and making one of approved pairs."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, paging, splits
from corpus.forms.sets import PromptSetForm
from corpus.models import PromptSet, PromptSetEntry
from corpus.models.prompts import ExpectedAction

MAX_SHOWN = 200  # of the rows that reach into training


@require_safe
@permission_required("prompts.read")
def prompt_sets(request: SignedInRequest) -> HttpResponse:
    """Every set with its size."""
    rows = PromptSet.objects.select_related("source").annotate(n_prompts=Count("entries"))
    page = paging.page(rows, order=("name", "id"), cursor=request.GET.get("cursor", ""))
    return render(
        request,
        "corpus/prompt_sets.html",
        {"page": page, "can_write": request.user.can("prompts.write")},
    )


@require_safe
@permission_required("prompts.read")
def prompt_set(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the set holds, in its order."""
    found = get_object_or_404(PromptSet.objects.select_related("source", "created_by"), slug=slug)
    entries = PromptSetEntry.objects.filter(prompt_set=found).select_related("prompt__domain")
    page = paging.page(entries, order=("position",), cursor=request.GET.get("cursor", ""))
    counted = dict(
        found.prompts.order_by("expected_action")
        .values_list("expected_action")
        .annotate(n=Count("id"))
    )
    counts = [
        (label, counted[value]) for value, label in ExpectedAction.choices if value in counted
    ]
    overlap = splits.in_training(found)
    n_overlap = overlap.count()
    context = {
        "prompt_set": found,
        "page": page,
        "n_in_training": n_overlap,
        "in_training": overlap[:MAX_SHOWN] if n_overlap else [],
        "can_read_pairs": request.user.can("pairs.read"),
        "counts": counts,
        "n_prompts": sum(counted.values()),
    }
    return render(request, "corpus/prompt_set.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("prompts.write")
def new(request: SignedInRequest) -> HttpResponse:
    """A set of the pairs that are approved and fresh today."""
    form = PromptSetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.prompt_set_from_approved(
                by=request.user, on=timezone.now().date(), **form.cleaned_data
            )
        except actions.Refused as refusal:
            form.add_error("name" if isinstance(refusal, actions.NameTaken) else None, str(refusal))
        else:
            return redirect(made)
    return render(
        request, "corpus/new_prompt_set.html", {"form": form}, status=422 if form.is_bound else 200
    )
