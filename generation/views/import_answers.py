"""Importing answers that were made elsewhere."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus.models import PromptSet
from gate.text import BadText
from generation import actions
from generation.actions import Imported
from generation.answers_form import AnswersForm
from generation.models import LanguageModel


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("runs.write")
def import_answers(request: SignedInRequest) -> HttpResponse:
    """The form; what a try found; or, once the answers are in, the page of their run."""
    form = AnswersForm(request.POST or None, request.FILES or None, initial=request.GET.dict())
    tried = _done(request, form) if form.is_valid() else None
    if tried and tried.made:
        _say(request, tried)
        return redirect(tried.made)
    context = {
        "form": form,
        "tried": tried,
        "notes": list(actions.notes(tried)) if tried else [],
        "models": LanguageModel.objects.order_by("name").values_list("name", flat=True)[:200],
        "has_sets": PromptSet.objects.exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "generation/import_answers.html", context, status=status)


def _done(request: SignedInRequest, form: AnswersForm) -> Imported | None:
    try:
        return actions.import_completions(
            by=request.user,
            at=timezone.now(),
            is_trial=request.POST.get("step") == "try",
            **form.order(),
        )
    except actions.BadFile as error:
        form.add_error("file", str(error).splitlines())
    except (actions.Refusal, BadText) as error:
        form.add_error(None, str(error))
    return None


def _say(request: SignedInRequest, done: Imported) -> None:
    n = done.n_answers
    said = ngettext("%(n)d answer is in.", "%(n)d answers are in.", n) % {"n": n}
    messages.success(request, " ".join([said, *actions.notes(done)]))
    if done.counted.n_differing:
        messages.warning(request, _("Check that the file answers this very prompt set."))
