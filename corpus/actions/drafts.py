"""Writing: pairs, drafts, sending for review, new versions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus import conversation, places, workflow
from corpus.actions.families import place
from corpus.actions.refusals import BadDraft, Conflict, NotNow, NotReady, NotYours
from corpus.actions.results import keep
from corpus.conversation import Message
from corpus.models import Domain, Editor, Pair, Source, Strategy, Version
from corpus.models.pairs import Status
from corpus.models.prompts import ExpectedAction
from gate.text import BadText, accept
from gate.wording import within


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What a person writes in a draft."""

    messages: list[Message] = field(default_factory=list)
    language: str = "en"
    country: str = ""
    domain: Domain | None = None
    category: str = ""
    strategy: Strategy | None = None
    expected_action: str = ""
    response: str = ""

    @classmethod
    def of(cls, version: Version) -> "Fields":
        """What a version holds."""
        return cls(**{name: getattr(version, name) for name in cls.__dataclass_fields__})

    def values(self) -> dict[str, Any]:
        """By column, every text storable; else `BadDraft`."""
        if not places.LANGUAGE.fullmatch(self.language):
            raise BadDraft("language", _("The language is not known. Use a code such as en or da."))
        if not places.COUNTRY.fullmatch(self.country):
            raise BadDraft("country", _("The country is not known. Use two letters, such as DK."))
        if self.expected_action and self.expected_action not in ExpectedAction.values:
            allowed = ", ".join(ExpectedAction.values)
            raise BadDraft(
                "expected_action",
                _("The action is not known. Use one of: %(allowed)s.") % {"allowed": allowed},
            )
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "messages": _turns(self.messages),
            "category": _text("category", self.category, _("The category"), 120),
            "response": _text("response", self.response, _("The response"), workflow.MAX_RESPONSE),
        }


def _turns(messages: list[Message]) -> list[Message]:
    try:
        return conversation.turns(messages)
    except BadText as error:
        raise BadDraft("messages", str(error)) from error


def _text(field: str, text: str, where: str, limit: int) -> str:
    try:
        return accept(text, where=where, limit=limit)
    except BadText as error:
        raise BadDraft(field, str(error)) from error


@transaction.atomic
def start_pair(
    *,
    by: User,
    at: datetime,
    fields: Fields | None = None,
    source: Source | None = None,
    external_id: str = "",
) -> Version:
    """A new pair with the draft of its first version."""
    values = (fields or Fields()).values()
    pair = Pair.objects.create(created_by=by, source=source, external_id=external_id)
    return Version.objects.create(pair=pair, number=1, author=by, saved_at=at, **values)


@transaction.atomic
def save_draft(
    *, by: User, version: Version, fields: Fields, lock_version: int, at: datetime
) -> Version:
    """The draft as it is now stored. `Conflict` if it was saved since `lock_version` was read.

    Saving what is stored already is no conflict: the answer to an earlier save may have been lost.
    Whoever saves is remembered: they wrote in this version, and somebody else reviews it.
    """
    if not version.can_be_edited_by(by):
        raise _not_editable(version, by)
    values = fields.values()
    saved = (
        Version.objects.open_to(by)
        .filter(pk=version.pk, status=Status.DRAFT, lock_version=lock_version)
        .update(**values, last_editor=by, lock_version=lock_version + 1, saved_at=at)
    )
    stored = Version.objects.with_people().get(pk=version.pk)
    if saved and stored.author_id != by.pk:
        Editor.objects.get_or_create(version=stored, user=by)
    if not saved and not stored.can_be_edited_by(by):
        raise _not_editable(stored, by)
    if not saved and Fields.of(stored) != fields:
        raise Conflict(stored)
    return stored


@transaction.atomic
def share_draft(*, by: User, version: Version, is_shared: bool, at: datetime) -> Version:
    """Let every author write in the draft, or its author and curators alone again."""
    if version.author_id != by.pk:
        raise NotYours(_("Only its author lets others write in a draft."))
    changed = Version.objects.filter(pk=version.pk, author=by, status=Status.DRAFT).update(
        shared_at=at if is_shared else None
    )
    version.refresh_from_db()
    if not changed:
        raise _not_editable(version, by)
    record(by=by, verb="draft shared" if is_shared else "draft closed", target=version.pk)
    return version


def _not_editable(version: Version, by: User) -> NotYours | NotNow:
    if not (version.is_open_to(by) and by.can("pairs.write")):
        return NotYours(
            _(
                "Only its author and curators change this draft. Its author may let others "
                "write in it."
            )
        )
    return NotNow(
        _("This version is %(state)s and no longer changes. Withdraw it, or write a new version.")
        % {"state": within(version.get_status_display())}
    )


@transaction.atomic
def submit(*, by: User, version: Version, at: datetime) -> Version:
    """Send the stored draft for review: exactly what was checked is what is sent."""
    stored = Version.objects.with_people().get(pk=version.pk)
    if not stored.can_be_edited_by(by):
        raise _not_editable(stored, by)
    gaps = workflow.missing(stored)
    if gaps:
        raise NotReady(gaps)
    sent = Version.objects.filter(
        pk=stored.pk, status=Status.DRAFT, lock_version=stored.lock_version
    ).update(
        status=Status.IN_REVIEW, submitted_at=at, saved_at=at, lock_version=stored.lock_version + 1
    )
    if not sent:
        raise Conflict(Version.objects.get(pk=stored.pk))
    place([stored])
    keep([stored], at)
    record(by=by, verb="pair submitted", target=stored.pk)
    stored.refresh_from_db()
    return stored


@transaction.atomic
def withdraw_submission(*, by: User, version: Version, at: datetime) -> Version:
    """Back to a draft, as long as nobody has decided."""
    if version.author_id != by.pk:
        raise NotYours(_("Only its author withdraws a version."))
    withdrawn = Version.objects.filter(pk=version.pk, author=by, status=Status.IN_REVIEW).update(
        status=Status.DRAFT, submitted_at=None, saved_at=at, lock_version=F("lock_version") + 1
    )
    version.refresh_from_db()
    if not withdrawn:
        raise NotNow(
            _("This version is %(state)s, not in review.")
            % {"state": within(version.get_status_display())}
        )
    record(by=by, verb="pair withdrawn", target=version.pk)
    return version


@transaction.atomic
def start_new_version(*, by: User, pair: Pair, at: datetime) -> Version:
    """A draft that begins with what the latest version says. The earlier one stays as it is.

    Whom its author let write with them may go on doing so.
    """
    if not by.can("pairs.write"):
        raise NotYours(_("Authors and curators write new versions."))
    latest = pair.versions.with_people().get(is_latest=True)
    left = pair.versions.filter(
        pk=latest.pk, is_latest=True, status__in=workflow.MOVES["write_anew"][0]
    ).update(is_latest=False)
    if not left:
        raise NotNow(
            _(
                "The latest version is %(state)s. A new one is written after changes were "
                "requested, or to replace an approved one."
            )
            % {"state": within(latest.get_status_display())}
        )
    return Version.objects.create(
        pair=pair,
        number=latest.number + 1,
        author=by,
        saved_at=at,
        shared_at=latest.shared_at if latest.author_id == by.pk else None,
        **Fields.of(latest).values(),
    )
