"""Why an action of the corpus is refused; each message is for the person who asked."""

from typing import ClassVar

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
        super().__init__("You wrote this pair, so somebody else must review it.")


class NotNow(Refused):
    """The version is in a state that does not allow the move."""


class Conflict(Refused):
    """The draft was saved elsewhere in the meantime; `stored` is what was saved."""

    def __init__(self, stored: Version) -> None:
        self.stored = stored
        super().__init__(
            f"This draft was saved in the meantime by {stored.last_editor or stored.author}. "
            "Nothing is lost: your text stays in this page. "
            "Compare the two side by side, and choose."
        )


class NotReady(Refused):
    """The draft still misses something; `gaps` says what."""

    http_status = 422

    def __init__(self, gaps: list[Missing]) -> None:
        self.gaps = gaps
        listed = " ".join(f"{gap.message} {gap.mend}" for gap in gaps)
        super().__init__(f"Not sent for review yet. {listed}")


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
        super().__init__("Say why, so that the author knows what to do.")


class Stopped(Refused):
    """Checks that a curator made binding still warn; `found` says of what."""

    def __init__(self, found: list[Found]) -> None:
        self.found = found
        places = " ".join(f"{each.check.label}: {each.remark.what}" for each in found)
        super().__init__(
            f"Not approved: checks that stop an approval found something. {places} "
            "Ask for changes; a curator may also switch the check off."
        )


class Unmet(Refused):
    """Requests that must be met first; `requests` are they."""

    def __init__(self, requests: list[Comment]) -> None:
        self.requests = requests
        asked = " ".join(f"“{request}”" for request in requests)
        noun = "request" if len(requests) == 1 else "requests"
        super().__init__(
            f"Not approved: {len(requests)} open {noun} must be met first. {asked} "
            "Resolve what is met, or ask for changes."
        )


class AlreadySigned(NotNow):
    """One person is one signature."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"You signed this text already ({words}). Somebody else must read it and sign as well."
        )


class NameTaken(Refused):
    """Prompt sets are found by their names."""

    def __init__(self, name: str, slug: str) -> None:
        super().__init__(
            f"A prompt set called {name!r}, or with the address {slug!r}, exists. "
            "Sets are frozen: choose another name, for example with a date."
        )


class Purged(Refused):
    """Everything of the source had to go, so nothing of it comes in again."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            f"The source {source.name!r} was purged: {source.purge_reason} Nothing was imported. "
            "If its terms have changed, import it under a name that says so."
        )
