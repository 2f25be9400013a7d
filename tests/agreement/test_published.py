"""Figures printed in the literature are reached; they run without any shared data."""

import numpy as np
import pytest

from agreement import (
    brennan_prediger,
    fleiss,
    gwet,
    holm,
    icc,
    kappa,
    krippendorff,
    percent,
    wilson,
)
from agreement.ratings import Ratings
from agreement.weights import matrix as weight_matrix
from tests.agreement import published

LEVELS = [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("level", "value"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_data_c_is_krippendorffs_2011(level, value):
    found = krippendorff.alpha(published.krippendorff_c(level), level)
    assert found.value == pytest.approx(value, abs=5e-4)


def test_disagreement_of_data_c_is_krippendorffs_2004_page_230():
    nominal = krippendorff.disagreement(published.krippendorff_c(), "nominal")
    interval = krippendorff.disagreement(published.krippendorff_c(), "interval")
    assert nominal == pytest.approx((0.200, 0.779), abs=5e-4)
    assert interval == pytest.approx((0.433, 2.872), abs=5e-4)


@pytest.mark.parametrize(
    ("weights", "value", "se"),
    [
        # Gwet (2014), Handbook of Inter-Rater Reliability, same data, to three digits.
        ("identity", 0.775, 0.143),
        ("linear", 0.859, 0.117),
        ("quadratic", 0.914, 0.104),
        ("ordinal", 0.899, 0.107),
        ("radical", 0.820, 0.128),
        ("ratio", 0.857, 0.122),
        ("circular", 0.830, 0.133),
        ("bipolar", 0.900, 0.106),
    ],
)
def test_gwets_ac_and_its_standard_error_are_gwets_2014(weights, value, se):
    found = gwet.ac(published.krippendorff_c(), weights)
    assert (found.value, found.se) == pytest.approx((value, se), abs=6e-4)


def test_brennan_prediger_is_gwets_2014():
    found = brennan_prediger.kappa(published.krippendorff_c(), "identity")
    assert (found.value, found.se) == pytest.approx((0.773, 0.145), abs=6e-4)


@pytest.mark.parametrize(
    ("weights", "value", "se"), [("quadratic", 0.865, 0.146), ("linear", 0.818, 0.149)]
)
def test_weighted_fleiss_kappa_with_missing_ratings_is_gwets_2014(weights, value, se):
    found = fleiss.kappa(published.krippendorff_c(), weights)
    assert (found.value, found.se) == pytest.approx((value, se), abs=6e-4)


def test_fleiss_kappa_is_that_of_fleiss_1971():
    ratings = published.fleiss_1971()
    assert fleiss.kappa(ratings).value == pytest.approx(0.4302445, abs=1e-7)
    assert percent.exact(ratings).value == pytest.approx(0.5556, abs=5e-5)
    by_level = [fleiss.of_level(ratings, label).value for label in "12345"]
    assert by_level == pytest.approx([0.248, 0.248, 0.517, 0.470, 0.565], abs=5e-3)


@pytest.mark.parametrize(
    ("form", "value", "low", "high"),
    [
        # Values: Shrout & Fleiss (1979), Table 4. Intervals: R package psych, ICC().
        ("1,1", 0.17, -0.13, 0.72),
        ("2,1", 0.29, 0.02, 0.76),
        ("3,1", 0.71, 0.34, 0.95),
        ("1,k", 0.44, -0.88, 0.91),
        ("2,k", 0.62, 0.07, 0.93),
        ("3,k", 0.91, 0.68, 0.99),
    ],
)
def test_icc_is_that_of_shrout_and_fleiss_1979(form, value, low, high):
    ratings = Ratings.from_matrix(published.SHROUT_FLEISS, "interval")
    found = icc.icc(ratings, form)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=5.1e-3)


def test_kappa_is_cohens_1960_and_weighted_kappa_cohens_1968():
    ratings = published.of_table(published.COHEN_1968)
    costs = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    weighted = kappa.of_table(np.array(published.COHEN_1968, dtype=float), 1 - costs / 6)
    assert kappa.cohen(ratings, "1", "2").value == pytest.approx(0.492, abs=5e-4)
    assert weighted.value == pytest.approx(0.348, abs=5e-4)


def test_kappa_and_its_standard_error_are_those_of_fleiss_levin_paik():
    table = np.array(published.FLEISS_TABLE, dtype=float)
    plain = kappa.of_table(table, np.eye(3))
    squared = kappa.of_table(table, weight_matrix("quadratic", np.array(LEVELS)))
    assert (plain.value, plain.se) == pytest.approx((0.6765, 0.0877), abs=5e-5)
    assert squared.value == pytest.approx(0.7553, abs=5e-5)


def test_kappa_and_its_standard_error_are_agrestis_1992():
    found = kappa.cohen(published.of_table(published.LANDIS_KOCH), "1", "2")
    assert (found.value, found.se) == pytest.approx((0.493, 0.057), abs=5e-4)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe (1998), Stat. Med. 17:857-872, Table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_newcombes_1998(successes, n, low, high):
    found = wilson.proportion(successes, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_holm_adjusts_by_rank_and_never_decreases():
    assert holm.adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm.adjusted([]) == []
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm.adjusted([1.2])
