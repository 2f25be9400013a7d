"""Flags: a rater tells the curator about an item, both talk about it, the curator settles it.

What a rater reads here never says which run an answer came from.
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation.models import Assignment, Flag, FlagNote
from gate.text import BadText, accept

MAX_WORDS = 2_000


class Unfit(Exception):
    """The flag or the message cannot be taken; the message says why."""

    http_status = 422


class TellsArm(Exception):
    """A message to a rater would name a model or a condition of the study."""

    http_status = 422


class NotNow(Exception):
    """Somebody was faster; the flag is as the page now shows it."""

    http_status = 409


@transaction.atomic
def raise_flag(*, assignment: Assignment, kind: str, text: str, at: datetime) -> Flag:
    """The rater's flag on the item they hold or held. Sent twice it is one flag; sent again with
    other words, the words are added to it.
    """
    if kind not in Flag.Kind.values:
        raise Unfit(_("Choose what it is about."))
    words = _words(text)
    if kind == Flag.Kind.OTHER and not words:
        raise Unfit(_("Say in a few words what it is about."))
    # Holds the assignment's row, so that a double click finds the first one's flag.
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    flag, _new = Flag.objects.get_or_create(
        assignment=assignment,
        kind=kind,
        resolved_at=None,
        defaults={
            "study_id": assignment.study_id,
            "item_id": assignment.item_id,
            "rater_id": assignment.rater_id,
            "created_at": at,
        },
    )
    if words and not flag.notes.filter(text=words).exists():
        _note(flag, assignment.rater.user, words, at)
    return flag


@transaction.atomic
def answer(*, by: User, flag: Flag, text: str, at: datetime) -> FlagNote:
    """The curator's words to the rater."""
    words = _needed(text)
    _refuse_names(flag, words)
    return _note(flag, by, words, at)


@transaction.atomic
def reply(*, by: User, flag: Flag, text: str, at: datetime) -> FlagNote:
    """The rater's words to the curator; a settled flag is open again, or nobody would read them."""
    said = _note(flag, by, _needed(text), at)
    Flag.objects.settled().filter(pk=flag.pk).update(resolved_at=None, resolved_by=None)
    return said


@transaction.atomic
def resolve(*, by: User, flag: Flag, at: datetime) -> None:
    """Settle it. The thread stays."""
    moved = Flag.objects.waiting().filter(pk=flag.pk).update(resolved_at=at, resolved_by=by)
    if not moved:
        raise NotNow(_("This flag is settled already."))
    record(by=by, verb="flag settled", target=flag.pk)


@transaction.atomic
def reopen(*, by: User, flag: Flag) -> None:
    """It waits for a curator again."""
    moved = Flag.objects.settled().filter(pk=flag.pk).update(resolved_at=None, resolved_by=None)
    if not moved:
        raise NotNow(_("This flag is open already."))
    record(by=by, verb="flag opened again", target=flag.pk)


def _note(flag: Flag, author: User | None, text: str, at: datetime) -> FlagNote:
    if author is None:  # ratings made elsewhere have no author, and no flags
        raise Unfit(_("Only somebody who signs in can write here."))
    return FlagNote.objects.create(flag=flag, author=author, text=text, created_at=at)


def _words(text: str) -> str:
    try:
        return accept(text.strip(), where=_("Your text"), limit=MAX_WORDS)
    except BadText as error:
        raise Unfit(str(error)) from error


def _needed(text: str) -> str:
    if words := _words(text):
        return words
    raise Unfit(_("Write something first."))


def _refuse_names(flag: Flag, words: str) -> None:
    """A name that a rater would know an arm by, as a whole word in any case."""
    rows = flag.study.arms.values_list(
        "run__model__name", "run__model__served_name", "run__condition__name", "guess_label"
    )
    names = {part for row in rows for name in row if name for part in (name, name.split("/")[-1])}
    for name in sorted(names, key=len, reverse=True):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
            raise TellsArm(
                _("The rater must not learn where answers come from. Leave out “%s”.") % name
            )
