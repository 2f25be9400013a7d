"""Conger's kappa is Cohen's of two raters, and allows for raters who use the levels unalike."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import conger, fleiss, kappa, krippendorff, weighted_alpha, weights
from agreement.ratings import Ratings
from tests.agreement import published

SCALE = [1, 2, 3, 4]
NAMES = st.sampled_from(weights.WEIGHTS)


def full(n_raters):
    return arrays.arrays(
        np.float64,
        st.tuples(st.integers(2, 8), n_raters),
        elements=st.sampled_from([1.0, 2.0, 3.0, 4.0]),
        fill=st.nothing(),
    )


@given(full(st.just(2)), NAMES)
def test_of_two_raters_it_is_cohens_kappa(table, name):
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    cohen = kappa.weighted(ratings, "1", "2", name)
    found = conger.kappa(ratings, name)
    assert (found.value is None) == (cohen.value is None)
    assert found.value is None or found.value == pytest.approx(cohen.value, abs=1e-9)


@given(full(st.integers(2, 4)), NAMES)
def test_chance_is_the_mean_over_pairs_of_raters(table, name):
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    weight = weights.matrix(name, ratings.levels)
    tables = [
        kappa.cross_table(ratings, a, b) / ratings.n_items
        for a, b in combinations(ratings.raters, 2)
    ]
    observed = np.mean([(t * weight).sum() for t in tables])
    expected = np.mean([t.sum(axis=1) @ weight @ t.sum(axis=0) for t in tables])
    assume(expected < 1 - 1e-9)
    found = conger.kappa(ratings, name).value
    assert found == pytest.approx((observed - expected) / (1 - expected), abs=1e-9)


@pytest.mark.parametrize(("name", "level"), [("identity", "nominal"), ("quadratic", "interval")])
@given(table=full(st.integers(2, 4)))
def test_alpha_under_named_weights_is_krippendorffs_where_the_two_meet(name, level, table):
    ratings = Ratings.from_matrix(table, level, SCALE)
    found, known = weighted_alpha.alpha(ratings, name), krippendorff.alpha(ratings, level)
    assert (found.value is None) == (known.value is None)
    assert found.value is None or found.value == pytest.approx(known.value, abs=1e-9)


def test_gwets_ordinal_weights_are_not_krippendorffs_ordinal_metric():
    """Krippendorff (2011), data C; the first figure is that of Gwet's software."""
    ratings = published.krippendorff_c("ordinal")
    assert weighted_alpha.alpha(ratings, "ordinal").value == pytest.approx(0.834, abs=6e-4)
    assert krippendorff.alpha(ratings, "ordinal").value == pytest.approx(0.815, abs=6e-4)


def test_figures_of_gwets_software_on_the_published_ratings_are_reached():
    table = published.krippendorff_c("nominal").matrix.copy()
    table[11, [1, 2]] = np.nan, 3  # there, another rater gave the single rating of item 12
    ratings = Ratings.from_matrix(table, "nominal")
    found = conger.kappa(ratings)
    assert found.value == pytest.approx(0.763, abs=6e-4)
    linear = conger.kappa(ratings, "linear")
    assert (linear.value, linear.se) == pytest.approx((0.814, 0.145), abs=6e-4)
    alpha = weighted_alpha.alpha(ratings, "identity")
    assert (alpha.value, alpha.se) == pytest.approx((0.743, 0.146), abs=6e-4)


def test_standard_errors_match_the_spread_over_samples():
    rng, found = np.random.default_rng(1), []
    for _ in range(300):
        truth = rng.integers(1, 5, (60, 1))
        noise = rng.integers(1, 5, (60, 4))
        table = np.where(rng.random((60, 4)) < 0.6, truth, noise).astype(float)
        table[rng.random(table.shape) < 0.2] = np.nan
        ratings = Ratings.from_matrix(table, "nominal", SCALE)
        each = (
            conger.kappa(ratings),
            fleiss.kappa(ratings),
            weighted_alpha.alpha(ratings, "identity"),
        )
        found.append([(estimate.value, estimate.se) for estimate in each])
    values = np.array(found)
    for statistic in range(3):
        spread = values[:, statistic, 0].std(ddof=1)
        assert values[:, statistic, 1].mean() == pytest.approx(spread, rel=0.15)


def test_undefined_is_said():
    one = Ratings.from_matrix([[1], [2]], "nominal", SCALE)
    flat = Ratings.from_matrix([[1, 1], [1, 1]], "nominal", SCALE)
    single = Ratings.from_matrix([[1, 2]], "nominal", SCALE)
    for statistic in (conger.kappa, weighted_alpha.alpha):
        assert statistic(one, "identity").reason == "no item has ratings from two raters"
        assert "same value" in statistic(flat, "identity").reason
        assert statistic(single, "identity").interval_reason


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(2, 8), st.integers(2, 4)),
        elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0, 4.0]),
        fill=st.nothing(),
    )
)
def test_what_items_add_to_chance_is_chance_on_average_whatever_is_missing(table):
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    assume(ratings.n_raters >= 2)
    use = conger._use(ratings)
    pulls = (use.sum(axis=0) - use) @ weights.matrix("linear", ratings.levels)
    per_item = conger._per_item(ratings, use, pulls)
    assert per_item.mean() == pytest.approx((pulls * use).sum())
