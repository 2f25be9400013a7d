"""Starting a run."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus.models import PromptSet
from generation import actions
from generation.forms import RunForm
from generation.models import Condition, LanguageModel


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("runs.write")
def new_run(request: SignedInRequest) -> HttpResponse:
    """The form, or what is missing before there can be a run."""
    form = RunForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.start_run(by=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect(run)
        except actions.Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    context = {"form": form, "missing": _missing()}
    return render(request, "generation/new_run.html", context, status=status)


def _missing() -> str:
    """The first thing that a run needs and that is not there yet."""
    if not PromptSet.objects.exists():
        return "prompt_set"
    if not LanguageModel.objects.filter(endpoint__isnull=False).exists():
        return "model"
    return "" if Condition.objects.exists() else "condition"
