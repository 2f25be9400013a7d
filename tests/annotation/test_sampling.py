"""A stratified choice has its size, its shares and its seed, and nothing else decides it."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from annotation import sampling

strata_of = st.dictionaries(st.text(max_size=6), st.sampled_from("abcd"), max_size=60)


@given(strata=strata_of, n=st.integers(0, 70), seed=st.integers(0, 2**60))
def test_a_choice_has_its_size_and_each_stratum_its_share(
    strata: dict[str, str], n: int, seed: int
) -> None:
    chosen = sampling.stratified(strata, n, seed=seed)
    assert len(chosen) == min(n, len(strata))
    assert chosen <= set(strata)
    got = Counter(strata[key] for key in chosen)
    for stratum, size in Counter(strata.values()).items():
        share = size * len(chosen) / len(strata)
        assert abs(got[stratum] - share) < 1


@given(strata=strata_of, n=st.integers(0, 70), seed=st.integers(0, 2**60))
def test_the_order_of_the_keys_changes_nothing(strata: dict[str, str], n: int, seed: int) -> None:
    backwards = dict(reversed(strata.items()))
    assert sampling.stratified(strata, n, seed=seed) == sampling.stratified(backwards, n, seed=seed)


def test_another_seed_is_another_choice() -> None:
    strata = {f"p{number}": "a" for number in range(60)}
    assert sampling.stratified(strata, 10, seed=1) != sampling.stratified(strata, 10, seed=2)
