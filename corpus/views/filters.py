"""Filters that somebody gave a name: links above the list, and a page to keep them in order."""

from typing import Any

from django.contrib import messages as notices
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.filters import SavedFilterForm, normal
from corpus.models import SavedFilter


def shown(user: User, query: str) -> dict[str, Any]:
    """What `corpus/saved_filters.html` reads. One query."""
    saved = list(_visible(user))
    here = normal(query)
    return {
        "saved_filters": saved,
        "filters_here": here,
        "is_saved": any(each.query == here for each in saved),
    }


def _visible(user: User) -> Any:
    """Of this person, and what others share."""
    return SavedFilter.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.read")
def filters(request: SignedInRequest) -> HttpResponse:
    """All of them; what is sent is kept as a new one."""
    if request.method != "POST":
        return _page(request)
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        kept = actions.keep_filter(
            by=request.user,
            at=timezone.now(),
            name=form.cleaned_data["name"],
            query=normal(form.cleaned_data["query"]),
            is_shared=form.cleaned_data["is_shared"],
        )
    except actions.Refused as refusal:
        form.add_error("name" if isinstance(refusal, actions.BadDraft) else None, str(refusal))
        return _page(request, form, refusal.http_status)
    notices.success(request, _("Kept. You find it above the list."))
    return redirect(kept)


def _page(
    request: SignedInRequest, form: SavedFilterForm | None = None, status: int = 200
) -> HttpResponse:
    saved = list(_visible(request.user))
    context = {
        "form": form,
        "own": [each for each in saved if each.owner_id == request.user.pk],
        "others": [each for each in saved if each.owner_id != request.user.pk],
        "can_delete_shared": request.user.can("pairs.curate"),
    }
    return render(request, "corpus/filters.html", context, status=status)


@require_POST
@permission_required("pairs.read")
def change(request: SignedInRequest, pk: str) -> HttpResponse:
    """Another name, shared or not."""
    saved = get_object_or_404(_visible(request.user), pk=pk)
    try:
        actions.change_filter(
            by=request.user,
            saved=saved,
            name=request.POST.get("name", ""),
            is_shared="is_shared" in request.POST,
        )
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
    else:
        notices.success(request, _("Saved."))
    return redirect("corpus:filters")


@require_POST
@permission_required("pairs.read")
def delete(request: SignedInRequest, pk: str) -> HttpResponse:
    """Gone for everybody who used it."""
    saved = get_object_or_404(_visible(request.user), pk=pk)
    try:
        actions.delete_filter(by=request.user, saved=saved)
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
    else:
        notices.success(request, _("Deleted."))
    return redirect("corpus:filters")
