"""Models: the list and a new one."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SignedInRequest, permission_required
from gate.text import BadText
from generation import actions
from generation.forms import ModelForm
from generation.models import Endpoint, LanguageModel


@require_safe
@permission_required("models.read")
def models(request: SignedInRequest) -> HttpResponse:
    """Every model, where it is asked, and in how many runs it was."""
    rows = LanguageModel.objects.select_related("endpoint").annotate(n_runs=Count("runs"))
    rows = rows.order_by("name", "id")  # a grouped query forgets the model's own order
    context = {"rows": rows, "may_write": request.user.can("models.write")}
    return render(request, "generation/models.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("models.write")
def new_model(request: SignedInRequest) -> HttpResponse:
    """Register a model; `?endpoint=` and `?served_name=` fill the form in."""
    form = ModelForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            actions.register_model(by=request.user, **form.cleaned_data)
            return redirect("generation:models")
        except (actions.Refusal, BadText) as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "has_endpoint": Endpoint.objects.exists()}
    status = 422 if form.errors else 200
    return render(request, "generation/new_model.html", context, status=status)
