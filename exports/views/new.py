"""Making a release: what it would hold, change and be hindered by is shown before it is made."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from annotation.models import Study
from corpus.models.prompts import ExpectedAction
from exports import actions, plans
from exports.forms import ChoiceForm, ReleaseForm
from exports.models import Release
from exports.preview import left_out


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("releases.write")
def new(request: SignedInRequest) -> HttpResponse:
    """The form; with `count` its choice is counted again (alone for htmx) and nothing is made.

    That is sent by POST too: an address would hold the form's token, and what was typed.
    """
    if request.method != "POST" or "count" in request.POST:
        template = "exports/new.html" + ("#preview" if request.headers.get("HX-Request") else "")
        return render(request, template, _shown(request.POST or request.GET))
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            return redirect(actions.cut_release(by=request.user, at=timezone.now(), **form.asked))
        except actions.Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "exports/new.html", _shown(request.POST, form), status=422)


def _shown(asked: QueryDict, bound: ReleaseForm | None = None) -> dict[str, Any]:
    """About twenty queries, whatever the size of the corpus."""
    name, on = asked.get("name", _last_name()), timezone.now().date()
    chosen = ChoiceForm(asked)
    chosen.is_valid()
    studies = Study.objects.filter(slug__in=chosen.cleaned_data.get("studies", ()))
    plan = plans.plan(chosen.choice, name=" ".join(name.split()), on=on, studies=list(studies))
    lists = {field: asked.getlist(field) for field in chosen.fields}
    typed = asked.dict() | {"name": name, "version": asked.get("version") or plan.proposed}
    form = bound or ReleaseForm(initial=typed | lists)
    return {
        "form": form,
        "plan": plan,
        "actions": ExpectedAction.labels,
        "left_out": left_out(chosen.choice, on=on),
        "hindrances": [(each, form.reason(each.kind)) for each in plan.hindrances],
    }


def _last_name() -> str:
    """The newest release's: most releases follow one."""
    newest = Release.objects.order_by("-created_at", "id").values_list("name", flat=True)
    return newest.first() or ""
