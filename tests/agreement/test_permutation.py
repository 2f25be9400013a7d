"""The sign-flip test is exact where it can be, and keeps its level where it cannot."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import permutation

DIFFERENCES = st.lists(st.integers(-3, 3), min_size=1, max_size=8)

# Fisher (1935), The Design of Experiments, section 21: Darwin's fifteen pairs of maize. Of 2^15
# sums of the differences, 1,726 are as far from zero as the one seen: p = 0.05267.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def test_fishers_own_example_is_reached():
    found = permutation.sign_flip(DARWIN)
    assert (found.is_exact, found.n_flips) == (True, 32_768)
    assert found.p.value == 1726 / 32_768


@given(DIFFERENCES)
def test_the_exact_p_value_equals_trying_every_sign(differences):
    found = permutation.sign_flip(differences)
    seen = abs(sum(differences))
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    assert found.p.value == pytest.approx(sum(total >= seen for total in sums) / len(sums))


@given(DIFFERENCES, st.integers(1, 4))
def test_repeating_the_rows_of_a_prompt_changes_nothing(differences, times):
    names = list(range(len(differences)))
    once = permutation.sign_flip(differences, names)
    many = permutation.sign_flip(differences * times, names * times)
    assert many.p.value == pytest.approx(once.p.value)


def test_random_flips_come_close_to_the_exact_test_and_are_never_zero(monkeypatch):
    exact = permutation.sign_flip(DARWIN).p.known
    monkeypatch.setattr(permutation, "EXACT_UP_TO", 0)
    found = permutation.sign_flip(DARWIN, draws=20_000, seed=1)
    assert not found.is_exact
    assert found.p.value == pytest.approx(exact, abs=0.006)
    assert permutation.sign_flip([1.0] * 60, draws=99).p.value == 1 / 100
    assert found == permutation.sign_flip(DARWIN, draws=20_000, seed=1)


def test_no_difference_at_all_is_no_evidence_and_no_row_no_test():
    assert permutation.sign_flip([0.0, 0.0, 0.0]).p.value == 1.0
    assert permutation.sign_flip([np.nan]).p.reason == "there is no difference to test"
    with pytest.raises(ValueError, match="2 differences, but 1 names"):
        permutation.sign_flip([1.0, 2.0], ["p"])


def test_it_rejects_about_as_often_as_it_claims_when_nothing_differs():
    rng, hits = np.random.default_rng(4), 0
    for seed in range(300):
        prompt = np.repeat(rng.normal(size=20), 3)
        values = prompt + rng.normal(size=60)
        found = permutation.sign_flip(values, np.repeat(np.arange(20), 3), draws=499, seed=seed)
        hits += found.p.known <= 0.05
    assert 0.02 <= hits / 300 <= 0.08
