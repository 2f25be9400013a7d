"""Answers of models that send a person to a service."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from crisis.models import Resource
from generation.naming import completions_naming


@require_safe
@permission_required("runs.read")
def naming(request: SignedInRequest, pk: str) -> HttpResponse:
    """The newest that name it, and how many answers were read to find them."""
    resource = get_object_or_404(Resource, pk=pk)
    today = timezone.now().date()
    context = {
        "resource": resource,
        "standing": resource.standing(today),
        "named": completions_naming(resource, today),
    }
    return render(request, "generation/naming.html", context)
