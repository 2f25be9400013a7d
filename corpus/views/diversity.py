"""How far the responses are written one by one, and which templates they share."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import reuse


@require_safe
@permission_required("pairs.read")
def diversity(request: SignedInRequest) -> HttpResponse:
    """Its first sentence is the finding."""
    return render(request, "corpus/diversity.html", {"reuse": reuse.report()})
