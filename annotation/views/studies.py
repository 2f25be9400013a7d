"""The curator's pages: making a study, changing what raters read, opening and closing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from annotation import forms
from annotation.actions import masks, plans, quota, routing, studies
from annotation.models import Study
from annotation.plan import Plan
from generation.models import Run


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def new_study(request: SignedInRequest) -> HttpResponse:
    """Choose runs, rubric and raters for each item; "Show the plan" says what it will cost."""
    form = forms.NewStudy(request.POST or None, initial={"runs": request.GET.getlist("run")})
    if "plan" in request.POST:
        return _planned(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(studies.create(by=request.user, **form.settings()))
        except studies.Unsuitable as refused:
            form.add_error(None, str(refused))
    return _page(request, form, status=422 if form.errors else 200)


def _planned(request: SignedInRequest, form: forms.NewStudy) -> HttpResponse:
    """The page as it was filled in, with the plan; name and short name may still be missing."""
    for name in ("name", "slug"):
        form.fields[name].required = False
    plan = plans.of(**form.settings()) if form.is_valid() else None
    part = "#plan" if request.htmx else ""  # type: ignore[attr-defined]  # django-htmx
    return _page(request, form, plan=plan, part=part)


def _page(
    request: SignedInRequest,
    form: forms.NewStudy,
    *,
    plan: Plan | None = None,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "plan": plan, "has_runs": Run.objects.filter(state="done").exists()}
    return render(request, f"annotation/new_study.html{part}", context, status=status)


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def edit_study(request: SignedInRequest, slug: str) -> HttpResponse:
    """What raters read about the study, how many rate an item, and what nobody can rate."""
    study = get_object_or_404(Study, slug=slug)
    form = forms.EditStudy(request.POST or None, instance=study)
    if request.method == "POST" and form.is_valid():
        studies.edit(by=request.user, study=study, **form.cleaned_data)
        return redirect(study)
    context = {
        "form": form,
        "quota": forms.RatersPerItem(initial={"k": study.k, "was": study.k}),
        "study": study,
        "gaps": routing.gaps(study),
    }
    status = 422 if form.errors else 200
    return render(request, "annotation/edit_study.html", context, status=status)


@require_POST
@permission_required("studies.write")
def raters_per_item(request: SignedInRequest, slug: str) -> HttpResponse:
    """More or fewer people for each item, while the study is prepared or open."""
    study = get_object_or_404(Study, slug=slug)
    form = forms.RatersPerItem(request.POST)
    if not form.is_valid():
        messages.error(request, _("Each item is rated by 1 to 50 people. Nothing was changed."))
        return redirect("annotation:edit_study", slug=slug)
    try:
        quota.change(by=request.user, study=study, **form.cleaned_data)
    except (studies.NotNow, studies.Unsuitable) as refused:
        messages.error(request, str(refused))
        return redirect("annotation:edit_study", slug=slug)
    messages.success(request, _("Each item is now rated by %(k)s people.") % {"k": study.k})
    return redirect(study)


@require_POST
@permission_required("studies.write")
def open_study(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let raters in; says what of the study nobody can rate."""
    study = get_object_or_404(Study, slug=slug)
    try:
        says = request.POST.get("shows_names") == "1"
        studies.open(by=request.user, study=study, at=timezone.now(), shows_names=says)
    except masks.NamesStand as refused:
        messages.warning(request, str(refused))
        return redirect("annotation:blinding", slug=slug)
    except studies.NotNow as refused:
        messages.error(request, str(refused))
        return redirect(study)
    if n := sum(gap.n_items for gap in routing.gaps(study)):
        messages.warning(
            request,
            ngettext(
                "No rater fits %(n)s item. Its settings say which.",
                "No rater fits %(n)s items. The settings say which.",
                n,
            )
            % {"n": n},
        )
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
