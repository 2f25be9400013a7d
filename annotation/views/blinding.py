"""The curator's page of a study's blinding: what answers give away, and what raters may guess."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import giveaways
from annotation.actions import guesses, masks
from annotation.models import Study

PER_PAGE = 50


@require_safe
@permission_required("studies.write")
def blinding(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every passage in its place, hidden or not; its arm is not said."""
    study = get_object_or_404(Study, slug=slug)
    found = giveaways.found(study)
    context = {
        "study": study,
        "n_found": len(found),
        "n_shown": sum(not finding.is_hidden for finding in found),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "is_draft": study.state == Study.State.DRAFT,
        "arms": study.arms.select_related("run__model", "run__condition", "run__prompt_set"),
        "is_guessed": study.guesses.exists(),
    }
    return render(request, "annotation/blinding.html", context)


@require_POST
@permission_required("studies.write")
def hide_passages(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hide one, hide all, or leave one as it is."""
    study = get_object_or_404(Study, slug=slug)
    try:
        if key := request.POST.get("show"):
            masks.show(by=request.user, study=study, keys=[key])
        elif key := request.POST.get("hide"):
            masks.hide(by=request.user, study=study, keys=[key])
        elif "all" in request.POST:
            n = masks.hide_all(by=request.user, study=study)
            said = ngettext("%(n)s passage is hidden now.", "%(n)s passages are hidden now.", n)
            messages.success(request, said % {"n": n})
    except (masks.Fixed, masks.NotFound) as refused:
        messages.error(request, str(refused))
    page = request.POST.get("page", "")
    return redirect(_place(study) + (f"?page={page}" if page.isdecimal() else ""))


@require_POST
@permission_required("studies.write")
def name_arms(request: SignedInRequest, slug: str) -> HttpResponse:
    """What raters choose from when they guess at the end; without names they are not asked."""
    study = get_object_or_404(Study, slug=slug)
    try:
        guesses.name_arms(by=request.user, study=study, labels=request.POST.getlist("label"))
    except (guesses.Unfit, guesses.Begun) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The names for guessing are saved."))
    return redirect(_place(study))


def _place(study: Study) -> str:
    return reverse("annotation:blinding", args=[study.slug])
