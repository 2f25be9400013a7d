"""Tables of who took which level for which add up, and name what is confused most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import confusion, krippendorff
from agreement.ratings import Ratings
from tests.agreement import published

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(2, 4)),
    elements=st.sampled_from([np.nan, 1.0, 2.0, 3.0]),
    fill=st.nothing(),
)


def test_the_table_of_two_raters_is_the_published_one():
    ratings = published.of_table(published.LANDIS_KOCH)
    found = confusion.of_pair(ratings, "1", "2")
    assert found.table.tolist() == published.LANDIS_KOCH
    assert found.n == 118
    assert found.by_row[0].tolist() == pytest.approx([22 / 26, 2 / 26, 2 / 26, 0])
    assert found.most_confused(2) == [("3", "4", 17.0), ("2", "3", 16.0)]
    again = found.found_again()["1"]
    assert (again.value, again.interval is not None) == (pytest.approx(22 / 26), True)


@given(TABLES)
def test_the_table_of_all_pairs_is_symmetric_and_holds_alphas_disagreement(table):
    ratings = Ratings.from_matrix(table, "nominal", [1, 2, 3])
    found = confusion.of_all_pairs(ratings)
    assert found.table == pytest.approx(found.table.T)
    pairable = ratings.is_given.sum(axis=1)
    assert found.n == pytest.approx(pairable[pairable >= 2].sum())
    if krippendorff.alpha(ratings, "nominal").is_defined:
        observed = 1 - np.trace(found.table) / found.n
        assert observed == pytest.approx(krippendorff.disagreement(ratings, "nominal")[0])


def test_two_columns_leave_missing_rows_out_and_refuse_unknown_levels():
    people = ["refused", "answered", "refused", None, "answered"]
    judge = ["refused", "refused", "refused", "refused", ""]
    found = confusion.of_columns(people, judge, ["refused", "answered", "partly"])
    assert found.table.tolist() == [[2, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert found.found_again()["partly"].reason == "there is nothing to count"
    assert found.by_row[2].tolist() == [0, 0, 0]
    assert found.most_confused() == [("refused", "answered", 1.0)]
    with pytest.raises(ValueError, match="'maybe' is not among the levels refused, answered"):
        confusion.of_columns(["maybe"], ["refused"], ["refused", "answered"])
