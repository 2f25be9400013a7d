"""A reviewer's remarks and decisions, given on the version's page."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions
from corpus.forms.reviews import DecisionForm, RemarkForm
from corpus.models import Version
from corpus.views.version import find, page

DECISIONS = {
    "approve": actions.approve,
    "request_changes": actions.request_changes,
    "reject": actions.reject,
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("pairs.review")
def review(request: SignedInRequest, pk: str) -> HttpResponse:
    """Decide. What was typed comes back with the reason if the decision is refused."""
    version = find(pk)
    if request.method != "POST":
        return redirect(version.get_absolute_url() + "#review")
    form = DecisionForm(request.POST)
    decide = DECISIONS.get(request.POST.get("decision", ""))
    if decide is None or not form.is_valid():
        return _again(request, version, form, 422)
    try:
        decide(by=request.user, version=version, at=timezone.now(), **_said(form, request))
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _again(request, find(pk), form, refusal.http_status)
    notices.success(request, _("Your decision is kept. Thank you for reading it."))
    return redirect("corpus:queue")


def _said(form: DecisionForm, request: SignedInRequest) -> dict[str, Any]:
    said = {
        "reason": form.cleaned_data["reason"],
        "lock_version": form.cleaned_data["lock_version"],
    }
    if request.POST["decision"] == "approve":
        said["best_before"] = form.cleaned_data["best_before"]
        said["method"] = "password"
    return said


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
    version = find(pk)
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
