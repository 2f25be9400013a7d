"""The curator's side of practice: its items, who waits at its gate, and letting somebody in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import practice
from annotation.models import PracticeItem, Rater, Seat, Study
from annotation.practice_forms import PracticeForm
from generation.models import Completion, Run

N_SHOWN = 50


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def practice_items(request: SignedInRequest, slug: str) -> HttpResponse:
    """The round, who waits, and a form for another item: typed, or begun from a run's answer."""
    study = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    form = PracticeForm(request.POST or None, study=study, initial=_begun(request, study))
    if request.method == "POST" and form.is_valid():
        try:
            practice.add(by=request.user, study=study, **form.item())
        except ValueError as refused:  # also what the gate for texts does not let in
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("The practice item is added."))
            return redirect("annotation:practice_items", slug=slug)
    context = {"study": study, "form": form, "items": study.practice_items.all()}
    context |= {"waiting": _waiting(study), **_to_choose(request, study)}
    status = 422 if form.errors else 200
    return render(request, "annotation/practice_items.html", context, status=status)


def _waiting(study: Study) -> list[tuple[Seat, practice.Standing]]:
    """Raters who have yet to pass, and how they stand. Two queries each; few wait at once."""
    seats = study.seats.filter(practised_at=None, let_in_by=None).select_related("rater")
    found = list(seats.order_by("joined_at", "id")[:N_SHOWN])
    for seat in found:
        seat.study = study
    return [(seat, practice.standing(seat)) for seat in found]


def _to_choose(request: SignedInRequest, study: Study) -> dict[str, Any]:
    """Answers of a run that could become a practice item: of prompts that the study has not."""
    runs = Run.objects.filter(state="done").select_related("model", "condition")
    chosen = runs.filter(pk=request.GET.get("run", "")).first()
    found = Completion.objects.none()
    if chosen:
        others = chosen.completions.exclude(prompt__in=study.items.values("prompt"))
        found = others.filter(state="done").select_related("prompt").order_by("id")[:N_SHOWN]
    return {"runs": runs.order_by("-created_at", "id"), "run": chosen, "completions": found}


def _begun(request: SignedInRequest, study: Study) -> dict[str, str]:
    """The form begun from an answer, with answers of other runs to the same prompt beside it."""
    chosen = Completion.objects.filter(pk=request.GET.get("completion", "")).first()
    if chosen is None or study.items.filter(prompt=chosen.prompt_id).exists():
        return {}
    others = Completion.objects.filter(prompt=chosen.prompt_id, state="done").exclude(pk=chosen.pk)
    texts = [chosen.text, *others.order_by("id").values_list("text", flat=True)[: study.n_arms]]
    prompt = chosen.prompt
    begun = {"said": prompt.messages[-1]["content"], "language": prompt.language}
    return begun | {f"text_{slot}": text for slot, text in zip("ABCDEF", texts, strict=False)}


@require_POST
@permission_required("studies.write")
def remove_practice_item(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Take an item out of the round."""
    item = get_object_or_404(PracticeItem, pk=pk, study__slug=slug)
    practice.remove(by=request.user, item=item)
    messages.success(request, gettext("The practice item is gone, with what was tried on it."))
    return redirect("annotation:practice_items", slug=slug)


@require_POST
@permission_required("studies.write")
def let_in(request: SignedInRequest, slug: str, pk: str) -> HttpResponse:
    """Open the study to a rater who has not passed the practice round."""
    study, rater = get_object_or_404(Study, slug=slug), get_object_or_404(Rater, pk=pk)
    practice.let_in(by=request.user, study=study, rater=rater)
    messages.success(request, gettext("%(name)s can rate now.") % {"name": rater})
    return redirect("annotation:practice_items", slug=slug)
