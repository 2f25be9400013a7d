"""An answer with all that raters and judges said of it, as formats of annotation tools read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from exports.formats.columns import Message
from exports.formats.ratings import HUMAN, JUDGE, VALUE, Asked, Said, Shown, Who


@dataclass(frozen=True)
class Criterion:
    """A question of the rubric, with the whole scale where it has one."""

    key: str
    label: str
    question: str
    kind: str
    level: str
    about: str
    scale: tuple[int, ...]
    anchors: tuple[tuple[int, str], ...] = ()

    @property
    def is_measured(self) -> bool:
        """Each answer to it is one number."""
        return self.kind in ("yes_no", "scale", "choice")


Given = tuple[Who, Asked, Said]


@dataclass(frozen=True)
class Rated:
    """An answer, or a prompt (`text` is empty), and what was said of it, rater by rater."""

    shown: Shown
    messages: list[Message]
    text: str
    is_sample: bool
    given: list[Given]

    def by(self, kind: str) -> Iterator[tuple[str, list[tuple[Asked, Said]]]]:
        """Each rater of a kind with what they said."""
        theirs = [each for each in self.given if each[0].rater_kind == kind]
        for who, said in groupby(theirs, key=lambda each: each[0].rater):
            yield who, [(asked, words) for _, asked, words in said]

    @property
    def people(self) -> Iterator[tuple[str, list[tuple[Asked, Said]]]]:
        return self.by(HUMAN)

    @property
    def judges(self) -> Iterator[tuple[str, list[tuple[Asked, Said]]]]:
        return self.by(JUDGE)

    def values(self, key: str) -> list[float]:
        """The numbers that people gave by a criterion."""
        return [
            said[1]
            for who, asked, said in self.given
            if who.rater_kind == HUMAN and asked.criterion == key and said[0] == VALUE
            if said[1] is not None
        ]
