"""Whatever small or lopsided data come in: a finite number or a reason, never NaN or a crash."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement import (
    alt_power,
    alt_test,
    bradley_terry,
    davidson,
    dawid_skene,
    ppi,
    severity,
    win_rate,
)
from agreement.comparisons import Comparisons
from agreement.ratings import Ratings

cell = st.sampled_from([1.0, 2.0, 3.0, float("nan")])
tables = st.integers(1, 4).flatmap(
    lambda n_raters: st.lists(
        st.lists(cell, min_size=n_raters + 1, max_size=n_raters + 1), min_size=1, max_size=9
    )
)
scored = st.tuples(
    st.sampled_from("ijkl"), st.sampled_from("rst"), st.sampled_from("ABC"), st.integers(1, 3)
)
compared = st.tuples(
    st.integers(0, 3), st.permutations("abcd"), st.sampled_from([0.0, 0.5, 1.0])
).map(lambda row: (row[0], row[1][0], row[1][1], row[2]))


def assert_finite(found):
    if dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            assert_finite(getattr(found, field.name))
    elif isinstance(found, dict | list | tuple):
        for one in found.values() if isinstance(found, dict) else found:
            assert_finite(one)
    elif isinstance(found, float | np.ndarray):
        assert np.isfinite(found).all() and not math.isnan(np.sum(found))


@pytest.mark.filterwarnings("error")
@settings(max_examples=60)
@given(table=tables)
def test_tables_of_ratings(table):
    human, judge = np.array(table)[:, 1:], np.array(table)[:, 0]
    ratings = Ratings.from_matrix(human, "interval", [1, 2, 3])
    assert_finite(alt_test.by_stratum(human, judge, list(range(len(judge))), draws=9))
    assert_finite(alt_test.run(human, judge, measure="match", draws=9))
    assert_finite(alt_power.of_pilot(human, judge, [2, 9], draws=9))
    assert_finite(severity.of_ratings(ratings))
    assert_finite(dawid_skene.estimate(ratings))
    assert_finite(dawid_skene.estimate(ratings, prior=0, trust=0))
    assert_finite(ppi.three_ways(human[:, 0], judge))
    assert_finite(ppi.stratified(human[:, 0], judge, ["a"] * len(judge)))


@pytest.mark.filterwarnings("error")
@settings(max_examples=60)
@given(rows=st.lists(scored, max_size=18))
def test_scores_under_conditions(rows):
    assert_finite(severity.fit([(*row[:3], float(row[3])) for row in rows]))


@pytest.mark.filterwarnings("error")
@settings(max_examples=60)
@given(rows=st.lists(compared, max_size=14))
def test_comparisons(rows):
    comparisons = Comparisons.build(rows)
    side = {"side": np.ones(len(rows))}
    assert_finite(bradley_terry.with_bootstrap(comparisons, draws=9))
    assert_finite(bradley_terry.with_bootstrap(comparisons, covariates=side, draws=9))
    assert_finite(davidson.fit(comparisons))
    assert_finite(win_rate.first_slot_rate(comparisons, draws=9))
    assert_finite(win_rate.position_consistency(comparisons))


def test_raters_who_always_agree_are_perfectly_reliable():
    ratings = Ratings.from_matrix(np.tile([[1.0], [2.0], [3.0], [5.0]], (1, 3)), "interval")
    found = severity.of_ratings(ratings)
    assert found.components.reliability(1).value == pytest.approx(1, abs=1e-5)
    assert [one.value for one in found.severity.values()] == pytest.approx([0.0] * 3, abs=1e-5)
