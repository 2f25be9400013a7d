"""Choosing a file to bring in, and the files that still wait for their person."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.uploads import UploadForm
from corpus.models import Upload
from corpus.reading import BadFile
from gate.text import BadText

N_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("prompts.write")
def prompts(request: SignedInRequest) -> HttpResponse:
    """Prompts into a new set."""
    return _page(request, "prompts")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.import")
def pairs(request: SignedInRequest) -> HttpResponse:
    """Pairs as drafts of the person who imports them."""
    return _page(request, "pairs")


def _page(request: SignedInRequest, what: str) -> HttpResponse:
    form = UploadForm(what, request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(
                actions.receive(by=request.user, file=file, asked=form.asked(), at=timezone.now())
            )
        except BadFile as error:
            form.add_error("file", list(map(str, error.problems)))
        except (actions.Refused, BadText) as refusal:
            taken = isinstance(refusal, actions.NameTaken)
            form.add_error("set_name" if taken else None, str(refusal))
    context = {
        "form": form,
        "kind": what,
        "open_to": {
            "prompts": request.user.can("prompts.write"),
            "pairs": request.user.can("pairs.import"),
        },
        "uploads": Upload.objects.of(request.user)[:N_SHOWN],
    }
    return render(request, "corpus/import.html", context, status=422 if form.is_bound else 200)
