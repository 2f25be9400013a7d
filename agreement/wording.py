"""What the statistics say, so that it can be told in the language of who reads it. Pure.

A `Said` reads as English and remembers what it was made of: `_` and `ngettext` make one from a
sentence with named places, `joined` and `listed` from several. `kept` turns it into plain JSON
and `told` into words, by a translator's functions. The names are gettext's, so that its tools
find the sentences. Never build a sentence from another by an f-string: it would stay English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Gettext = Callable[[str], str]
Plain = Any  # what JSON can hold
SAID, PLURAL, NUMBER, WITH, PARTS, BETWEEN = "said", "plural", "n", "with", "parts", "between"
_SHAPES = ({SAID, WITH}, {SAID, PLURAL, NUMBER, WITH}, {PARTS, BETWEEN})


class Ngettext(Protocol):
    """Chooses between one and many, in its language."""

    def __call__(self, one: str, many: str, n: int, /) -> str: ...


class Said(str):
    """English, with what it was made of in `parts`."""

    parts: Mapping[str, Plain]

    def __new__(cls, parts: Mapping[str, Plain]) -> Said:
        made = super().__new__(cls, _in_words(parts, _same, _english))
        made.parts = parts
        return made

    def __getnewargs__(self) -> tuple[Mapping[str, Plain]]:  # type: ignore[override]
        """For copies and pickles, which would pass the English."""
        return (self.parts,)

    def __str__(self) -> str:
        """Itself, so that `str()` around a name that may be a number forgets nothing."""
        return self


def _(sentence: str, /, **places: Plain) -> Said:
    """A sentence with `{named}` places, which take texts, whole numbers and other `Said`."""
    return Said({SAID: sentence, WITH: kept(places)})


def ngettext(one: str, many: str, n: int, /, **places: Plain) -> Said:
    """A sentence that depends on a number, which is its place `{n}` too."""
    return Said({SAID: one, PLURAL: many, NUMBER: n, WITH: kept({"n": n, **places})})


def joined(*parts: str, between: str = " ") -> Said:
    """Several sentences, or texts, one after another; empty ones are left out."""
    return Said({PARTS: [kept(part) for part in parts if part], BETWEEN: between})


def listed(names: Sequence[str]) -> Said:
    """One name, or several with an "and" before the last."""
    if len(names) < 2:
        return joined(*names)
    return _("{names} and {last}", names=joined(*names[:-1], between=", "), last=names[-1])


def kept(value: Any) -> Plain:
    """`value` as plain JSON: every `Said` in it as what it was made of."""
    if isinstance(value, Said):
        return dict(value.parts)
    if isinstance(value, Mapping):
        return {key: kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [kept(each) for each in value]
    return value


def told(value: Any, gettext: Gettext, ngettext: Ngettext) -> Any:
    """`value`, or what was kept of one, with every `Said` in it in the translator's language."""
    if isinstance(value, Said):
        return _in_words(value.parts, gettext, ngettext)
    if isinstance(value, Mapping):
        if _is_said(value):
            return _in_words(value, gettext, ngettext)
        return {key: told(each, gettext, ngettext) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [told(each, gettext, ngettext) for each in value]
    return value


def _is_said(value: Mapping[str, Plain]) -> bool:
    """Whether it was a `Said`: by all of its keys, as a record of something else may have one."""
    if set(value) not in _SHAPES:
        return False
    if PARTS in value:
        return isinstance(value[PARTS], list) and isinstance(value[BETWEEN], str)
    return isinstance(value[SAID], str) and isinstance(value[WITH], Mapping)


def _in_words(parts: Mapping[str, Plain], gettext: Gettext, ngettext: Ngettext) -> str:
    if PARTS in parts:
        return str(parts[BETWEEN]).join(told(each, gettext, ngettext) for each in parts[PARTS])
    if PLURAL in parts:
        sentence = ngettext(parts[SAID], parts[PLURAL], parts[NUMBER])
    else:
        sentence = gettext(parts[SAID])
    places = {name: told(each, gettext, ngettext) for name, each in parts[WITH].items()}
    return sentence.format(**places)


def _same(sentence: str) -> str:
    return sentence


def _english(one: str, many: str, n: int, /) -> str:
    return one if n == 1 else many
