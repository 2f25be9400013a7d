"""A pair is read at its newest version; a new one is begun here."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.models import Pair, Version


@require_safe
@permission_required("pairs.read")
def pair(request: SignedInRequest, pk: str) -> HttpResponse:
    """To the newest version that this person may read, where the earlier ones are listed."""
    return redirect(get_object_or_404(Version.objects.newest_for(request.user), pair=pk))


@require_POST
@permission_required("pairs.write")
def new_version(request: SignedInRequest, pk: str) -> HttpResponse:
    """A draft that begins with what the newest version says."""
    found = get_object_or_404(Pair, pk=pk)
    try:
        version = actions.start_new_version(by=request.user, pair=found, at=timezone.now())
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
        return redirect(found)
    return redirect("corpus:edit", version.pk)
