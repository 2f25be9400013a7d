"""What raters can judge: their own page, and the curator's list of everybody who rates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from annotation import forms, languages
from annotation.actions import raters as people
from annotation.actions import routing
from annotation.models import Rater


@require_http_methods(["GET", "POST"])
@permission_required("assignments.rate")
def profile(request: SignedInRequest) -> HttpResponse:
    """What I can judge: which items I am given depends on it, where a study says so."""
    return _declared(request, people.of(request.user), back="annotation:profile")


@require_safe
@permission_required("studies.write")
def raters(request: SignedInRequest) -> HttpResponse:
    """Everybody who may rate, with what they declared. Three queries."""
    there = User.objects.filter(is_active=True, grants__role="rater").select_related("rater")
    rows = [
        (user, mine, [languages.name(code) for code in mine.languages] if mine else [])
        for user in there.prefetch_related("rater__domains").order_by("name", "id")
        for mine in [getattr(user, "rater", None)]
    ]
    return render(request, "annotation/raters.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@permission_required("studies.write")
def rater(request: SignedInRequest, pk: str) -> HttpResponse:
    """What one of them can judge, written by a curator."""
    user = get_object_or_404(User, pk=pk, is_active=True, grants__role="rater")
    return _declared(request, people.of(user), back="annotation:raters")


def _declared(request: SignedInRequest, mine: Rater, *, back: str) -> HttpResponse:
    form = forms.Competence(request.POST or None, initial=forms.Competence.said(mine))
    if request.method == "POST" and form.is_valid():
        try:
            routing.declare(by=request.user, rater=mine, **form.cleaned_data)
            messages.success(request, _("Saved. It counts from the next item on."))
            return redirect(back)
        except routing.NotDeclarable as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "rater": mine, "is_own": mine.user_id == request.user.pk}
    return render(
        request, "annotation/competence.html", context, status=422 if form.errors else 200
    )
