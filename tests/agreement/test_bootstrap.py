"""The item bootstrap is right: it covers, it equals the slow way, and it resamples clusters."""

import numpy as np
import pytest

from agreement import bootstrap, krippendorff
from agreement.estimate import Estimate
from agreement.ratings import Ratings

pytestmark = pytest.mark.filterwarnings("error")


def simulated(rng, n_items, n_raters, missing=0.0, noise=0.6):
    """Scores from 1 to 5: what the item deserves, plus what the rater adds."""
    truth = rng.normal(size=(n_items, 1))
    scores = np.clip(np.round(3 + truth + noise * rng.normal(size=(n_items, n_raters))), 1, 5)
    scores[rng.random(scores.shape) < missing] = np.nan
    return scores


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_the_interval_covers_the_truth_about_as_often_as_it_claims(level):
    rng = np.random.default_rng(1)
    large = Ratings.from_matrix(simulated(rng, 40_000, 4, 0.3), level, [1, 2, 3, 4, 5])
    truth = krippendorff.alpha(large, level).known
    runs, hits = 200, 0
    for seed in range(runs):
        ratings = Ratings.from_matrix(simulated(rng, 80, 4, 0.3), level, [1, 2, 3, 4, 5])
        found = bootstrap.alpha_interval(ratings, level, draws=300, seed=seed)
        hits += found.ends[0] <= truth <= found.ends[1]
    assert 0.89 <= hits / runs <= 0.985


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_a_draw_equals_alpha_of_the_repeated_items(level):
    rng = np.random.default_rng(2)
    table = simulated(rng, 30, 4, 0.2)
    table = table[(~np.isnan(table)).sum(axis=1) >= 2]
    times = rng.multinomial(len(table), np.ones(len(table)) / len(table), size=5)
    data = krippendorff.units(Ratings.from_matrix(table, level), level)
    batch = krippendorff.alphas(data, times.astype(float))
    slow = [
        krippendorff.alpha(Ratings.from_matrix(np.repeat(table, row, axis=0), level), level).value
        for row in times
    ]
    assert batch == pytest.approx(slow, abs=1e-12)


def test_many_equal_items_and_few_give_the_same_kind_of_interval():
    """1,000 items in few patterns are drawn as patterns, 60 as items; both match the theory."""
    rng = np.random.default_rng(3)
    table = simulated(rng, 1000, 2)
    ratings = Ratings.from_matrix(table, "interval", [1, 2, 3, 4, 5])
    found = bootstrap.alpha_interval(ratings, "interval", draws=2000)
    slow = np.array(
        [
            krippendorff.alpha(
                Ratings.from_matrix(table[rng.integers(0, 1000, 1000)], "interval"), "interval"
            ).value
            for _ in range(300)
        ]
    )
    assert found.low == pytest.approx(np.percentile(slow, 2.5), abs=0.01)
    assert found.high == pytest.approx(np.percentile(slow, 97.5), abs=0.01)


def test_items_of_one_prompt_are_drawn_together():
    rng = np.random.default_rng(4)
    table = np.repeat(simulated(rng, 25, 3), 8, axis=0)
    ratings = Ratings.from_matrix(table, "ordinal", [1, 2, 3, 4, 5])
    prompts = [str(item // 8) for item in range(200)]
    by_item = bootstrap.alpha_interval(ratings, "ordinal")
    by_prompt = bootstrap.alpha_interval(ratings, "ordinal", clusters=prompts)
    assert by_item.value == by_prompt.value
    assert np.ptp(by_prompt.ends) > 2 * np.ptp(by_item.ends)


def test_each_item_as_its_own_cluster_changes_nothing_but_the_draws():
    rng = np.random.default_rng(5)
    ratings = Ratings.from_matrix(simulated(rng, 60, 3, 0.2), "ordinal", [1, 2, 3, 4, 5])
    plain = bootstrap.alpha_interval(ratings, "ordinal", draws=4000)
    own = bootstrap.alpha_interval(ratings, "ordinal", draws=4000, clusters=ratings.items)
    assert plain.interval == pytest.approx(own.interval, abs=0.02)


def test_one_item_has_no_interval_and_says_so():
    found = bootstrap.alpha_interval(Ratings.from_matrix([[1, 2]], "ordinal"), "ordinal")
    assert found.value is not None and found.interval is None
    assert found.interval_reason == "resampling needs at least two items"
    table = [[1, 2], [2, 2], [3, 3]]
    alone = bootstrap.alpha_interval(
        Ratings.from_matrix(table, "ordinal"), "ordinal", clusters=["p", "p", "p"]
    )
    assert alone.interval_reason == "resampling needs at least two clusters of items"


def test_too_many_draws_without_variation_leave_no_interval():
    table = [[1, 1]] * 19 + [[1, 2]]
    found = bootstrap.alpha_interval(Ratings.from_matrix(table, "nominal"), "nominal")
    assert found.value is not None and found.interval is None
    assert "the same value" in (found.interval_reason or "")


def test_draws_in_several_batches_equal_draws_in_one(monkeypatch):
    rng = np.random.default_rng(6)
    ratings = Ratings.from_matrix(simulated(rng, 40, 3), "ordinal", [1, 2, 3, 4, 5])
    whole = bootstrap.alpha_interval(ratings, "ordinal", draws=50)
    monkeypatch.setattr(bootstrap, "CELLS_AT_ONCE", 400)
    assert bootstrap.alpha_interval(ratings, "ordinal", draws=50) == whole


def test_values_with_thousands_of_levels_are_resampled_as_items():
    rng = np.random.default_rng(7)
    truth = rng.normal(size=(500, 1))
    table = truth + 0.5 * rng.normal(size=(500, 3))
    for level in ("interval", "ordinal"):
        found = bootstrap.alpha_interval(Ratings.from_matrix(table, level), level, draws=200)
        assert found.ends[0] < found.known < found.ends[1]
    assert found.value == pytest.approx(0.8, abs=0.05)


def test_an_interval_of_another_width_nests():
    values = np.arange(1000) / 1000
    wide = bootstrap.with_interval(Estimate(0.5), values)
    narrow = bootstrap.with_interval(Estimate(0.5), values, confidence=0.5)
    assert wide.ends[0] < narrow.ends[0] < narrow.ends[1] < wide.ends[1]


def test_few_items_widen_the_interval_and_biased_draws_move_it():
    values = np.random.default_rng(8).normal(size=20_000)
    plain = bootstrap.with_interval(Estimate(0.0), values)
    few = bootstrap.with_interval(Estimate(0.0), values, n=20)
    many = bootstrap.with_interval(Estimate(0.0), values, n=100_000)
    moved = bootstrap.with_interval(Estimate(0.3), values, n=100_000)
    assert many.interval == pytest.approx(plain.interval, abs=0.06)
    # t with 19 df is 2.093, times sqrt(20 / 19); draws 0.3 too low move both ends by twice that
    assert few.interval == pytest.approx((-2.147, 2.147), abs=0.09)
    assert moved.interval == pytest.approx((-1.96 + 0.6, 1.96 + 0.6), abs=0.09)


def test_the_value_lies_within_its_interval_however_biased_the_draws():
    values = np.linspace(0, 1, 500)
    for value in (-1.0, 0.01, 0.99, 2.0):
        low, high = bootstrap.with_interval(Estimate(value), values, n=30).ends
        assert low <= np.clip(value, values[5], values[-5]) <= high
    same = bootstrap.with_interval(Estimate(1.0), np.ones(100), n=30)
    assert same.ends == (1.0, 1.0)
