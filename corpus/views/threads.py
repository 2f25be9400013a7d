"""Answering what was said about a version, and moving requests on."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.models import Comment


@require_POST
@permission_required("pairs.read")
def answer(request: SignedInRequest, pk: str) -> HttpResponse:
    """The button that was pressed says what happens; back to the version that was being read."""
    comment = get_object_or_404(Comment.objects.select_related("version"), pk=pk)
    try:
        actions.answer(
            by=request.user,
            comment=comment,
            move=request.POST.get("move", "reply"),
            body=request.POST.get("body", ""),
        )
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
    newest = comment.version.pair.versions.filter(pk=request.POST.get("version", "")).first()
    return redirect(f"{(newest or comment.version).get_absolute_url()}#remark-{comment.pk}")
