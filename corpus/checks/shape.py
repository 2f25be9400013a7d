"""The shape of a check: it reads a draft and says, for each place, what it found. Pure.

A check never stands in the way of a draft. Whether it stops an approval is a curator's setting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from django.utils.functional import Promise

from corpus.conversation import Message

# "warn" is to be mended and may stop an approval; "note" is worth a look and never does.
Level = Literal["warn", "note"]
MAX_PASSAGE = 160
Words = str | Promise


@dataclass(frozen=True)
class Remark:
    """One place, why it matters, and the way to mend it. Without a place, the passage is empty."""

    level: Level
    passage: str
    what: str
    how_to_mend: str
    url: str = ""  # another page to look at


@dataclass(frozen=True)
class NearCopy:
    """Another pair whose response is nearly this one."""

    url: str
    title: str
    likeness: float  # 0 to 1


@dataclass(frozen=True, kw_only=True)
class Referral:
    """A service that the response names, and what the directory says of it on that day."""

    passage: str
    verdict: str  # crisis.entries.Verdict
    name: str = ""  # of the row that was met; empty where there is none
    contact: str = ""
    standing: str = ""  # crisis.entries.Standing
    countries: Sequence[str] = ()
    offered: Sequence[str] = ()  # verified ones of the person's country
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What checks read. `near` and `referrals` are looked up beforehand: checks ask no database."""

    response: str
    messages: Sequence[Message] = ()
    language: str = "en"
    country: str = ""
    expected_action: str = "refuse"
    near: Sequence[NearCopy] = ()
    referrals: Sequence[Referral] = ()

    @property
    def speaks(self) -> str:
        """The language without its region: `de` of `de-AT`."""
        return self.language.partition("-")[0]


class Check(Protocol):
    """A module with these four names."""

    key: str
    label: Words
    about: Words  # what it looks at, and whether it warns or notes

    def look(self, draft: Draft, /) -> Iterator[Remark]: ...


def passage(text: str, start: int, end: int, around: int = 30) -> str:
    """The place in its surroundings, cut at words, short enough to stand in a list."""
    left = max(start - around, 0)
    right = min(max(end, start + 1) + around, len(text))
    if left:
        left = text.find(" ", left, start) + 1 or left
    if right < len(text):
        right = max(text.rfind(" ", end, right), end)
    cut = " ".join(text[left:right].split())[:MAX_PASSAGE]
    return f"{'…' if left else ''}{cut}{'…' if right < len(text) else ''}"
