"""Why an action of the corpus is refused; each message is for the person who asked."""

from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corpus.checks import Found
from corpus.models import Comment, Source, Version
from corpus.workflow import Missing


class Refused(Exception):
    """The action did not happen, and nothing was changed."""

    http_status: ClassVar[int] = 409


class NotYours(Refused):
    """Somebody else's to do."""

    http_status = 403


class OwnWork(NotYours):
    """Nobody reviews a pair that they wrote."""

    def __init__(self) -> None:
        super().__init__(_("You wrote this pair, so somebody else must review it."))


class NotNow(Refused):
    """The version is in a state that does not allow the move."""


class Conflict(Refused):
    """The draft was saved elsewhere in the meantime; `stored` is what was saved."""

    def __init__(self, stored: Version) -> None:
        self.stored = stored
        super().__init__(
            _(
                "This draft was saved in the meantime by %(person)s. Nothing is lost: your "
                "text stays in this page. Compare the two side by side, and choose."
            )
            % {"person": stored.last_editor or stored.author}
        )


class NotReady(Refused):
    """The draft still misses something; `gaps` says what."""

    http_status = 422

    def __init__(self, gaps: list[Missing]) -> None:
        self.gaps = gaps
        listed = " ".join(f"{gap.message} {gap.mend}" for gap in gaps)
        super().__init__(_("Not sent for review yet. %(gaps)s") % {"gaps": listed})


class BadDraft(Refused):
    """A value that no draft may hold; `field` is where it was given."""

    http_status = 422

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class ReasonMissing(Refused):
    """A decision that the author can do nothing with."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why, so that the author knows what to do."))


class Stopped(Refused):
    """Checks that a curator made binding still warn; `found` says of what."""

    def __init__(self, found: list[Found]) -> None:
        self.found = found
        places = " ".join(f"{each.check.label}: {each.remark.what}" for each in found)
        super().__init__(
            _(
                "Not approved: checks that stop an approval found something. %(places)s Ask "
                "for changes; a curator may also switch the check off."
            )
            % {"places": places}
        )


class Unmet(Refused):
    """Requests that must be met first; `requests` are they."""

    def __init__(self, requests: list[Comment]) -> None:
        self.requests = requests
        asked = " ".join(f"“{request}”" for request in requests)
        super().__init__(
            ngettext(
                "Not approved: %(n)s open request must be met first. %(requests)s "
                "Resolve what is met, or ask for changes.",
                "Not approved: %(n)s open requests must be met first. %(requests)s "
                "Resolve what is met, or ask for changes.",
                len(requests),
            )
            % {"n": len(requests), "requests": asked}
        )


class AlreadySigned(NotNow):
    """One person is one signature."""

    def __init__(self, words: str) -> None:
        super().__init__(
            _(
                "You signed this text already (%(words)s). Somebody else must read it and sign "
                "as well."
            )
            % {"words": words}
        )


class NameTaken(Refused):
    """Prompt sets are found by their names."""

    def __init__(self, name: str, slug: str) -> None:
        super().__init__(
            _(
                "A prompt set called %(name)s, or with the address %(slug)s, exists. Sets are "
                "frozen: choose another name, for example with a date."
            )
            % {"name": repr(name), "slug": repr(slug)}
        )


class Purged(Refused):
    """Everything of the source had to go, so nothing of it comes in again."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            _(
                "The source %(source)s was purged: %(reason)s Nothing was imported. If its "
                "terms have changed, import it under a name that says so."
            )
            % {"source": repr(source.name), "reason": source.purge_reason}
        )
