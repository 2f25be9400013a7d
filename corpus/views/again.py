"""Pairs to vet again, and signing one of them again."""

from datetime import datetime

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proof
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, paging
from corpus.again import described
from corpus.forms.again import AgainForm, RenewalForm
from corpus.models import Version
from corpus.models.approvals import Method
from corpus.views.version import find

SIZE = 20


@require_safe
@permission_required("pairs.watch")
def again(request: SignedInRequest) -> HttpResponse:
    """A card a pair, the one that was signed longest ago first."""
    today = timezone.now().date()
    form = AgainForm(request.GET)
    rows = Version.objects.to_vet_again(today)
    page = paging.page(
        form.chosen(rows, today).with_people(),
        order=("decided_at", "id"),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
    )
    kept = request.GET.copy()
    kept.pop("cursor", None)
    context = {
        "form": form,
        "page": page,
        "n": rows.count(),
        "waiting": described(page.rows, today, request.user),
        "kept": kept.urlencode(),
        "can_review": request.user.can("pairs.review"),
        "can_write": request.user.can("pairs.write"),
    }
    return render(request, "corpus/again.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.review")
def renew(request: SignedInRequest, pk: str) -> HttpResponse:
    """Read it, and sign that it is still right."""
    version = find(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = RenewalForm(posted, ways=proof.ways(request.user))
    if not form.is_valid():
        return _page(request, version, form, 422 if form.is_bound else 200)
    try:
        signed = _sign(request, version, form, timezone.now())
    except proof.NotProved as refusal:
        form.add_error("password" if form.ways.password else None, str(refusal))
        return _page(request, version, form, refusal.http_status)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, find(request, pk), form, refusal.http_status)
    is_moved = signed.best_before != version.best_before
    said = _("You signed it again.") if is_moved else _("You signed. Somebody else must sign, too.")
    notices.success(request, said)
    return redirect("corpus:again")


@require_POST
@permission_required("pairs.review")
def challenge(request: SignedInRequest, pk: str) -> HttpResponse:
    """What the passkey must answer, to sign this version again."""
    purpose = _purpose(find(request, pk))
    return JsonResponse(proof.challenge(request, request.user, purpose=purpose, at=timezone.now()))


def _sign(request: SignedInRequest, version: Version, form: RenewalForm, at: datetime) -> Version:
    given = form.cleaned_data["credential"]
    if given or not form.ways.password:
        proof.by_passkey(request, request.user, given, purpose=_purpose(version), at=at)
        method = Method.PASSKEY
    else:
        proof.by_password(request, request.user, form.cleaned_data["password"])
        method = Method.PASSWORD
    return actions.renew(by=request.user, version=version, at=at, method=method, **form.said())


def _purpose(version: Version) -> str:
    return f"renew {version.pk} {version.digest}"


def _page(
    request: SignedInRequest, version: Version, form: RenewalForm, status: int
) -> HttpResponse:
    today = timezone.now().date()
    is_current = Version.objects.current().filter(pk=version.pk).exists()
    context = {
        "version": version,
        "form": form,
        "row": described([version], today, request.user)[0],
        "is_current": is_current,
        "can_write": request.user.can("pairs.write") and version.is_latest,
    }
    return render(request, "corpus/renew.html", context, status=status)
