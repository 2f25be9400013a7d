"""One call gives every figure of a criterion, its causes and its readings."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import causes, profile
from agreement.causes import Words
from agreement.ratings import Ratings
from agreement.scale import LEVELS

SCALE = [1, 2, 3, 4, 5]


def strict_third(n=60):
    rng = np.random.default_rng(1)
    table = rng.integers(2, 6, (n, 1)) + np.array([0, 0, -1.0])
    return Ratings.from_matrix(table, "ordinal", SCALE)


def test_the_figures_of_a_criterion_come_together():
    found = profile.of(strict_third(), "ordinal", draws=100)
    assert set(found.icc) == {"1,1", "2,1", "3,1", "1,k", "2,k", "3,k"}
    assert found.icc["3,1"].known > found.icc["2,1"].known
    assert found.icc["2,1"] == found.agreement.icc2_1
    assert found.concordance.w.value == 1.0
    assert found.pairs.between("1", "2").kappa.value == 1.0
    assert found.pairs.weights == found.agreement.kappa_weights
    assert found.confusion.n == 180
    assert [one.name for one in found.raters] == ["1", "2", "3"]
    assert len(found.items) <= profile.MOST_ITEMS


def test_each_figure_is_read_and_the_cause_is_named():
    found = profile.of(strict_third(), "ordinal", draws=100)
    said = found.readings("relevance")
    assert set(said) - {"why"} == {"alpha", "percent", "ac", "icc"}
    assert said["percent"].endswith("values at most one step apart 100 times in 100.")
    noisy = np.random.default_rng(2).integers(0, 2, (60, 3)) + strict_third().matrix - 1
    split = profile.of(Ratings.from_matrix(noisy.clip(1, 5), "ordinal", SCALE), "ordinal", draws=50)
    why = split.readings("relevance", Words(low="harsher"))["why"]
    assert "relevance, " in why and "because 3 is harsher (by " in why
    assert causes.overview([split.finding("relevance")]) == why.replace("harsher", "stricter")


@settings(max_examples=40)
@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(0, 6), st.integers(0, 4)),
        elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0]),
        fill=st.nothing(),
    ),
    st.sampled_from(LEVELS),
)
def test_any_ratings_have_a_profile_that_can_be_read(table, level):
    found = profile.of(Ratings.from_matrix(table, level, SCALE), level, draws=20)
    for text in found.readings("tone").values():
        assert text.endswith(".") and "None" not in text and "nan" not in text


def test_too_many_levels_have_no_table():
    table = np.arange(600.0).reshape(300, 2)
    found = profile.of(Ratings.from_matrix(table, "interval"), "interval", draws=20)
    assert (found.pairs, found.confusion) == (None, None)
