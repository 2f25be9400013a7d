"""One spelling for many: NFKC, one dash, one space, digits for number words; places are kept."""

import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crisis import spoken

DASHES = dict.fromkeys("‐‑‒–—―−", "-")
QUOTES = dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛´`", "'")
# What stands for itself: most of most texts.
PLAIN = frozenset(string.ascii_letters + string.digits + " \n.,;:!?()+/-'\"")
# Spaces of any kind, and what else is read as another character in the same place.
SPACES = {c: " " for c in map(chr, range(0x3001)) if c.isspace() and c != "\n"}
ALIKE = str.maketrans(SPACES | DASHES | QUOTES)
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")


@dataclass(frozen=True)
class Normal:
    """`text` as it is searched; character n of it stood at `starts[n]:ends[n]` of the source."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where the passage `start:end` stands in the text as it was given."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normal:
    """The text to search. Linear in its length, and quick where no character moves."""
    alike = text if PLAIN.issuperset(text) else text.translate(ALIKE)
    stays = unicodedata.is_normalized("NFKC", alike) and INVISIBLE.isdisjoint(alike)
    if stays and not spoken.runs(alike):
        return Normal(alike, range(len(alike)), range(1, len(alike) + 1))
    plain = _characters(alike)
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for run in spoken.runs("".join(character for character, _, _ in plain)):
        pieces += plain[at : run.start]
        start, end = plain[run.start][1], plain[run.end - 1][2]
        pieces += [(character, start, end) for character in run.digits]
        at = run.end
    pieces += plain[at:]
    return Normal(
        "".join(character for character, _, _ in pieces),
        tuple(start for _, start, _ in pieces),
        tuple(end for _, _, end in pieces),
    )


def _characters(text: str) -> list[tuple[str, int, int]]:
    found = []
    for place, given in enumerate(text):
        if given in PLAIN:
            found.append((given, place, place + 1))
            continue
        if given in INVISIBLE:
            continue
        for one in unicodedata.normalize("NFKC", given).translate(ALIKE):
            found.append((one, place, place + 1))
    return found
