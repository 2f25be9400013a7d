"""Starting a training run."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from exports.models import Release
from gate.text import BadText
from generation.actions import Refusal
from generation.models import LanguageModel
from training import actions, config
from training.forms import TrainingForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("training.write")
def new_run(request: SignedInRequest) -> HttpResponse:
    """The form with a preset to start from, or what is missing before a run can be made."""
    presets = config.presets()
    chosen = request.GET.get("preset", "")
    recipe = presets.get(chosen) or presets["published"]
    form = TrainingForm(request.POST or None, initial=request.GET.dict() | {"config": recipe})
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.start_training(by=request.user, at=timezone.now(), **form.asked())
            return redirect(run)
        except (Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "presets": [(name, name == (chosen or "published")) for name in presets],
        "missing": _missing(),
    }
    return render(request, "training/new_run.html", context, status=status)


def _missing() -> str:
    """The first thing that a training run needs and that is not there yet."""
    if not Release.objects.filter(withdrawn_at=None).exists():
        return "release"
    models = LanguageModel.objects.filter(base__isnull=True, endpoint__isnull=False)
    return "" if models.exists() else "model"
