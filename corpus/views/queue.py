"""What waits for this reviewer: never their own pairs, their language first, then the oldest."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import paging, vetting
from corpus.forms.queue import QueueForm


@require_safe
@permission_required("pairs.review")
def queue(request: SignedInRequest) -> HttpResponse:
    """Where help is needed, and a card a pair."""
    rows = vetting.queue(request.user)
    groups = vetting.groups(rows)
    form = QueueForm(request.GET, waiting=sorted({group.language for group in groups}))
    page = paging.page(
        form.chosen(rows).with_people(),
        order=vetting.ORDER,
        cursor=request.GET.get("cursor", ""),
        size=20,
    )
    kept = request.GET.copy()
    kept.pop("cursor", None)
    context = {
        "form": form,
        "needed": vetting.needed(groups, request.user.language),
        "page": page,
        "waiting": vetting.described(page.rows),
        "kept": kept.urlencode(),
        "is_filtered": any(kept.values()),
    }
    return render(request, "corpus/queue.html", context)
