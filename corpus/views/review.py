"""A reviewer's remarks and decisions, given on the version's page."""

from datetime import datetime

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import proof
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.reviews import DecisionForm, LockForm, RemarkForm
from corpus.models import Version
from corpus.models.approvals import Method
from corpus.models.pairs import Status
from corpus.signatures import standing
from corpus.views.version import decision_form, find, page

DECISIONS = {"request_changes": actions.request_changes, "reject": actions.reject}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.review")
def review(request: SignedInRequest, pk: str) -> HttpResponse:
    """Decide. What was typed comes back with the reason if the decision is refused."""
    version = find(request, pk)
    if request.method != "POST":
        return redirect(version.get_absolute_url() + "#review")
    form = decision_form(request.user, version, request.POST)
    if not form.is_valid():
        return _again(request, version, form, 422)
    try:
        decided = _decide(request, version, form, timezone.now())
    except proof.NotProved as refusal:
        form.add_error("password" if form.ways.password else None, str(refusal))
        return _again(request, version, form, refusal.http_status)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _again(request, find(request, pk), form, refusal.http_status)
    notices.success(request, _thanks(decided))
    return redirect("corpus:queue")


def _decide(
    request: SignedInRequest, version: Version, form: DecisionForm, at: datetime
) -> Version:
    if not form.is_approval:
        decide = DECISIONS[form.cleaned_data["decision"]]
        return decide(by=request.user, version=version, at=at, **form.said())
    method = _prove(request, version, form, at)
    return actions.approve(by=request.user, version=version, at=at, method=method, **form.said())


def _prove(request: SignedInRequest, version: Version, form: DecisionForm, at: datetime) -> Method:
    """A proof for this version as it was read, just now."""
    given = form.cleaned_data.get("credential", "")
    if given or not form.ways.password:
        purpose = purpose_of(version, form.cleaned_data["lock_version"])
        proof.by_passkey(request, request.user, given, purpose=purpose, at=at)
        return Method.PASSKEY
    proof.by_password(request, request.user, form.cleaned_data["password"])
    return Method.PASSWORD


def _thanks(decided: Version) -> str:
    if decided.status != Status.IN_REVIEW:
        return _("Your decision is kept. Thank you for reading it.")
    return _("You signed. It is approved once %(n)d more person has signed.") % {
        "n": standing(decided, timezone.now().date()).n_missing
    }


def purpose_of(version: Version, lock_version: int) -> str:
    """What a passkey is asked for: to sign this version as it was read."""
    return f"sign {version.pk} {lock_version}"


@require_POST
@permission_required("pairs.review")
def challenge(request: SignedInRequest, pk: str) -> HttpResponse:
    """What the passkey must answer, to sign this version as it was read."""
    form = LockForm(request.POST)
    version = find(request, pk)
    if not form.is_valid():
        return JsonResponse({"detail": _("Load the page again.")}, status=422)
    purpose = purpose_of(version, form.cleaned_data["lock_version"])
    return JsonResponse(proof.challenge(request, request.user, purpose=purpose, at=timezone.now()))


def _again(
    request: SignedInRequest, version: Version, form: DecisionForm, status: int
) -> HttpResponse:
    for problem in form.non_field_errors():
        notices.error(request, str(problem))
    return render(request, "corpus/version.html", page(request, version, form), status=status)


@require_POST
@permission_required("pairs.read")
def remark(request: SignedInRequest, pk: str) -> HttpResponse:
    """Say something about a version."""
    version = find(request, pk)
    form = RemarkForm(request.POST, can_block=request.user.can("pairs.review"))
    if not form.is_valid():
        context = page(request, version, remark=form)
        return render(request, "corpus/version.html", context, status=422)
    try:
        said = actions.comment(by=request.user, version=version, **form.said())
    except actions.BadDraft as refusal:
        form.add_error(refusal.field, str(refusal))
        context = page(request, version, remark=form)
        return render(request, "corpus/version.html", context, status=refusal.http_status)
    except actions.Refused as refusal:
        return render(request, "403.html", {"reason": str(refusal)}, status=refusal.http_status)
    return redirect(said)
