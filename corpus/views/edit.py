"""Writing a draft: the page, and its saves by hand and by autosave."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import SignedInRequest, permission_required
from corpus import actions, conversation, workflow
from corpus.actions import BadDraft, Conflict, NotReady, Refused
from corpus.conversation import BadConversation, Message
from corpus.forms.drafts import DraftForm
from corpus.inspection import inspect
from corpus.models import Domain, Version

EMPTY_TURN = {"role": conversation.USER, "content": ""}


@require_safe
@permission_required("pairs.write")
def edit(request: SignedInRequest, pk: str) -> HttpResponse:
    """The draft, or its reading page if it no longer changes."""
    version = _of(request, pk)
    if not version.is_draft:
        return redirect(version)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx
        return _placing(request, version)
    turns = list(version.messages)
    if not turns or "more" in request.GET:
        turns.append(_next_turn(turns))
    return render(request, "corpus/edit.html", page(version, DraftForm(version=version), turns))


@require_POST
@permission_required("pairs.write")
def save(request: SignedInRequest, pk: str) -> HttpResponse:
    """Keep what was written; with the button "Send for review", send it too."""
    version = _of(request, pk)
    form = DraftForm(request.POST, version=version)
    turns = _posted_turns(request.POST)
    try:
        stored = _saved(request, version, form, turns)
        if "send" in request.POST:
            actions.submit(by=request.user, version=stored, at=timezone.now())
    except Refused as refusal:
        return _refused(request, version, form, turns, refusal)
    return _kept(request, stored)


def _of(request: SignedInRequest, pk: str) -> Version:
    return get_object_or_404(Version.objects.with_people().filter(author=request.user), pk=pk)


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
    return redirect("corpus:edit", stored.pk)


def _refused(
    request: SignedInRequest,
    version: Version,
    form: DraftForm,
    turns: list[Message],
    refusal: Refused,
) -> HttpResponse:
    """Nothing typed is lost: the page comes back with it, and says what stands against it."""
    if "X-Autosave" in request.headers:
        return JsonResponse({"message": str(refusal)}, status=refusal.http_status)
    if isinstance(refusal, BadDraft) and refusal.field in form.fields:
        form.add_error(refusal.field, str(refusal))
    stored = Version.objects.with_people().get(pk=version.pk)
    context = page(stored, form, turns or [EMPTY_TURN])
    context |= {"refusal": refusal, "conflict": isinstance(refusal, Conflict)}
    if not isinstance(refusal, Conflict | NotReady):
        context["lock_version"] = request.POST.get("lock_version", "")
    return render(request, "corpus/edit.html", context, status=refusal.http_status)


def _posted_turns(posted: QueryDict) -> list[Message]:
    pairs = zip(posted.getlist("turn_role"), posted.getlist("turn_content"), strict=False)
    turns = [{"role": role, "content": content} for role, content in pairs]
    removed = posted.get("remove_turn", "")
    if removed.isdigit() and 1 <= int(removed) <= len(turns):
        del turns[int(removed) - 1]
    return turns


def _next_turn(turns: list[Message]) -> Message:
    last = turns[-1]["role"] if turns else conversation.ASSISTANT
    role = conversation.ASSISTANT if last == conversation.USER else conversation.USER
    return {"role": role, "content": ""}


def _placing(request: SignedInRequest, version: Version) -> HttpResponse:
    """The categories and strategies of a domain that was just chosen."""
    domain = Domain.objects.filter(pk=request.GET.get("domain", "")).first()
    if domain and domain != version.domain:
        version.category = ""
    version.domain = domain
    return render(
        request, "corpus/edit.html#placing", {"form": DraftForm(version=version, domain=domain)}
    )


def page(version: Version, form: DraftForm, turns: list[Message]) -> dict[str, Any]:
    """What the whole page shows."""
    return {
        "form": form,
        "turns": turns,
        "empty_turn": EMPTY_TURN,
        "lock_version": version.lock_version,
        **panel(version),
    }


def panel(version: Version) -> dict[str, Any]:
    """What stands beside the draft: what is missing, what the checks say, the domain's guides."""
    return {"version": version, "gaps": workflow.missing(version), "found": inspect(version, on=timezone.now().date())}
