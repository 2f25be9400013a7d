"""Away from the item: a break that is offered, a cap, and the blank page one key away."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from annotation.actions import care, raters
from annotation.care import Break, Cap
from annotation.models import Study


def page(request: SignedInRequest, study: Study, said: Break | Cap) -> HttpResponse:
    """Why, and for how long. From a break one may go on; a cap ends by itself."""
    context = {"study": study, "said": said, "is_cap": isinstance(said, Cap)}
    return render(request, "annotation/rest.html", context)


@require_POST
@permission_required("assignments.rate")
def go_on(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rater goes on: after the break, or because they wish to."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    care.end_rest(rater=raters.of(request.user), at=timezone.now())
    return redirect("annotation:rate", slug=study.slug)


@require_safe
@permission_required("assignments.rate")
def away(request: SignedInRequest) -> HttpResponse:
    """Blank, and named after nothing. Reads no table but those of signing in."""
    back = request.GET.get("to", "")
    is_slug = back.replace("-", "").replace("_", "").isalnum()
    return render(request, "annotation/away.html", {"back": back if is_slug else ""})
