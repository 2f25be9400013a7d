"""Ratings keep the declared scale, refuse contradictions and never let a NaN in as a rating."""

import math

import numpy as np
import pytest

from agreement import gwet, icc, kappa, krippendorff, percent
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings, RatingsError

NAN = float("nan")


def rows_of(*cells):
    return [tuple(cell.split()) for cell in cells]


def test_numbers_spelled_differently_are_one_level():
    ratings = Ratings.from_rows(rows_of("i A 1", "i B 1.0", "j A 02"), "ordinal", [1, 2, 3])
    assert ratings.matrix[0].tolist() == [1.0, 1.0]
    assert ratings.scale.labels == ("1", "2", "3")


def test_labels_are_ordered_as_declared_or_else_sorted():
    rows = rows_of("i A low", "i B high")
    declared = Ratings.from_rows(rows, "ordinal", ["low", "medium", "high"])
    by_name = Ratings.from_rows(rows, "nominal")
    assert declared.matrix.tolist() == [[1.0, 3.0]]
    assert by_name.scale.labels == ("high", "low")


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan")])
def test_a_missing_value_is_no_rating_and_makes_no_item(missing):
    ratings = Ratings.from_rows([("i", "A", 1), ("j", "B", missing)], "interval")
    assert (ratings.n_items, ratings.n_raters, ratings.n_values) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rows", "level", "scale", "said"),
    [
        (["i A 1", "i A 2"], "nominal", None, "Rater 'A' has rated item 'i' twice"),
        (["i A 7"], "ordinal", [1, 2], "Item 'i', rater 'A': '7' is not on the scale. .* 1, 2"),
        (["i A x"], "nominal", ["y", "z"], "'x' is not on the scale. Use one of: y, z"),
        (["i A x"], "interval", None, "'x' is not a number, which the level interval needs"),
        (["i A nan", "i B 2"], "ratio", None, "'nan' is not a number"),
        (["i A low", "i B 2"], "ordinal", None, "the order of the levels is not known"),
        (["i A -1"], "ratio", None, "-1 is below zero"),
    ],
)
def test_what_the_scale_does_not_allow_is_refused_in_words(rows, level, scale, said):
    with pytest.raises(RatingsError, match=said):
        Ratings.from_rows(rows_of(*rows), level, scale)


def test_a_matrix_off_the_scale_is_refused():
    with pytest.raises(RatingsError, match=r"'9.0' is not on the scale"):
        Ratings.from_matrix([[1, 9]], "ordinal", [1, 2, 3])


def test_unused_levels_of_a_declared_scale_count():
    table = [[1, 1], [2, 2], [1, 2], [2, 2]]
    seen, full = (Ratings.from_matrix(table, "ordinal", scale) for scale in (None, [1, 2, 3, 4, 5]))
    assert gwet.ac(seen, "quadratic").value != gwet.ac(full, "quadratic").value
    assert kappa.cohen(seen, "1", "2") == kappa.cohen(full, "1", "2")
    assert krippendorff.alpha(seen, "ordinal").value == pytest.approx(
        krippendorff.alpha(full, "ordinal").value
    )


def test_ordered_levels_with_uneven_numbers_enter_by_position():
    table = [[0, 1], [1, 10], [10, 10], [0, 0]]
    uneven = Ratings.from_matrix(table, "ordinal", [0, 1, 10])
    even = Ratings.from_matrix([[1, 2], [2, 3], [3, 3], [1, 1]], "ordinal", [1, 2, 3])
    assert kappa.weighted(uneven.ranked(), "1", "2") == kappa.weighted(even, "1", "2")
    assert percent.within_one(uneven, "ordinal") == percent.within_one(even, "ordinal")
    assert percent.within_one(uneven, "interval").value == pytest.approx(0.75)


def test_raters_can_be_picked_and_keep_the_scale():
    ratings = Ratings.from_matrix(np.array([[1, 2, 3], [NAN, NAN, 3], [2, 2, 1]]), "ordinal")
    picked = ratings.only(["1", "2"])
    assert (picked.n_items, picked.raters, picked.scale) == (2, ("1", "2"), ratings.scale)


def test_statistics_over_categories_refuse_a_continuum_but_alpha_does_not():
    ratings = Ratings.from_matrix(np.random.default_rng(0).normal(size=(300, 2)), "interval")
    for found in (gwet.ac(ratings), kappa.mean_pairwise(ratings)):
        assert "more than 200 different values" in (found.reason or "")
    assert krippendorff.alpha(ratings, "interval").value is not None
    assert percent.exact(ratings).value == 0.0


def test_an_icc_needs_every_cell_and_says_how_many_are_missing():
    ratings = Ratings.from_matrix(np.array([[1, 2], [3, NAN], [2, 2]]), "interval")
    assert icc.icc(ratings).reason == "1 of 6 ratings are missing; every rater must rate every item"


def test_raters_a_constant_apart_are_consistent_but_do_not_agree():
    ratings = Ratings.from_matrix([[1, 2], [2, 3], [3, 4], [4, 5]], "interval")
    assert icc.icc(ratings, "3,1").value == pytest.approx(1.0)
    agreement = icc.icc(ratings, "2,1")
    assert agreement.value == pytest.approx(10 / 13)
    low, high = agreement.ends
    assert low <= agreement.known <= high


def test_an_estimate_is_a_finite_number_or_a_reason():
    assert undefined("because").is_defined is False
    for wrong in ({"value": None}, {"value": 1.0, "reason": "x"}, {"value": math.nan}):
        with pytest.raises(ValueError, match="estimate"):
            Estimate(**wrong)
