"""Blinding indices reach published values and known corners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import blinding
from agreement.blinding import Guesses

# The CRISP trial, as analysed in Bang, Ni & Davis (2004): guesses of 277 and 139 patients.
CRISP = Guesses(
    ("active", "placebo"), np.array([[82.0, 27.0], [25.0, 29.0]]), np.array([170.0, 83.0])
)
counts = st.lists(st.integers(0, 30), min_size=6, max_size=6)


def of(numbers):
    return Guesses(("A", "B"), np.reshape(numbers[:4], (2, 2)) * 1.0, np.array(numbers[4:]) * 1.0)


def test_the_published_indices_of_a_trial_are_reached():
    james = blinding.james(CRISP, confidence=0.9)
    assert (james.value, *james.ends) == pytest.approx((0.75, 0.71, 0.78), abs=0.005)
    bang = blinding.bang(CRISP, confidence=0.9)
    active, placebo = bang["active"], bang["placebo"]
    assert (active.value, *active.ends) == pytest.approx((0.21, 0.15, 0.26), abs=0.005)
    assert (placebo.value, *placebo.ends) == pytest.approx((0.01, -0.07, 0.10), abs=0.005)


@pytest.mark.parametrize(
    ("known", "unsure", "james", "bang"),
    [
        ([[50, 0], [0, 50]], [0, 0], 0.0, 1.0),
        ([[25, 25], [25, 25]], [0, 0], 0.5, 0.0),
        ([[0, 50], [50, 0]], [0, 0], 1.0, -1.0),
        ([[0, 0], [0, 0]], [50, 50], 1.0, 0.0),
    ],
)
def test_corners_are_what_they_should_be(known, unsure, james, bang):
    guesses = Guesses(("A", "B"), np.array(known) * 1.0, np.array(unsure) * 1.0)
    assert blinding.james(guesses).value == pytest.approx(james)
    assert blinding.bang(guesses)["A"].value == pytest.approx(bang)


def test_guessing_among_three_conditions_gives_zero():
    guesses = Guesses(("A", "B", "C"), np.full((3, 3), 20.0), np.zeros(3))
    assert [one.value for one in blinding.bang(guesses).values()] == pytest.approx([0.0] * 3)
    assert blinding.james(guesses).value == pytest.approx(0.5)
    known = Guesses(("A", "B", "C"), 20 * np.eye(3), np.zeros(3))
    assert blinding.bang(known)["C"].value == 1.0


def test_standard_errors_are_those_of_resampling():
    rng = np.random.default_rng(1)
    cells = np.concatenate([CRISP.known.ravel(), CRISP.unsure])
    drawn = rng.multinomial(int(cells.sum()), cells / cells.sum(), size=3000)
    values = [blinding.james(of(row)).value for row in drawn]
    assert blinding.james(CRISP).se == pytest.approx(np.std(values), rel=0.05)


@given(numbers=counts)
def test_indices_stay_in_range_and_do_not_care_for_names(numbers):
    guesses, turned = of(numbers), of([*numbers[3::-1], numbers[5], numbers[4]])
    one, other = blinding.james(guesses), blinding.james(turned)
    assert one.value == pytest.approx(other.value) if one.is_defined else other.reason
    bang, swapped = blinding.bang(guesses)["A"], blinding.bang(turned)["B"]
    assert bang == swapped
    if bang.is_defined:
        assert -1 <= bang.low <= bang.value <= bang.high <= 1


def test_rows_are_counted():
    rows = [("A", "A"), ("A", "B"), ("A", None), ("B", "A")]
    guesses = Guesses.build(rows, ["A", "B"])
    assert guesses.known.tolist() == [[1, 1], [1, 0]]
    assert guesses.unsure.tolist() == [1, 0]
    with pytest.raises(ValueError, match="'C'"):
        Guesses.build([("C", "A")], ["A", "B"])


def test_what_nobody_guessed_is_undefined_with_the_reason():
    empty = of([0] * 6)
    assert "nobody was asked" in blinding.james(empty).reason
    assert "nobody was asked" in blinding.bang(empty)["A"].reason
    assert "one condition" in blinding.james(of([5, 0, 0, 0, 0, 0])).reason
    assert blinding.james(of([0, 0, 0, 0, 3, 4])).interval_reason
    single = Guesses(("A",), np.array([[3.0]]), np.array([0.0]))
    assert "only one condition" in blinding.bang(single)["A"].reason


def test_guesses_of_one_rater_hang_together():
    rows = [(f"r{n}", "a", "a" if n < 5 else "b") for n in range(10) for _ in range(8)]
    by_guess = blinding.bang(blinding.Guesses.build([row[1:] for row in rows], "ab"))["a"]
    by_rater = blinding.bang_by_rater(rows, "ab")["a"]
    assert by_rater.value == by_guess.value == 0.0
    assert by_rater.se == pytest.approx(1 / 3)  # ten raters, not eighty guesses
    assert by_guess.se == pytest.approx(80**-0.5)
    one = blinding.bang_by_rater([("r", "a", "a")], "ab")
    assert (one["a"].value, one["a"].interval, one["b"].value) == (1.0, None, None)
