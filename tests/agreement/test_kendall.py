"""Kendall's W equals Friedman's statistic and published values, with ties and missing ratings."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from agreement import kendall
from agreement.ratings import Ratings
from tests.agreement import published, shared

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 8), st.integers(2, 5)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0]),
    fill=st.nothing(),
)


def w(table):
    return kendall.concordance(Ratings.from_matrix(table, "ordinal"))


def test_the_judges_of_shrout_and_fleiss_order_the_targets_alike():
    found = w(published.SHROUT_FLEISS)
    assert found.w.value == pytest.approx(0.887, abs=5e-4)
    friedman = stats.friedmanchisquare(*np.array(published.SHROUT_FLEISS))
    assert found.w.value == pytest.approx(friedman.statistic / (4 * 5))
    assert found.p.value == pytest.approx(friedman.pvalue)


@pytest.mark.shared_data
@pytest.mark.skipif(not shared.records("agreement/expected_values.csv"), reason="no shared data")
def test_the_golden_w_is_reached():
    text = (shared.FOLDER / "agreement/golden_values.json").read_text(encoding="utf-8")
    known = json.loads(text)["shrout_fleiss_1979"]
    found = w(known["targets_x_judges"])
    assert found.w.value == pytest.approx(known["kendall_W (items as objects)"], abs=1e-9)


@given(TABLES)
def test_w_with_ties_equals_friedmans_statistic(table):
    found = w(table)
    if all(len(set(column)) == 1 for column in table.T):
        assert found.w.reason == "no rater's ratings vary, so there is no order to compare"
    elif len(table) > 2:
        friedman = stats.friedmanchisquare(*table)
        expected = friedman.statistic / (table.shape[1] * (len(table) - 1))
        assert found.w.value == pytest.approx(expected)


def test_without_ties_the_mean_of_spearman_over_pairs_follows_from_w():
    rng = np.random.default_rng(1)
    table = rng.random((12, 4)) + rng.random((12, 1))
    pairs = [
        stats.spearmanr(table[:, i], table[:, j]).statistic for i in range(4) for j in range(i)
    ]
    assert w(table).mean_spearman.value == pytest.approx(np.mean(pairs))


def test_only_items_that_everyone_rated_count():
    table = np.array([[1.0, 2], [2, 3], [np.nan, 1], [3, 4]])
    found = w(table)
    assert (found.n_items, found.w.value) == (3, 1.0)


def test_what_has_no_order_says_so():
    labels = Ratings.from_rows([(1, "a", "yes"), (1, "b", "no"), (2, "a", "no")], "nominal")
    assert kendall.concordance(labels).w.reason == "these ratings are labels without an order"
    assert "fewer than two" in w([[1.0], [2.0]]).w.reason
    assert "every rater" in w([[1.0, 2.0]]).p.reason
