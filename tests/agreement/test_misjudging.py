"""The corrected rate reaches known values, undoes a judge's errors, and refuses a coin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import misjudging
from agreement.misjudging import Share

# p, n, specificity, its n, sensitivity, its n; the corrected rate and its 95 % interval.
CASES = [
    ((0.4, 1000), (0.7, 200), (0.9, 200), 1 / 6, (0.0563507248416, 0.2627330257860)),
    ((0.8, 440), (0.9, 40), (0.95, 110), 0.8235294117647, (0.7578455388417, 0.8902591863439)),
]


@pytest.mark.parametrize(("judge", "specificity", "sensitivity", "value", "ends"), CASES)
def test_known_cases_are_reached(judge, specificity, sensitivity, value, ends):
    found = misjudging.rate(Share(*judge), Share(*specificity), Share(*sensitivity))
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.ends == pytest.approx(ends, abs=1e-12)


@given(truth=st.floats(0, 1), specificity=st.floats(0.55, 1), sensitivity=st.floats(0.55, 1))
def test_exact_error_rates_give_the_true_rate_back(truth, specificity, sensitivity):
    judged = truth * sensitivity + (1 - truth) * (1 - specificity)
    found = misjudging.rate(Share(judged, 500), Share(specificity, 100), Share(sensitivity, 100))
    assert found.value == pytest.approx(truth, abs=1e-9)


def test_a_judge_without_errors_leaves_its_own_rate():
    assert misjudging.rate(Share(0.3, 100), Share(1, 50), Share(1, 50)).value == pytest.approx(0.3)


def test_error_rates_are_counted_from_labels():
    human, judge = [1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 1]
    found = misjudging.errors(human, judge)
    assert found.sensitivity == Share(0.75, 4)
    assert found.specificity == Share(0.5, 2)
    assert misjudging.judged(judge) == Share(pytest.approx(4 / 6), 6)


def test_intervals_cover_although_the_judge_errs():
    rng = np.random.default_rng(2)
    covered, n = 0, 2000
    for _ in range(n):
        p = 0.3 * 0.85 + 0.7 * 0.2
        judge = Share(rng.binomial(400, p) / 400, 400)
        q0, q1 = Share(rng.binomial(100, 0.8) / 100, 100), Share(rng.binomial(60, 0.85) / 60, 60)
        low, high = misjudging.rate(judge, q0, q1).ends
        covered += low <= 0.3 <= high
    assert 0.93 <= covered / n <= 0.975


@pytest.mark.parametrize(
    ("judge", "specificity", "sensitivity", "said"),
    [
        ((0.4, 100), (0.5, 50), (0.5, 50), "no better than a coin"),
        ((0.4, 100), (0.2, 50), (0.3, 50), "no better than a coin"),
        ((0.0, 0), (0.9, 50), (0.9, 50), "no verdict"),
        ((0.4, 100), (0.0, 0), (0.9, 50), "false alarms"),
        ((0.4, 100), (0.9, 50), (0.0, 0), "misses"),
    ],
)
def test_what_nothing_corrects_is_undefined_with_the_reason(judge, specificity, sensitivity, said):
    found = misjudging.rate(Share(*judge), Share(*specificity), Share(*sensitivity))
    assert found.value is None
    assert said in found.reason


def test_too_small_a_sample_of_errors_leaves_the_interval_undefined():
    found = misjudging.rate(Share(0.5, 100), Share(0.2, 1000), Share(0.85, 5))
    assert found.is_defined
    assert "from a coin" in found.interval_reason


def test_a_difference_is_wider_than_either_side_and_turns_with_them():
    a = misjudging.rate(Share(0.4, 400), Share(0.9, 100), Share(0.9, 100))
    b = misjudging.rate(Share(0.6, 400), Share(0.9, 100), Share(0.9, 100))
    there, back = misjudging.difference(a, b), misjudging.difference(b, a)
    assert there.value == pytest.approx(0.25)
    assert there.ends == pytest.approx((-back.high, -back.low))
    assert there.high - there.low > a.high - a.low
    undefined = misjudging.rate(Share(0.4, 0), Share(0.9, 100), Share(0.9, 100))
    assert misjudging.difference(a, undefined).reason == undefined.reason


def test_unmatched_labels_are_refused():
    with pytest.raises(ValueError, match="2 human verdicts, but 3"):
        misjudging.errors([1, 0], [1, 0, 1])
