"""Taking out a source whole: first what goes, then the source's name, a reason and a proof."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import proof
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, purging
from corpus.forms.sources import PurgeForm
from corpus.models import Source
from gate.text import BadText


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("sources.write")
def purge(request: SignedInRequest, pk: str) -> HttpResponse:
    """Says what would go; does it once it is confirmed."""
    source = get_object_or_404(Source, pk=pk)
    if source.purged_at:
        return redirect(source)
    posted = request.POST if request.method == "POST" else None
    form = PurgeForm(posted, source_name=source.name, ways=proof.ways(request.user))
    if form.is_valid():
        try:
            _prove(request, source, form)
            actions.purge_source(
                by=request.user,
                source=source,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except proof.NotProved as refusal:
            form.add_error("password" if form.ways.password else None, str(refusal))
        except (actions.Refused, BadText) as refusal:
            form.add_error(None, str(refusal))
        else:
            notices.success(request, _("It is purged. This page keeps what went, in numbers."))
            return redirect(source)
    return _page(request, source, form)


def _prove(request: SignedInRequest, source: Source, form: PurgeForm) -> None:
    given = form.cleaned_data["credential"]
    if given or not form.ways.password:
        purpose, now = _purpose(source), timezone.now()
        proof.by_passkey(request, request.user, given, purpose=purpose, at=now)
    else:
        proof.by_password(request, request.user, form.cleaned_data["password"])


@require_POST
@permission_required("sources.write")
def challenge(request: SignedInRequest, pk: str) -> HttpResponse:
    """What the passkey must answer."""
    purpose = _purpose(get_object_or_404(Source, pk=pk))
    return JsonResponse(proof.challenge(request, request.user, purpose=purpose, at=timezone.now()))


def _purpose(source: Source) -> str:
    return f"purge {source.pk}"


def _page(request: SignedInRequest, source: Source, form: PurgeForm) -> HttpResponse:
    context: dict[str, Any] = {"source": source, "form": form, "report": purging.report(source)}
    status = 422 if form.is_bound else 200
    return render(request, "corpus/purge_source.html", context, status=status)
