"""What people say about a version, and how requests move. Everything said stays."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from corpus import threads
from corpus.actions.refusals import BadDraft, NotNow, NotYours, OwnWork, ReasonMissing
from corpus.models import Comment, CommentEvent, Version
from corpus.models.threads import Kind, Move
from gate.text import BadText, accept

MAX_REMARK = 10_000
# By kind, state and move: what is said of a move that is not allowed.
NOT_ALLOWED = {
    ("comment", "open", "addressed"): gettext_lazy(
        "This comment is open; it cannot be addressed now."
    ),
    ("comment", "open", "resolved"): gettext_lazy(
        "This comment is open; it cannot be resolved now."
    ),
    ("comment", "open", "reopened"): gettext_lazy(
        "This comment is open; it cannot be reopened now."
    ),
    ("request", "open", "reopened"): gettext_lazy(
        "This request is open; it cannot be reopened now."
    ),
    ("request", "addressed", "addressed"): gettext_lazy(
        "This request is addressed; it cannot be addressed now."
    ),
    ("request", "resolved", "addressed"): gettext_lazy(
        "This request is resolved; it cannot be addressed now."
    ),
    ("request", "resolved", "resolved"): gettext_lazy(
        "This request is resolved; it cannot be resolved now."
    ),
}


@transaction.atomic
def comment(
    *,
    by: User,
    version: Version,
    body: str,
    kind: str = Kind.COMMENT,
    is_blocking: bool = False,
    passage: str = "",
) -> Comment:
    """A remark on a version, whatever its state, or on some words of it.

    A request waits until it is resolved; a blocking one, which reviewers make, stops an approval.
    """
    _may_speak(by)
    if kind not in Kind.values:
        raise BadDraft(
            "kind",
            _("The kind is not known. Use one of: %(kinds)s.") % {"kinds": ", ".join(Kind.values)},
        )
    if is_blocking and kind != Kind.REQUEST:
        raise BadDraft("is_blocking", _("Only a request can stop an approval."))
    if is_blocking and not by.can("pairs.review"):
        raise NotYours(_("Reviewers say what must be met before an approval."))
    text = remark(body, _("The remark"))
    if not text:
        raise ReasonMissing
    return Comment.objects.create(
        version=version,
        author=by,
        kind=kind,
        is_blocking=is_blocking,
        passage=_passage(version, passage),
        body=text,
    )


@transaction.atomic
def answer(*, by: User, comment: Comment, move: str = Move.REPLY, body: str = "") -> CommentEvent:
    """Answer a thread, or move a request. `NotNow` where its state does not allow the move."""
    _may_speak(by)
    stored = Comment.objects.select_for_update().select_related("version__pair").get(pk=comment.pk)
    if move not in stored.moves:
        raise NotNow(_not_allowed(stored.kind, stored.state, move))
    _may_move(by, stored, move)
    text = remark(body, _("The answer"))
    if not text and move in (Move.REPLY, Move.REOPENED):
        raise ReasonMissing
    event = CommentEvent.objects.create(comment=stored, move=move, author=by, body=text)
    if move != Move.REPLY:
        record(by=by, verb=f"request {move}", target=stored.pk, note=stored.version_id)
    return event


def remark(text: str, where: str) -> str:
    """As it is stored."""
    try:
        return accept(text.strip(), where=where, limit=MAX_REMARK)
    except BadText as error:
        raise NotNow(str(error)) from error


def _not_allowed(kind: str, state: str, move: str) -> str:
    known = NOT_ALLOWED.get((kind, state, move))
    return str(known) if known else f"This {kind} is {state}; it cannot be {move} now."


def _may_speak(by: User) -> None:
    if not (by.can("pairs.write") or by.can("pairs.review")):
        raise NotYours(_("Authors, curators and reviewers write remarks."))


def _may_move(by: User, stored: Comment, move: str) -> None:
    """Writers say that they addressed a request; who asked, or a reviewer, closes or reopens it."""
    if move == Move.REPLY or stored.author_id == by.pk:
        return
    if move == Move.ADDRESSED:
        if not by.can("pairs.write"):
            raise NotYours(_("Who writes the pair says that a request is addressed."))
        return
    if not by.can("pairs.review"):
        raise NotYours(_("A request is resolved or reopened by a reviewer, or by who asked."))
    if stored.version.pair.is_work_of(by):
        raise OwnWork


def _passage(version: Version, passage: str) -> str:
    words = remark(passage, _("The passage"))
    said = [str(turn.get("content", "")) for turn in version.messages]
    if words and not threads.stands_in(words, version.response, *said):
        raise BadDraft(
            "passage",
            _("These words do not stand in this version. Copy them from what it says."),
        )
    return words
