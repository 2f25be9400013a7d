"""Two conditions on the same prompts are compared prompt by prompt, with honest intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import paired
from agreement.paired import Pairs

SCORES = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 4)), min_size=0, max_size=12
)


def pairs_of(rows) -> Pairs:
    return Pairs.build([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def test_one_row_per_prompt_gives_the_paired_t_interval():
    a, b = [2.0, 3.0, 1.0, 4.0, 2.0], [3.0, 3.0, 2.0, 5.0, 4.0]
    found = paired.mean_difference(Pairs.build(a, b, list("vwxyz")))
    known = stats.ttest_rel(b, a).confidence_interval(0.95)
    assert found.value == 1.0
    assert found.interval == pytest.approx((known.low, known.high))


def test_repeated_rows_of_a_prompt_do_not_pretend_to_be_new_information():
    a, b = [2.0, 3.0, 1.0, 4.0], [3.0, 3.0, 2.0, 2.0]
    once = paired.mean_difference(Pairs.build(a, b, list("wxyz")))
    tenfold = paired.mean_difference(Pairs.build(a * 10, b * 10, list("wxyz") * 10))
    assert tenfold.interval == pytest.approx(once.interval)


def test_long_rows_become_one_pair_per_prompt_that_has_both_conditions():
    rows = [
        ("p1", "base", 2.0),
        ("p1", "base", 4.0),
        ("p1", "psych", 5.0),
        ("p2", "base", 1.0),
        ("p3", "psych", 5.0),
        ("p4", "psych", 3.0),
        ("p4", "base", 3.0),
        ("p4", "other", 1.0),
        ("p4", "base", float("nan")),
    ]
    found = Pairs.by_prompt(rows, "base", "psych")
    assert (found.a.tolist(), found.b.tolist(), found.n_prompts) == ([3.0, 3.0], [5.0, 3.0], 2)


def test_superiority_counts_ties_as_half():
    found = paired.superiority(Pairs.build([1, 1, 1, 5], [2, 2, 1, 1], list("wxyz")))
    assert found.value == pytest.approx((2 + 0.5) / 4)
    low, high = found.ends
    assert 0 <= low < found.known < high <= 1


def test_the_ratio_depends_on_the_coding_and_says_which():
    pairs = Pairs.build([2.8, 2.9], [3.6, 3.7], ["p", "q"])
    given_codes = paired.ratio_of_means(pairs, scale=(1, 5))
    from_zero = paired.ratio_of_means(pairs, scale=(1, 5), start=0)
    assert given_codes.estimate.value == pytest.approx(1.281, abs=5e-4)
    assert from_zero.estimate.value == pytest.approx(1.432, abs=5e-4)
    assert given_codes.coding == "scores coded 1 to 5"
    assert from_zero.coding == "scores coded 0 to 4"


def test_a_ratio_over_nothing_is_undefined():
    pairs = Pairs.build([1, 1], [3, 4], ["p", "q"])
    found = paired.ratio_of_means(pairs, scale=(1, 5), start=0).estimate
    assert found.reason == "the mean of A is not above zero under this coding"


@pytest.mark.parametrize("n_prompts", [0, 1])
def test_too_few_prompts_are_said(n_prompts):
    pairs = Pairs.build([2.0] * n_prompts, [3.0] * n_prompts, ["p"] * n_prompts)
    found = [
        paired.mean_difference(pairs),
        paired.superiority(pairs),
        paired.ratio_of_means(pairs, scale=(1, 5)).estimate,
    ]
    for estimate in found:
        assert (estimate.reason or estimate.interval_reason) in (paired.NO_ROW, paired.ONE_PROMPT)
        assert estimate.interval is None


def test_rows_with_only_one_score_are_left_out_and_lengths_must_match():
    found = Pairs.build([1.0, float("nan"), 3.0], [2.0, 2.0, float("nan")], list("pqr"))
    assert (len(found.a), found.n_prompts) == (1, 1)
    with pytest.raises(ValueError, match="A has 1 scores, B 2, for 1 prompts"):
        Pairs.build([1.0], [1.0, 2.0], ["p"])


@given(SCORES)
def test_exchanging_the_conditions_turns_every_figure_round(rows):
    there = pairs_of(rows)
    back = pairs_of([(b, a, prompt) for a, b, prompt in rows])
    forward, backward = paired.mean_difference(there), paired.mean_difference(back)
    assert (forward.value is None) == (backward.value is None)
    if rows:
        assert forward.value == pytest.approx(-backward.known)
        assert paired.superiority(there).value == pytest.approx(1 - paired.superiority(back).known)


def test_the_intervals_cover_the_truth_about_as_often_as_they_claim():
    rng = np.random.default_rng(8)
    hits = {"difference": 0, "superiority": 0}
    for seed in range(300):
        effect = rng.normal(0.3, 0.5, 30)  # what B adds on each prompt
        a = rng.normal(size=(30, 4))
        b = a + effect[:, None] + rng.normal(0, 0.5, size=(30, 4))
        pairs = Pairs.build(a.ravel(), b.ravel(), np.repeat(np.arange(30), 4).tolist())
        difference = paired.mean_difference(pairs)
        better = paired.superiority(pairs, draws=300, seed=seed)
        hits["difference"] += difference.ends[0] <= 0.3 <= difference.ends[1]
        hits["superiority"] += better.ends[0] <= stats.norm.cdf(0.3 / 0.5**0.5) <= better.ends[1]
    assert 0.91 <= hits["difference"] / 300 <= 0.985
    assert 0.89 <= hits["superiority"] / 300 <= 0.985
