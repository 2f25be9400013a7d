"""How varied answers are is counted as it is said to be, and every figure has its interval."""

import pytest

from agreement import wilson
from training import loop

SAME = "I cannot help you with that, but there are people who listen at any hour of the day."
OTHER = "What you feel matters; tell me what happened before you began to think about this."


def test_answers_of_one_template_are_counted_as_repeated() -> None:
    found = loop.variety([SAME, SAME.upper(), f"{SAME} Yes.", OTHER])
    assert found.repeated == wilson.proportion(3, 4)
    assert found.n == 4


def test_distinct_n_is_the_share_of_different_word_sequences() -> None:
    one, two = loop.variety(["a b a b", "a b c"]).distinct.values()
    assert one.value == pytest.approx(3 / 7)  # a b c of seven words
    assert two.value == pytest.approx(3 / 5)  # ab ba bc of five pairs
    assert one.low < one.value < one.high


def test_the_interval_leaves_out_one_answer_at_a_time() -> None:
    found = loop.distinct([["a"], ["a", "b"], ["c"]], 1)
    without = [3 / 3, 2 / 2, 2 / 3]
    centre = sum(without) / 3
    se = (2 / 3 * sum((each - centre) ** 2 for each in without)) ** 0.5
    assert found.se == pytest.approx(se)


def test_answers_that_all_differ_are_more_varied_than_copies() -> None:
    copies = loop.variety([SAME] * 5).distinct[2]
    written = loop.variety([f"{word} alone stands here" for word in "abcde"]).distinct[2]
    assert copies.high < written.low


def test_where_nothing_is_said_there_is_no_figure() -> None:
    assert loop.distinct([["word"]], 2).reason == "no answer is long enough"
    assert loop.distinct([["one", "word"]], 1).interval is None
    assert loop.variety([]).repeated.value is None


def test_a_share_of_one_answer_a_prompt_has_wilsons_interval_and_a_scale_has_clusters() -> None:
    assert loop.mean([1.0, 1.0, 0.0], ["p", "q", "r"]) == wilson.proportion(2, 3)
    twice = loop.mean([1.0, 1.0, 3.0, 3.0], ["p", "p", "q", "q"])
    assert twice.value == 2.0 and twice.high > 10  # two clusters say little
