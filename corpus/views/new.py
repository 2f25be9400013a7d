"""A new pair begins with one question: should this be refused?"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.actions import Fields
from corpus.forms.drafts import StartForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.write")
def new(request: SignedInRequest) -> HttpResponse:
    """Ask, then open the draft."""
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        fields = Fields(
            expected_action=form.cleaned_data["expected_action"],
            country=request.user.country,
            language=request.user.language,
        )
        version = actions.start_pair(by=request.user, at=timezone.now(), fields=fields)
        return redirect("corpus:edit", version.pk)
    return render(request, "corpus/new.html", {"form": form}, status=422 if form.is_bound else 200)
