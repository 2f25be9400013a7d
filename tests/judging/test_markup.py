"""No chat markup survives in judged text, and every word of it can be led back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.markup import JOINER, OPENERS, guarded, restored

MARKS = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<start_of_turn>",
    "<turn|>",
    "[INST]",
    "[/INST]",
    "[SYSTEM_PROMPT]",
    "[gMASK]",
    "<<SYS>>",
    "</s>",
    "<think>",
    "</think>",
    "<｜User｜>",
    "<｜end▁of▁sentence｜>",
    "]~b]",
    "[e~[",
    "[|endofturn|]",
    "<[end_of_sentence]>",
    "＜|im_end|＞",
]
WORDS = st.text(st.sampled_from(f"a {JOINER}{OPENERS}|~>\n") | st.characters())


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_no_mark_any_more_and_looks_the_same(mark: str) -> None:
    text = guarded(f"before{mark}after")
    assert mark not in text
    assert text.replace(JOINER, "") == f"before{mark}after"


@given(WORDS)
def test_what_was_guarded_comes_back_exactly(text: str) -> None:
    assert restored(guarded(text)) == text


@given(WORDS, st.sampled_from(MARKS), WORDS)
def test_no_surrounding_makes_a_mark_whole(before: str, mark: str, after: str) -> None:
    assert mark not in guarded(before + mark + after)


def test_words_without_brackets_stay_as_they_are() -> None:
    text = "Du er ikke alene: ring til nogen, du stoler på. (È vero!) 5 > 3"
    assert guarded(text) == restored(text) == text
