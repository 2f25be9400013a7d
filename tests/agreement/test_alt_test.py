"""The alternative annotator test, step by step, and its power by the number of items."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import alt_power, alt_test, contest
from agreement.alt_power import Plan


def study(n_items=60, n_raters=3, judge_sd=0.8, seed=0):
    """Scores 1-5 of raters with noise 0.8 and of a judge with its own."""
    rng = np.random.default_rng(seed)
    true = 3 + rng.normal(size=(n_items, 1))
    human = np.clip(np.round(true + 0.8 * rng.normal(size=(n_items, n_raters))), 1, 5)
    judge = np.clip(np.round(true[:, 0] + judge_sd * rng.normal(size=n_items)), 1, 5)
    return human, judge


def gaps(human, judge, score):
    """d of each rater, item by item, in plain loops."""
    found = {}
    for j in range(human.shape[1]):
        found[j] = []
        for i in range(len(human)):
            others = [human[i, k] for k in range(human.shape[1]) if k != j]
            others = [value for value in others if not np.isnan(value)]
            if np.isnan(human[i, j]) or np.isnan(judge[i]) or not others:
                continue
            its, own = score(judge[i], others), score(human[i, j], others)
            found[j].append(float(own >= its) - float(its >= own))
    return found


def closeness(value, others):
    return -np.sqrt(np.mean([(value - other) ** 2 for other in others]))


def match(value, others):
    return np.mean([value == other for other in others])


@pytest.mark.parametrize(("measure", "score"), [("distance", closeness), ("match", match)])
def test_it_equals_the_procedure_done_by_hand(measure, score):
    human, judge = study(seed=3)
    human[np.random.default_rng(1).random(human.shape) < 0.15] = np.nan
    judge[:4] = np.nan
    found = alt_test.run(human, judge, measure=measure, epsilon=0.15)
    by_hand = gaps(human, judge, score)
    p_values = [stats.ttest_1samp(d, 0.15, alternative="less").pvalue for d in by_hand.values()]
    assert [test.n_items for test in found.raters] == [len(d) for d in by_hand.values()]
    assert [test.gap for test in found.raters] == pytest.approx(
        list(map(np.mean, by_hand.values()))
    )
    assert [test.p for test in found.raters] == pytest.approx(p_values)
    order, m = np.sort(p_values), 3
    limits = [(k + 1) * 0.05 / (m * (1 + 1 / 2 + 1 / 3)) for k in range(m)]
    rejected = max((k + 1 for k in range(m) if order[k] <= limits[k]), default=0)
    assert found.winning_rate.value == pytest.approx(rejected / m)
    assert found.passes == (rejected / m >= 0.5)


def test_few_items_get_the_signed_rank_test_and_fewer_none():
    human, judge = study(n_items=33)
    human[20:, 0], human[4:, 1] = np.nan, np.nan
    one, two, three = alt_test.run(human, judge).raters
    assert (one.test, one.n_items) == ("wilcoxon", 20)
    assert two.p is None and "5 items" in two.reason
    assert three.test == "wilcoxon"
    assert 0 <= one.p <= one.adjusted_p <= 1


def test_a_judge_equal_to_everyone_passes_and_one_far_off_fails():
    human = np.tile(np.arange(40.0)[:, None] % 5, (1, 3))
    same = alt_test.run(human, human[:, 0])
    assert same.passes and same.winning_rate.value == 1.0
    assert {test.p for test in same.raters} == {0.0}
    assert same.advantage.value == 1.0
    far = alt_test.run(human, human[:, 0] + 3)
    assert far.passes is False
    assert {test.p for test in far.raters} == {1.0}
    assert far.advantage.value == 0.0


@pytest.mark.parametrize(("gap", "p"), [(0.1, 0.0), (0.2, 1.0), (0.3, 1.0)])
def test_a_constant_difference_is_certain_and_never_nan(gap, p):
    assert alt_test.t_p(np.array(gap), np.array(0.0), np.array(30.0), 0.2) == p


def test_strata_share_one_correction():
    human, judge = study(n_items=120, seed=5)
    strata = ["mild"] * 60 + ["severe"] * 60
    found = alt_test.by_stratum(human, judge, strata)
    every = [test for stratum in found.values() for test in stratum.raters]
    expected = stats.false_discovery_control([test.p for test in every], method="by")
    assert [test.adjusted_p for test in every] == pytest.approx(expected)
    assert list(found) == ["mild", "severe"]
    alone = alt_test.run(human[:60], judge[:60])
    assert [test.p for test in alone.raters] == [test.p for test in found["mild"].raters]


@given(order=st.permutations(range(3)), shift=st.integers(-3, 3), seed=st.integers(0, 30))
def test_the_order_of_raters_and_the_origin_do_not_matter(order, shift, seed):
    human, judge = study(n_items=32, seed=seed)
    plain = alt_test.run(human, judge, draws=20)
    turned = alt_test.run(human[:, list(order)] + shift, judge + shift, draws=20)
    assert turned.winning_rate == plain.winning_rate
    assert [t.p for t in turned.raters] == pytest.approx([plain.raters[j].p for j in order])


def test_the_advantage_ranks_judges_and_has_an_interval():
    human, judge = study(n_items=150, seed=8)
    good = alt_test.run(human, judge).advantage
    poor = alt_test.run(human, np.random.default_rng(0).permutation(judge)).advantage
    assert good.value > poor.value
    assert good.low < good.value < good.high


def test_too_little_is_undefined_with_the_reason():
    human, judge = study(n_items=8)
    alone = alt_test.run(human[:, :1], judge)
    assert alone.passes is None and alone.winning_rate.reason
    assert alone.raters[0].reason and alone.advantage.reason
    few = alt_test.run(human[:3], judge[:3])
    assert few.passes is None
    assert few.advantage.is_defined
    with pytest.raises(ValueError, match="8 judged"):
        alt_test.run(human[:5], judge)


def test_wins_take_many_studies_at_once():
    human, judge = study(n_items=12)
    stacked = contest.wins(np.stack([human] * 2), np.stack([judge] * 2), "distance")
    single = contest.wins(human, judge, "distance")
    assert np.array_equal(stacked[0][1], single[0]) and np.array_equal(stacked[1][0], single[1])


def test_standardised_raters_are_compared_on_one_scale():
    human, judge = study(n_items=80)
    human[::7, 1] = np.nan
    stretched = human * np.array([1.0, 3.0, 0.5]) + np.array([0.0, -2.0, 4.0])
    plain = contest.standardised(human)
    assert contest.standardised(stretched) == pytest.approx(plain, nan_ok=True)
    assert np.nanmean(plain, axis=0) == pytest.approx(np.zeros(3), abs=1e-12)
    assert np.nanstd(plain, axis=0, ddof=1) == pytest.approx(np.ones(3))
    assert contest.standardised(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    one = alt_test.run(plain, contest.standardised(judge))
    other = alt_test.run(contest.standardised(stretched), contest.standardised(2 * judge))
    assert [t.gap for t in one.raters] == pytest.approx([t.gap for t in other.raters])


# Power


def test_a_planned_study_has_the_power_of_many_tests():
    plan, rng = Plan(), np.random.default_rng(1)
    passed = 0
    for _ in range(200):
        human, judge = alt_power._draw(plan, (1, 60), rng)
        passed += bool(alt_test.run(human[0], judge[0], draws=2).passes)
    assert alt_power.of_plan(plan, [60], draws=2000)[60] == pytest.approx(passed / 200, abs=0.09)


def test_a_good_judge_needs_about_a_hundred_items():
    power = alt_power.of_plan(Plan(), [30, 50, 100, 150], draws=400)
    assert power[30] < 0.4 and power[150] > 0.9
    assert sorted(power.values()) == list(power.values())
    assert 80 <= (alt_power.planned_items(Plan(), draws=400).n_items or 0) <= 120
    assert alt_power.of_plan(Plan(judge_sd=1.1), [50])[50] < 0.2


def test_the_pilot_says_how_many_more_items_are_needed():
    human, judge = study(n_items=30, seed=2)
    needed = alt_power.items_needed(human, judge)
    n = needed.n_items or 0
    power = alt_power.of_pilot(human, judge, [n, n - 1])
    assert power[n] >= 0.8 > power[n - 1]
    assert needed.more == max(0, n - 30)
    assert alt_power.items_needed(human, judge) == needed


def test_no_number_of_items_helps_a_judge_that_loses():
    human, judge = study(n_items=40)
    needed = alt_power.items_needed(human, 6 - judge)
    assert needed.n_items is None and "even 5000 items" in needed.reason
    assert alt_power.items_needed(human[:, :1], judge).reason
    assert alt_power.of_pilot(human[:, :1], judge, [30]) == {}
    assert alt_power.of_pilot(human, human[:, 0], [1]) == {1: 0.0}
    assert alt_power.planned_items(Plan(judge_sd=3), draws=100).reason


def test_the_answer_is_in_words():
    human, judge = study(n_items=200, judge_sd=0.5, seed=1)
    words = {}
    for name, kept, by in (("yes", slice(None), judge), ("no", slice(None), 6 - judge)):
        test = alt_test.run(human[kept], by[kept])
        words[name] = alt_power.answer(test, alt_power.items_needed(human[kept], by[kept]))
    assert words["yes"] == "The judge may stand in for one of these raters."
    assert words["no"] == "The judge may not stand in for one of these raters."
    human, judge = study(n_items=30, seed=2)
    test, needed = alt_test.run(human, judge), alt_power.items_needed(human, judge)
    assert test.passes is False and needed.more > 0
    assert alt_power.answer(test, needed) == (
        f"Not enough data: {needed.more} more items like these."
    )
    nobody = alt_test.run(human[:, :1], judge)
    assert alt_power.answer(nobody, needed).startswith("Not enough data: no rater")


def test_power_takes_seconds_at_most():
    human, judge = study(n_items=100, n_raters=8)
    began = time.perf_counter()
    alt_power.items_needed(human, judge)
    alt_power.of_plan(Plan(n_raters=5), [200])
    assert time.perf_counter() - began < 5
