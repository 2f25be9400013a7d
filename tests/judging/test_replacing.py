"""The headline of a validation: which criteria the judge may stand in on, in any language."""

from types import SimpleNamespace
from typing import Any

import pytest

from agreement import wording
from judging.reports import replacing


def decided(**answers: str) -> Any:
    return [
        SimpleNamespace(pair=SimpleNamespace(label=label), answer=answer.replace("_", " "))
        for label, answer in answers.items()
    ]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"A": "may", "B": "may"}, "J may stand in for a rater on a and b."),
        (
            {"A": "unknown", "B": "may_not", "C": "may", "D": "may_not"},
            "J may stand in for a rater on c; it may not on b and d; it has too little data on a.",
        ),
        ({"A": "may_not"}, "J may not stand in for a rater on a."),
        ({"A": "unknown"}, "J has too little data on a."),
        ({}, "J has no value on an answer that people rated, so nothing can be said."),
    ],
)
def test_the_headline_has_a_clause_for_each_kind_of_answer(
    answers: dict[str, str], said: str
) -> None:
    assert replacing.headline("J", decided(**answers)) == said


def test_every_clause_of_the_headline_can_be_told() -> None:
    found = replacing.headline("J", decided(A="may", B="may_not", C="unknown"))
    marked = wording.told(wording.kept(found), lambda text: f"<{text}>", lambda one, many, n: one)
    assert marked == (
        "<J may stand in for a rater on a>; <it may not on b>; <it has too little data on c>."
    )
