"""Bringing prompts and pairs in from files. A file with one bad row changes nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("prompts.write")
def prompts(request: SignedInRequest) -> HttpResponse:
    """Prompts into a new set."""
    return render(request, "corpus/import.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.import")
def pairs(request: SignedInRequest) -> HttpResponse:
    """Pairs as drafts."""
    return render(request, "corpus/import.html", {})
