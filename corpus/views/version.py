"""Reading a version: what it says, what was said about it, what came before."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import proof
from accounts.models import User
from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, again, changes, corrections, places, workflow
from corpus.forms.reviews import DecisionForm, RemarkForm
from corpus.inspection import inspect
from corpus.models import Category, Comment, Version
from corpus.models.pairs import Status
from corpus.signatures import standing


@require_safe
@permission_required("pairs.read")
def version(request: SignedInRequest, pk: str) -> HttpResponse:
    """The page; reviewers find their form at its end."""
    return render(request, "corpus/version.html", page(request, find(request, pk)))


@require_POST
@permission_required("pairs.write")
def withdraw(request: SignedInRequest, pk: str) -> HttpResponse:
    """Take one's own version back and go on writing."""
    found = find(request, pk)
    try:
        actions.withdraw_submission(by=request.user, version=found, at=timezone.now())
    except actions.Refused as refusal:
        notices.error(request, str(refusal))
        return redirect(found)
    return redirect("corpus:edit", found.pk)


def find(request: SignedInRequest, pk: str) -> Version:
    """The version with everything that its page names, if this person may read it."""
    rows = Version.objects.visible_to(request.user).with_people().select_related("pair__source")
    return get_object_or_404(rows, pk=pk)


def page(
    request: SignedInRequest,
    version: Version,
    decision: DecisionForm | None = None,
    remark: RemarkForm | None = None,
) -> dict[str, Any]:
    """What the page shows to this person."""
    user = request.user
    seen = Version.objects.visible_to(user).filter(pair=version.pair_id).with_people()
    history = list(seen.prefetch_related("editors__user").order_by("-number"))
    before = _compared_with(version, history)
    correction, remarks = corrections.of(user, history), list(Comment.objects.on(version))
    can_review = version.can_be_reviewed_by(user)
    signatures = standing(version, timezone.now().date())
    return {
        "version": version,
        "history": history,
        "before": before,
        "changes": changes.between(before, version) if before else [],
        "correction": correction,
        "corrected_said": [
            each for each in (correction.said() if correction else []) if each not in remarks
        ],
        "co_writers": [
            editor.user for row in history if row == version for editor in row.editors.all()
        ],
        "category": _category(version),
        "language": places.LANGUAGES.get(version.language, version.language),
        "country": places.COUNTRIES.get(version.country, version.country),
        "found": inspect(version, on=timezone.now().date()) if _is_checked(version, user) else None,
        "remarks": remarks,
        "can_edit": version.can_be_edited_by(user),
        "can_withdraw": version.status == "in_review" and version.author_id == user.pk,
        "can_write_anew": version.is_latest
        and user.can("pairs.write")
        and workflow.allows(version.status, "write_anew"),
        "remark": (remark or RemarkForm(can_block=user.can("pairs.review")))
        if user.can("pairs.write") or user.can("pairs.review")
        else None,
        "again": again.of(version, timezone.now().date(), user),
        "signatures": signatures,
        "my_signature": signatures.of(user),
        "decision": (decision or decision_form(user, version)) if can_review else None,
    }


def decision_form(user: User, version: Version, data: QueryDict | None = None) -> DecisionForm:
    """With the ways in which this reviewer can sign."""
    return DecisionForm(data, ways=proof.ways(user), lock_version=version.lock_version)


def _compared_with(version: Version, history: list[Version]) -> Version | None:
    """The last approved version before this one, or else the one before it."""
    earlier = [row for row in history if row.number < version.number]
    return next((row for row in earlier if row.is_approved), next(iter(earlier), None))


def _is_checked(version: Version, user: User) -> bool:
    """While it can still be mended, for those who mend it or decide on it."""
    is_open = version.status in (Status.DRAFT, Status.IN_REVIEW)
    return is_open and (user.can("pairs.write") or user.can("pairs.review"))


def _category(version: Version) -> str:
    """Its name, where the domain knows it."""
    known = Category.objects.filter(domain=version.domain, slug=version.category).first()
    return known.name if known else version.category
