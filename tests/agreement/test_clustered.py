"""Rows that share a cluster do not count as independent, in means and in differences."""

import numpy as np
import pytest
from scipy import stats

from agreement import clustered


def test_one_row_per_cluster_is_the_plain_t_interval():
    values = np.array([2.0, 3.0, 5.0, 4.0, 1.0])
    found = clustered.mean(values, np.arange(5))
    known = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert found.interval == pytest.approx((known.low, known.high))


def test_rows_repeated_within_clusters_add_no_information():
    values, own = np.array([2.0, 3.0, 5.0, 4.0]), np.arange(4)
    once = clustered.mean(values, own)
    many = clustered.mean(np.repeat(values, 9), np.repeat(own, 9))
    assert (many.value, many.se) == pytest.approx((once.value, once.se))


def test_a_difference_over_shared_clusters_of_one_row_is_the_paired_one():
    rng = np.random.default_rng(1)
    a = rng.normal(size=12)
    b = a + rng.normal(0.4, 0.3, size=12)
    shared = clustered.difference(a, range(12), b, range(12))
    paired = clustered.paired_difference(a, b, range(12))
    assert (shared.value, shared.se) == pytest.approx((paired.value, paired.se))
    assert paired.value == pytest.approx((b - a).mean())


def test_a_difference_over_separate_clusters_is_wider_by_what_pairing_gains():
    rng = np.random.default_rng(2)
    prompt = rng.normal(size=40)
    a, b = prompt + rng.normal(0, 0.2, 40), prompt + rng.normal(0.3, 0.2, 40)
    paired = clustered.difference(a, range(40), b, range(40))
    apart = clustered.difference(a, range(40), b, range(40, 80))
    assert apart.value == pytest.approx(paired.value)
    assert apart.se > 3 * paired.se
    expected = np.sqrt(
        80 / 79 * ((a - a.mean()) @ (a - a.mean()) + (b - b.mean()) @ (b - b.mean()))
    )
    assert apart.se == pytest.approx(expected / 40)


def test_rows_without_a_score_are_left_out_and_lengths_must_match():
    found = clustered.paired_difference([1.0, np.nan, 2.0], [2.0, 5.0, 4.0], ["p", "q", "r"])
    assert found.value == 1.5
    with pytest.raises(ValueError, match="2 scores, but 1 names of clusters"):
        clustered.difference([1.0, 2.0], ["p"], [1.0], ["p"])


def test_too_little_is_said():
    assert clustered.mean(np.array([]), np.array([], dtype=int)).reason == clustered.NO_ROW
    assert clustered.mean(np.ones(3), np.zeros(3, dtype=int)).interval_reason
    assert clustered.difference([], [], [1.0], ["p"]).reason
    one = clustered.difference([1.0, 2.0], ["p", "q"], [3.0, 3.0], ["p", "p"])
    assert (one.value, one.interval_reason) == (1.5, clustered.ONE_CLUSTER)


def test_the_interval_covers_the_truth_about_as_often_as_it_claims():
    rng, hits = np.random.default_rng(3), 0
    for _ in range(400):
        prompt = rng.normal(size=(25, 1))
        a = prompt + rng.normal(size=(25, 3))
        b = prompt + 0.5 + rng.normal(0, 0.5, size=(25, 1)) + rng.normal(size=(25, 3))
        own = np.repeat(np.arange(25), 3).tolist()
        low, high = clustered.difference(a.ravel(), own, b.ravel(), own).ends
        hits += low <= 0.5 <= high
    assert 0.92 <= hits / 400 <= 0.98
