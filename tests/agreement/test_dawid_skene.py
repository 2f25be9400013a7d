"""Dawid-Skene finds true labels and each rater's confusions, or says why it cannot."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import dawid_skene
from agreement.ratings import Ratings
from tests.agreement import published


def told(n_items=400, accuracies=(0.9, 0.8, 0.6), n_levels=3, missing=0.0, seed=0):
    """True labels, and ratings by raters who err evenly with their own accuracy."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_levels, n_items)
    columns = []
    for accuracy in accuracies:
        wrong = (truth + rng.integers(1, n_levels, n_items)) % n_levels
        columns.append(np.where(rng.random(n_items) < accuracy, truth, wrong).astype(float))
    matrix = np.column_stack(columns)
    matrix[rng.random(matrix.shape) < missing] = np.nan
    kept = ~np.isnan(matrix).all(axis=1)
    return truth[kept], Ratings.from_matrix(matrix[kept], "nominal", list(range(n_levels)))


def test_it_recovers_the_accuracies_and_beats_the_majority():
    truth, ratings = told(n_items=2000, accuracies=(0.95, 0.65, 0.6, 0.6))
    found = dawid_skene.estimate(ratings)
    assert found.converged and found.reason is None
    assert list(found.accuracy.values()) == pytest.approx([0.95, 0.65, 0.6, 0.6], abs=0.05)
    counts = ratings.dense_counts()
    majority = (counts.argmax(axis=1) == truth).mean()
    assert (np.array(found.likeliest) == truth).mean() > majority


def test_rare_labels_are_found_to_be_rare():
    truth, ratings = told(n_items=600, accuracies=(0.95, 0.9, 0.9, 0.9))
    few = np.flatnonzero((truth != 2) | (np.arange(len(truth)) % 10 == 0))
    rare = Ratings.from_matrix(ratings.matrix[few], "nominal", [0, 1, 2])
    found = dawid_skene.estimate(rare)
    assert found.shares == pytest.approx(np.bincount(truth[few]) / len(few), abs=0.02)


def test_gaps_are_no_evidence():
    truth, ratings = told(missing=0.3, seed=2)
    found = dawid_skene.estimate(ratings)
    assert (np.array(found.likeliest) == truth).mean() > 0.8
    assert found.shares.sum() == pytest.approx(1)
    assert found.confusion.sum(axis=2) == pytest.approx(np.ones((3, 3)))
    assert found.posterior.sum(axis=1) == pytest.approx(np.ones(len(truth)))


def test_more_rounds_never_lower_the_likelihood_without_priors():
    _, ratings = told(n_items=60, seed=3)
    steps = [
        dawid_skene.estimate(ratings, prior=0, trust=0, rounds=count).log_likelihood
        for count in range(1, 15)
    ]
    assert (np.diff(steps) >= -1e-9).all()


def test_the_likelihood_is_that_of_the_model():
    _, ratings = told(n_items=20, seed=4)
    found = dawid_skene.estimate(ratings, prior=0, trust=0)
    total = 0.0
    for row in ratings.codes:
        likelihood = found.shares.copy()
        for rater, label in enumerate(row):
            likelihood *= found.confusion[rater, :, label]
        total += np.log(likelihood.sum())
    assert found.log_likelihood == pytest.approx(total, abs=1e-5)


def test_raters_who_agree_leave_no_doubt():
    matrix = np.tile(np.arange(30)[:, None] % 3, (1, 3))
    found = dawid_skene.estimate(Ratings.from_matrix(matrix, "nominal"))
    assert found.likeliest == tuple(range(3)) * 10
    assert found.posterior.max(axis=1).min() > 0.99


@given(order=st.permutations(range(3)), labels=st.permutations(range(3)))
def test_the_order_of_raters_and_labels_does_not_matter(order, labels):
    _, ratings = told(n_items=40, seed=5)
    plain = dawid_skene.estimate(ratings)
    renamed = np.array(labels)[ratings.matrix.astype(int)][:, list(order)]
    found = dawid_skene.estimate(Ratings.from_matrix(renamed, "nominal", [0, 1, 2]))
    assert found.posterior[:, list(labels)] == pytest.approx(plain.posterior, abs=1e-5)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)


def test_it_says_when_the_rounds_ran_out():
    found = dawid_skene.estimate(told()[1], rounds=2)
    assert (found.converged, found.n_rounds) == (False, 2)
    assert "2 rounds" in found.reason


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[1], [2]], "fewer than two"),
        ([[1, np.nan], [np.nan, 2]], "two ratings"),
        ([[1, 1], [1, 1]], "same value"),
    ],
)
def test_too_little_is_undefined_with_the_reason(matrix, said):
    found = dawid_skene.estimate(Ratings.from_matrix(matrix, "nominal"))
    assert said in found.reason
    assert (found.likeliest, found.accuracy, found.log_likelihood) == ((), {}, None)


def test_psychiatrists_diagnoses_are_read():
    found = dawid_skene.estimate(published.fleiss_1971())
    assert found.converged
    assert found.likeliest[3] == 4  # all six named the fifth diagnosis
