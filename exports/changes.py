"""What a release changed since the last one of its name: pairs added, removed, changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.candidates import Held

# What makes a pair another one; the rest of a version is its wording.
MEANING = ("prompt", "domain", "expected_action", "split")
WORDING = "wording"
WORDS: dict[str, str | Promise] = {
    "prompt": _("another conversation"),
    "domain": _("another domain"),
    "expected_action": _("another expected action"),
    "split": _("another split"),
    WORDING: _("other words or labels"),
}
SHOWN = 20


@dataclass(frozen=True)
class Changed:
    """A pair of both releases that is not the same; `version` is the later one."""

    pair: str
    version: str
    what: tuple[str, ...]

    @property
    def is_of_meaning(self) -> bool:
        return self.what != (WORDING,)

    @property
    def what_words(self) -> list[str | Promise]:
        return [WORDS[each] for each in self.what]


@dataclass(frozen=True)
class Changes:
    """By pair, in order of their ids; added and removed name a version to look at."""

    added: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def breaks(self) -> bool:
        """Who relied on the last release has to look."""
        return bool(self.removed) or any(each.is_of_meaning for each in self.changed)

    @property
    def added_first(self) -> list[tuple[str, str]]:
        return list(self.added.items())[:SHOWN]

    @property
    def removed_first(self) -> list[tuple[str, str]]:
        return list(self.removed.items())[:SHOWN]

    @property
    def changed_first(self) -> list[Changed]:
        return self.changed[:SHOWN]


def between(before: Mapping[str, Held], after: Mapping[str, Held]) -> Changes:
    """From one release to the next, each by pair."""
    both = sorted(before.keys() & after.keys())
    found = [(pair, _what(before[pair], after[pair])) for pair in both]
    return Changes(
        added={pair: after[pair].version for pair in sorted(after.keys() - before.keys())},
        removed={pair: before[pair].version for pair in sorted(before.keys() - after.keys())},
        changed=[Changed(pair, after[pair].version, what) for pair, what in found if what],
    )


def _what(before: Held, after: Held) -> tuple[str, ...]:
    meaning = tuple(name for name in MEANING if getattr(before, name) != getattr(after, name))
    return meaning or ((WORDING,) if before.digest != after.digest else ())
