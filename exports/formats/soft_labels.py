"""Soft labels: how the raters' values of an answer are spread over the whole scale.

A line for each answer, or prompt, and measured criterion. `counts` and `shares` stand in the order
of `values`, levels that nobody chose included; a mean alone would hide that people differ.
"""

from collections.abc import Iterator
from statistics import fmean

from exports.formats.columns import Row, columns
from exports.formats.rated import Criterion, Rated
from exports.formats.ratings import HUMAN

COLUMNS = columns(
    study="text",
    item="code",
    prompt="code",
    completion="code",
    run="code",
    model="text",
    condition="text",
    criterion="text",
    level="code",
    about="code",
    values="integers",
    counts="integers",
    shares="numbers",
    n="integer",
    mean="number",
    n_cannot_judge="integer",
    n_outside="integer",
    is_sample="boolean",
)


def rows(it: Rated, criteria: list[Criterion]) -> Iterator[Row]:
    """A line for each criterion by which somebody was asked."""
    for criterion in criteria:
        said = [
            words
            for who, asked, words in it.given
            if who.rater_kind == HUMAN and asked.criterion == criterion.key
        ]
        if criterion.is_measured and said:
            answers = [words[0] for words in said]
            yield _row(it, criterion, it.values(criterion.key), answers)


def _row(it: Rated, criterion: Criterion, values: list[float], answers: list[str]) -> Row:
    counts = [values.count(value) for value in criterion.scale]
    n = len(values)
    return (
        *it.shown,
        criterion.key,
        criterion.level,
        criterion.about,
        list(criterion.scale),
        counts,
        [count / n if n else 0.0 for count in counts],
        n,
        fmean(values) if values else None,
        answers.count("cannot_judge"),
        answers.count("outside"),
        it.is_sample,
    )
