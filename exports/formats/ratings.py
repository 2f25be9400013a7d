"""Ratings in long form: a line for every value, by raters, judges and adjudicators alike.

Raters stand under pseudonyms that differ from study to study. `value` is empty where `answer`
says why: cannot_judge, outside (their competence), or unscored by a judge.
"""

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
    answer="code",
    value="integer",
    rationale="text",
    rubric="text",
    rubric_version="integer",
    day="code",
    is_sample="boolean",
)

HUMAN, JUDGE, ADJUDICATED = "human", "judge", "adjudicated"
UNSCORED = "unscored"


class Given(NamedTuple):
    """A value as it is read. `run` and `criterion` are ids."""

    item: str | None
    prompt: str
    completion: str
    run: str
    criterion: str
    answer: str
    value: int | None
    rationale: str
    day: str


class Who(NamedTuple):
    """Who gave it: a pseudonym or a judge's name."""

    rater: str
    kind: str
    is_sample: bool


class Arm(NamedTuple):
    """Where the answer came from."""

    run: str
    model: str
    condition: str
    is_sample: bool


class Asked(NamedTuple):
    """What was asked."""

    criterion: str
    level: str


class Frame(NamedTuple):
    """What all lines of a study share."""

    study: str
    rubric: str
    rubric_version: int
    is_sample: bool


def row(it: Given, who: Who, arm: Arm, asked: Asked, frame: Frame) -> Row:
    """The value as a line."""
    return (
        frame.study,
        it.item or "",
        it.prompt,
        it.completion,
        arm.run,
        arm.model,
        arm.condition,
        who.rater,
        who.kind,
        asked.criterion,
        asked.level,
        it.answer,
        it.value,
        it.rationale,
        frame.rubric,
        frame.rubric_version,
        it.day,
        frame.is_sample or who.is_sample or arm.is_sample,
    )
