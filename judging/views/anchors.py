"""Anchors: the answers with settled values that every judge run judges again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import permission_required, person
from annotation.models import Rubric
from judging import actions
from judging.forms import AnchorForm, TakeForm
from judging.models import Anchor


@require_safe
@permission_required("judges.read")
def anchors(request: HttpRequest) -> HttpResponse:
    """Every anchor by rubric, and how more come in."""
    context = {
        "anchors": Anchor.objects.select_related("rubric"),
        "rubrics": Rubric.objects.all(),
        "take_form": TakeForm(),
        "may_write": person(request).can("anchors.write"),
    }
    return render(request, "judging/anchors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("anchors.write")
def new_anchor(request: HttpRequest, pk: str) -> HttpResponse:
    """Write an anchor by hand."""
    rubric = get_object_or_404(Rubric, pk=pk)
    form = AnchorForm(request.POST or None, rubric=rubric)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_anchor(by=person(request), rubric=rubric, **form.anchor())
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("judging:anchors")
    context = {"form": form, "rubric": rubric}
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/new_anchor.html", context, status=status)


@require_POST
@permission_required("anchors.write")
def take_settled(request: HttpRequest) -> HttpResponse:
    """Take a study's settled answers."""
    form = TakeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a study and how many answers to take."))
        return redirect("judging:anchors")
    try:
        n = actions.take_settled(by=person(request), **form.cleaned_data)
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s anchor was added.", "%(n)s anchors were added.", n)
        messages.success(request, said % {"n": n})
    return redirect("judging:anchors")


@require_POST
@permission_required("anchors.write")
def retire_anchor(request: HttpRequest, pk: str) -> HttpResponse:
    """Judge it no more."""
    found = get_object_or_404(Anchor, pk=pk)
    try:
        actions.retire_anchor(by=person(request), anchor=found, at=timezone.now())
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("judging:anchors")
