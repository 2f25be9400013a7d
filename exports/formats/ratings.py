"""Ratings in long form: a line for every value, by raters, judges and adjudicators alike.

Raters stand under pseudonyms that differ from study to study. `value` holds what is one number,
`picked` several ("1|3", or "none" of them), `words` a text or a strategy's short name; all are
empty where `answer` says why: cannot_judge, outside (their competence), or unscored by a judge. A
line `about` the prompt has no completion. A judge has one line whatever its replicates: their mean,
with `n_replicates` saying over how many. A line is its parts in order, so that it costs little more
than the tuple that it is.
"""

from collections.abc import Sequence
from typing import NamedTuple

from exports.formats.columns import Row, columns

COLUMNS = columns(
    study="text",
    item="code",
    prompt="code",
    completion="code",
    run="code",
    model="text",
    condition="text",
    rater="text",
    rater_kind="code",
    criterion="text",
    level="code",
    about="code",
    answer="code",
    value="number",
    picked="code",
    words="text",
    n_replicates="integer",
    rationale="text",
    day="code",
    rubric="text",
    rubric_version="integer",
    is_sample="boolean",
)

PROMPT = "prompt"
HUMAN, JUDGE, ADJUDICATED = "human", "judge", "adjudicated"
VALUE, UNSCORED = "value", "unscored"

NONE = "none"
# What was said: answer, value, picked, words, replicates behind it (of a judge), rationale, day.
Said = tuple[str, float | None, str, str, int | None, str, str]


class Shown(NamedTuple):
    """What the value was given to."""

    study: str
    item: str
    prompt: str
    completion: str
    run: str
    model: str
    condition: str


class Who(NamedTuple):
    """Who gave it: a pseudonym or a judge's name."""

    rater: str
    rater_kind: str


class Asked(NamedTuple):
    """What was asked."""

    criterion: str
    level: str
    about: str


class Frame(NamedTuple):
    """By what it was measured, and whether it was made for the sample."""

    rubric: str
    rubric_version: int
    is_sample: bool


def listed(picked: Sequence[int] | None) -> str:
    """Several values in a cell."""
    return "" if picked is None else "|".join(map(str, picked)) or NONE


def row(shown: Shown, who: Who, asked: Asked, said: Said, frame: Frame) -> Row:
    """The value as a line."""
    return (*shown, *who, *asked, *said, *frame)
