"""What waits for this reviewer: never their own pairs, the oldest first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging
from corpus.forms.lists import QueueForm
from corpus.models import Version


@require_safe
@permission_required("pairs.review")
def queue(request: SignedInRequest) -> HttpResponse:
    """A card a pair."""
    form = QueueForm(request.GET)
    rows = Version.objects.with_people().waiting_for(request.user)
    domain = form.cleaned_data.get("domain") if form.is_valid() else None
    if domain:
        rows = rows.filter(domain=domain)
    page = paging.page(
        rows, order=("submitted_at", "id"), cursor=request.GET.get("cursor", ""), size=20
    )
    kept = f"domain={domain.slug}&" if domain else ""
    context = {"form": form, "page": page, "kept": kept, "domain": domain}
    return render(request, "corpus/queue.html", context)
