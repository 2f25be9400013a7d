"""The curator's pages: making a study, changing what raters read, opening and closing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation import forms, giveaways
from annotation.actions import studies
from annotation.models import Study
from generation.models import Run


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def new_study(request: SignedInRequest) -> HttpResponse:
    """Choose runs, rubric and raters for each item."""
    form = forms.NewStudy(request.POST or None, initial={"runs": request.GET.getlist("run")})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(studies.create(by=request.user, **form.cleaned_data))
        except studies.Unsuitable as refused:
            form.add_error(None, str(refused))
    has_runs = Run.objects.filter(state="done").exists()
    context = {"form": form, "has_runs": has_runs}
    status = 422 if form.errors else 200
    return render(request, "annotation/new_study.html", context, status=status)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def edit_study(request: SignedInRequest, slug: str) -> HttpResponse:
    """What raters read about the study."""
    study = get_object_or_404(Study, slug=slug)
    form = forms.EditStudy(request.POST or None, instance=study)
    if request.method == "POST" and form.is_valid():
        studies.edit(by=request.user, study=study, **form.cleaned_data)
        return redirect(study)
    names = [] if study.opened_at else giveaways.found(study)
    context = {"form": form, "study": study, "giveaways": names}
    return render(
        request, "annotation/edit_study.html", context, status=422 if form.errors else 200
    )


@require_POST
@permission_required("studies.write")
def open_study(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let raters in."""
    study = get_object_or_404(Study, slug=slug)
    try:
        studies.open(by=request.user, study=study, at=timezone.now())
    except studies.NotNow as refused:
        messages.error(request, str(refused))
    return redirect(study)


@require_POST
@permission_required("studies.write")
def close_study(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take no more ratings."""
    study = get_object_or_404(Study, slug=slug)
    try:
        studies.close(by=request.user, study=study, at=timezone.now())
    except studies.NotNow as refused:
        messages.error(request, str(refused))
    return redirect(study)
