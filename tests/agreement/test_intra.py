"""A rater's second look at an item is compared with the first, rater by rater and together."""

import pytest

from agreement import intra

ROWS = [
    ("p1", "ann", 1, 1),
    ("p2", "ann", 3, 3),
    ("p3", "ann", 5, 5),
    ("p1", "bob", 1, 2),
    ("p2", "bob", 4, 4),
    ("p3", "bob", 2, None),
    ("p4", "cem", 2, ""),
]


def test_each_rater_is_compared_with_themself():
    found = intra.by_rater(ROWS, "ordinal", [1, 2, 3, 4, 5], draws=50)
    assert [(one.rater, one.n_items) for one in found] == [("ann", 3), ("bob", 2)]
    assert (found[0].alpha.value, found[0].percent.value) == (1.0, 1.0)
    assert found[1].percent.value == 0.5


def test_together_each_raters_item_is_an_item_of_its_own():
    found = intra.pooled(ROWS, "ordinal", [1, 2, 3, 4, 5], draws=50)
    assert (found.rater, found.n_items) == ("all", 5)
    assert found.percent.value == pytest.approx(4 / 5)
    assert 0.8 < found.alpha.known < 1


def test_without_repeats_there_is_nothing_to_say():
    assert intra.by_rater([("p", "ann", 1, None)], "ordinal") == []
    assert intra.pooled([], "ordinal").alpha.reason == "no item has ratings from two raters"


def test_an_undeclared_scale_is_that_of_all_raters():
    rows = [("p1", "ann", 1, 1), ("p2", "bob", 2, 5)]
    found = intra.by_rater(rows, "ratio", draws=20)
    assert [one.n_items for one in found] == [1, 1]
