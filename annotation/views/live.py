"""The curator's live page of a study."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation import disputes, gold, patterns, watching
from annotation.models import Study

PAGE = "annotation/live.html"


@require_safe
@permission_required("studies.write")
def live(request: SignedInRequest, slug: str) -> HttpResponse:
    """How far everybody is, and what to look at; asks again by itself while the study is open."""
    study = get_object_or_404(Study, slug=slug)
    now = timezone.now()
    context = {"study": study, "now": now, **watching.whole(study, now)}
    context["gold"] = gold.results(study)
    part = "#live" if request.htmx else ""  # type: ignore[attr-defined]  # django-htmx
    return render(request, PAGE + part, context)


@require_safe
@permission_required("studies.write")
def agreement_so_far(request: SignedInRequest, slug: str) -> HttpResponse:
    """Alpha of every criterion; nothing while the study hides it."""
    study = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    is_hidden = disputes.are_hidden(study)
    sound = [] if is_hidden else patterns.so_far(study)
    context = {"study": study, "is_hidden": is_hidden, "sound": sound}
    part = "#so_far" if request.htmx else ""  # type: ignore[attr-defined]  # django-htmx
    return render(request, "annotation/so_far.html" + part, context)
