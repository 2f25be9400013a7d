"""Figures in tables are short, and what is undefined is a dash."""

import pytest

from agreement.estimate import Estimate, undefined
from judging.figures import interval, place
from judging.templatetags.numbers import estimate, figure, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (-0.001, "0.00"), (-0.006, "-0.01"), (0.615, "0.61"), (1, "1.00")],
)
def test_a_figure_has_two_decimals_and_no_negative_nothing(value: float | None, text: str) -> None:
    assert figure(value) == text


def test_an_estimate_carries_its_interval() -> None:
    assert estimate(Estimate(0.5, -0.001, 0.9)) == "0.50 [0.00, 0.90]"
    assert estimate(undefined("no rating")) == estimate(None) == "–"
    assert percent(0.876) == "88 %"


@pytest.mark.parametrize(
    ("value", "at"), [(None, None), (-1, 0), (0, 200), (1, 400), (7, 400), (-7, 0)]
)
def test_a_value_stands_on_the_axis_or_at_its_end(value: float | None, at: float | None) -> None:
    assert place(value, -1, 1) == at


def test_a_figure_says_in_words_what_it_draws() -> None:
    drawn = interval(Estimate(0.6, 0.5, 0.7), label="Declines", judge=undefined("it is silent"))
    assert drawn.label == "Declines: 0.60 from 0.50 to 0.70, judge undefined, because it is silent"
    assert (drawn.low, drawn.point, drawn.high, drawn.judge, drawn.zero) == (
        200,
        240,
        280,
        None,
        None,
    )
