"""What was said in a study, as files."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation.models import Preference, Rating, Study
from exports import serving, store


@require_safe
@permission_required("releases.read")
def study(request: SignedInRequest, slug: str) -> HttpResponse:
    """Links to every format; made when they are asked for."""
    found = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    context = {
        "study": found,
        "shelves": store.shelves(found),
        "n_ratings": Rating.objects.filter(study=found).count(),
        "n_preferences": Preference.objects.filter(study=found).count(),
        "may_read_reports": request.user.can("reports.read"),
    }
    return render(request, "exports/study.html", context)


@require_safe
@permission_required("releases.read")
def file(request: SignedInRequest, slug: str, name: str) -> HttpResponseBase:
    """One file, as an attachment."""
    found = get_object_or_404(Study.objects.select_related("rubric"), slug=slug)
    try:
        return serving.send(request, store.keep(found, name))
    except store.NoSuchFile as refusal:
        messages.error(request, str(refusal))
        return redirect("exports:study", slug=found.slug)
