"""Where two savers of a draft differ, place by place, and the draft that one of them chose. Pure.

Of the text that both began with only marks are known, one a place: they tell who changed it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus import differences
from corpus.differences import Runs
from gate.text import digest

MINE, STORED, BOTH = "mine", "stored", "both"
Turn = tuple[str, str]  # role, content

# What is chosen as one: a category belongs to its domain.
CHOSEN_AS_ONE: dict[str, tuple[str, ...]] = {
    "expected_action": ("expected_action",),
    "language": ("language",),
    "country": ("country",),
    "domain": ("domain", "category"),
    "strategy": ("strategy",),
    "response": ("response",),
}


@dataclass(frozen=True)
class Written:
    """A draft as text: what a form posts of it."""

    turns: tuple[Turn, ...]
    values: Mapping[str, str]

    def value(self, key: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, "") for name in CHOSEN_AS_ONE[key])


@dataclass(frozen=True)
class Place:
    """Where the two differ. A turn that one of them does not have is None on that side."""

    key: str
    stored: tuple[str, ...] | None
    mine: tuple[str, ...] | None
    leaning: str  # whose changed it, if only one of them did

    @property
    def is_turn(self) -> bool:
        return "turn-" in self.key

    @property
    def is_text(self) -> bool:
        return self.is_turn or self.key == "response"

    @property
    def can_hold_both(self) -> bool:
        return self.is_text and None not in (self.stored, self.mine)

    @property
    def texts(self) -> tuple[str, str]:
        """As it is stored, and mine."""
        return _last(self.stored), _last(self.mine)

    @property
    def sides(self) -> tuple[Runs, Runs]:
        return differences.sides(*self.texts)

    @property
    def both(self) -> str:
        return differences.both(*self.texts)


class Undecided(Exception):
    """Places for which nothing was chosen; `keys` says which."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys
        super().__init__(", ".join(keys))


def marks(written: Written) -> str:
    """What is remembered of a draft when somebody begins to change it."""
    found = {_mark("turn", turn) for turn in written.turns}
    found |= {_mark(key, written.value(key)) for key in CHOSEN_AS_ONE}
    return " ".join(sorted(found))


def places(stored: Written, mine: Written, began: str = "") -> list[Place]:
    """Every place where the two differ, in the order of the form: turns, then the rest."""
    known = frozenset(began.split())
    found = [
        _place(key, stored.value(key), mine.value(key), known, key)
        for key in CHOSEN_AS_ONE
        if stored.value(key) != mine.value(key)
    ]
    turns = [
        _place(key, theirs, ours, known, "turn")
        for key, theirs, ours in _aligned(stored.turns, mine.turns)
        if theirs != ours
    ]
    return [*found[:-1], *turns, *found[-1:]] if _ends_in_response(found) else [*found, *turns]


def settle(
    stored: Written, mine: Written, choices: Mapping[str, str], merged: Mapping[str, str]
) -> Written:
    """The draft that was chosen; `Undecided` where a place has no choice."""
    different = places(stored, mine)
    open_ones = [place.key for place in different if choices.get(place.key) not in _offered(place)]
    if open_ones:
        raise Undecided(open_ones)
    values = {**stored.values, **mine.values}
    for place in different:
        if not place.is_turn:
            names = CHOSEN_AS_ONE[place.key]
            chosen = _chosen(place, choices[place.key], merged)
            values |= dict(zip(names, chosen or (), strict=True))
    turns = (
        _chosen(Place(key, theirs, ours, ""), choices.get(key, MINE), merged)
        for key, theirs, ours in _aligned(stored.turns, mine.turns)
    )
    return Written(tuple((turn[0], turn[1]) for turn in turns if turn), values)


def with_merged(mine: Written, choices: Mapping[str, str], merged: Mapping[str, str]) -> Written:
    """Mine, with what was written for both: for when the stored draft changed once more."""
    wanted = {key for key, choice in choices.items() if choice == BOTH and key in merged}
    turns = [
        (role, merged[f"turn-{number}"] if f"turn-{number}" in wanted else content)
        for number, (role, content) in enumerate(mine.turns, start=1)
    ]
    values = {"response": merged["response"]} if "response" in wanted else {}
    return Written(tuple(turns), {**mine.values, **values})


def _aligned(
    stored: tuple[Turn, ...], mine: tuple[Turn, ...]
) -> Iterator[tuple[str, Turn | None, Turn | None]]:
    """Turns beside each other, in order; keys count mine, or theirs where I have none."""
    for _, a, b, c, d in SequenceMatcher(None, stored, mine, autojunk=False).get_opcodes():
        for step in range(max(b - a, d - c)):
            theirs = stored[a + step] if a + step < b else None
            ours = mine[c + step] if c + step < d else None
            key = f"turn-{c + step + 1}" if ours else f"their-turn-{a + step + 1}"
            yield key, theirs, ours


def _place(
    key: str,
    stored: tuple[str, ...] | None,
    mine: tuple[str, ...] | None,
    known: Collection[str],
    name: str,
) -> Place:
    if not known:
        return Place(key, stored, mine, "")
    if stored is None or mine is None:
        was_there = _mark(name, stored or mine or ()) in known
        # What was there at first was taken out by the other; what was not was put in.
        return Place(key, stored, mine, STORED if was_there == (stored is None) else MINE)
    i_changed, they_changed = _mark(name, mine) not in known, _mark(name, stored) not in known
    if i_changed == they_changed:
        return Place(key, stored, mine, "")
    return Place(key, stored, mine, MINE if i_changed else STORED)


def _offered(place: Place) -> tuple[str, ...]:
    return (MINE, STORED, BOTH) if place.can_hold_both else (MINE, STORED)


def _chosen(place: Place, choice: str, merged: Mapping[str, str]) -> tuple[str, ...] | None:
    if choice == STORED:
        return place.stored
    if choice == BOTH and place.mine:
        return (*place.mine[:-1], merged.get(place.key, place.both))
    return place.mine


def _ends_in_response(found: list[Place]) -> bool:
    return bool(found) and found[-1].key == "response"


def _last(value: tuple[str, ...] | None) -> str:
    return value[-1] if value else ""


def _mark(name: str, value: tuple[str, ...]) -> str:
    return digest(name, *value)[:12]
