"""Writing a draft: the page, and its saves by hand and by autosave."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, conflicts, conversation, examples, scaffold, workflow
from corpus.actions import BadDraft, Conflict, Refused
from corpus.conversation import BadConversation, Message
from corpus.forms.drafts import DraftForm
from corpus.forms.turns import EMPTY_TURN, next_turn, posted_turns, removed_turn
from corpus.inspection import inspect
from corpus.models import Domain, Version
from corpus.views import conflicts as comparing


@require_safe
@permission_required("pairs.write")
def edit(request: SignedInRequest, pk: str) -> HttpResponse:
    """The draft, or its reading page if it does not change, or not by this person."""
    version = _of(request, pk)
    if not version.can_be_edited_by(request.user):
        return redirect(version)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        return _placing(request, version)
    turns = list(version.messages)
    if not turns or "more" in request.GET:
        turns.append(next_turn(turns))
    context = page(request, version, DraftForm(version=version), turns)
    return render(request, "corpus/edit.html", context)


@require_POST
@permission_required("pairs.write")
def save(request: SignedInRequest, pk: str) -> HttpResponse:
    """Keep what was written; with the button "Send for review", send it too."""
    version = _of(request, pk)
    posted: QueryDict = request.POST
    if posted.get("settle") == comparing.STORED:
        return redirect("corpus:edit", version.pk)
    try:
        if "settle" in posted:
            posted = comparing.chosen(posted, version)
    except conflicts.Undecided as undecided:
        return comparing.page(request, version, posted, undecided, 422)
    form, turns = DraftForm(posted, version=version), posted_turns(posted)
    try:
        stored = _saved(request, version, form, turns)
    except Conflict as conflict:
        if "X-Autosave" in request.headers:
            return _refused(request, version, form, turns, conflict)
        return comparing.page(request, conflict.stored, posted, conflict, 409)
    except Refused as refusal:
        return _refused(request, version, form, turns, refusal)
    try:
        _also(request, stored)
    except Refused as refusal:
        return _refused(request, stored, form, turns, refusal, is_saved=True)
    return _kept(request, stored)


def _of(request: SignedInRequest, pk: str) -> Version:
    """A version that this person may write in, or wrote in; else there is nothing here."""
    version = get_object_or_404(Version.objects.with_people().select_related("last_editor"), pk=pk)
    if not (version.is_open_to(request.user) or version.pair.is_work_of(request.user)):
        raise Http404
    return version


def _saved(
    request: SignedInRequest, version: Version, form: DraftForm, turns: list[Message]
) -> Version:
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        raise BadDraft("", f"{form.fields[field].label or field}: {problems[0]}")
    try:
        fields = form.written(
            conversation.from_form(
                [turn["role"] for turn in turns], [turn["content"] for turn in turns]
            )
        )
    except BadConversation as error:
        raise BadDraft("messages", str(error)) from error
    return actions.save_draft(
        by=request.user,
        version=version,
        fields=fields,
        lock_version=form.cleaned_data["lock_version"],
        at=timezone.now(),
    )


def _also(request: SignedInRequest, stored: Version) -> None:
    """What the button asks for besides saving."""
    at = timezone.now()
    if "send" in request.POST:
        actions.submit(by=request.user, version=stored, at=at)
    if "share" in request.POST:
        actions.share_draft(
            by=request.user, version=stored, is_shared=request.POST["share"] == "1", at=at
        )


def _kept(request: SignedInRequest, stored: Version) -> HttpResponse:
    if "X-Autosave" in request.headers:
        answer = render(request, "corpus/edit.html#panel", panel(stored))
        answer["X-Lock-Version"] = str(stored.lock_version)
        return answer
    if "send" in request.POST:
        notices.success(request, _("Sent for review. Somebody else reads it now."))
        return redirect(stored)
    if "add_turn" in request.POST:
        return redirect(reverse("corpus:edit", args=[stored.pk]) + "?more=1#turns")
    removed = removed_turn(request.POST)
    if removed:
        context = page(request, stored, DraftForm(version=stored), stored.messages or [EMPTY_TURN])
        return render(request, "corpus/edit.html", context | {"removed": removed})
    return redirect("corpus:edit", stored.pk)


def _refused(
    request: SignedInRequest,
    version: Version,
    form: DraftForm,
    turns: list[Message],
    refusal: Refused,
    *,
    is_saved: bool = False,
) -> HttpResponse:
    """Nothing typed is lost: the page comes back with it, and says what stands against it."""
    if "X-Autosave" in request.headers:
        return JsonResponse({"message": str(refusal)}, status=refusal.http_status)
    if isinstance(refusal, BadDraft) and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    stored = Version.objects.with_people().select_related("last_editor").get(pk=version.pk)
    context = page(request, stored, form, turns or [EMPTY_TURN])
    context |= {"refusal": refusal, "is_saved": is_saved}
    if not is_saved:
        context["lock_version"] = form["lock_version"].value() or ""
        context["began"] = request.POST.get("began", "")
    return render(request, "corpus/edit.html", context, status=refusal.http_status)


def _placing(request: SignedInRequest, version: Version) -> HttpResponse:
    """The categories and strategies of a domain that was just chosen."""
    domain = Domain.objects.filter(pk=request.GET.get("domain", "")).first()
    if domain and domain != version.domain:
        version.category = ""
    version.domain = domain
    return render(
        request, "corpus/edit.html#placing", {"form": DraftForm(version=version, domain=domain)}
    )


def page(
    request: SignedInRequest, version: Version, form: DraftForm, turns: list[Message]
) -> dict[str, Any]:
    """What the whole page shows."""
    return {
        "form": form,
        "turns": turns,
        "empty_turn": EMPTY_TURN,
        "lock_version": version.lock_version,
        "parts": scaffold.parts(version.language),
        "is_mine": version.author_id == request.user.pk,
        "can_save": version.can_be_edited_by(request.user),
        "writers": [version.author, *(row.user for row in version.editors.select_related("user"))],
        **panel(version),
    }


def panel(version: Version) -> dict[str, Any]:
    """What stands beside the draft: what is missing, what the checks say, the domain's guides."""
    return {
        "version": version,
        "gaps": workflow.missing(version),
        "found": inspect(version, on=timezone.now().date()),
        "is_writing": True,
        "began": conflicts.marks(comparing.of_version(version)),
        "example": examples.of(version),
    }
