"""Items are shuffled by the seed; a rater's walk visits every position once."""

from hypothesis import given
from hypothesis import strategies as st

from annotation import ordering


@given(keys=st.sets(st.text(max_size=8), max_size=30), seed=st.integers(0, 2**60))
def test_the_shuffle_depends_on_seed_and_keys_alone(keys: set[str], seed: int) -> None:
    once = ordering.shuffled(sorted(keys), seed=seed)
    assert once == ordering.shuffled(sorted(keys, reverse=True), seed=seed)
    assert set(once) == keys


def test_another_seed_is_another_order() -> None:
    keys = [f"prompt {number}" for number in range(50)]
    assert ordering.shuffled(keys, seed=1) != ordering.shuffled(keys, seed=2)


@given(n=st.integers(1, 40), data=st.data())
def test_what_is_left_of_a_walk_is_what_was_not_walked(n: int, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, n - 1))
    walked = data.draw(st.integers(0, n))
    left = [
        position
        for low, high in ordering.stretches(begin=begin, walked=walked, n=n)
        for position in range(low, high)
    ]
    assert left == [(begin + step) % n for step in range(walked, n)]


@given(n=st.integers(1, 40), data=st.data())
def test_steps_count_from_the_beginning(n: int, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, n - 1))
    step = data.draw(st.integers(0, n - 1))
    assert ordering.steps(begin=begin, position=(begin + step) % n, n=n) == step + 1


def test_raters_begin_in_different_places() -> None:
    begins = {ordering.beginning(seed=3, rater_id=f"r{i}", n=1000) for i in range(20)}
    assert len(begins) > 15
