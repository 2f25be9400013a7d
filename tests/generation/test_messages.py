"""Reading answers: the parts that servers disagree on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.failures import ChatError, Nonsense, failure
from generation.messages import (
    STUCK_IN_REASONING,
    ChatRequest,
    Sampling,
    read_answer,
    split_thinking,
)

REQUEST = ChatRequest("m", [{"role": "user", "content": "Hello"}])


def document(finish_reason: Any = "stop", **message: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": finish_reason}]}


@pytest.mark.parametrize(
    ("text", "said", "thought", "is_stuck"),
    [
        ("<think>\nhm\n</think>\n\nHello", "Hello", "hm", False),
        ("  <think></think>Hello", "Hello", "", False),
        ("hm\n</think>\n\nHello", "Hello", "hm", False),
        ("<think>hm and", "", "hm and", True),
        ("Hello", "Hello", "", False),
        ("The tag <think> opens a block.", "The tag <think> opens a block.", "", False),
        ("", "", "", False),
    ],
)
def test_thinking_is_kept_apart(text: str, said: str, thought: str, is_stuck: bool) -> None:
    assert split_thinking(text) == (said, thought, is_stuck)


def test_with_thinking_off_a_closing_tag_is_part_of_the_answer() -> None:
    text = "A block ends with </think>."
    assert split_thinking(text, enable_thinking=False) == (text, "", False)


@given(st.text())
def test_no_text_is_lost_in_splitting(text: str) -> None:
    said, thought, _ = split_thinking(text)
    kept = f"{thought}{said}".split()
    assert (
        "".join(kept)
        == "".join(text.lstrip().removeprefix("<think>").replace("</think>", "", 1).split())
        or "</think>" in text
    )


def test_a_parsing_server_that_ran_out_of_tokens_is_stuck() -> None:
    answer = read_answer(document("length", content=None, reasoning="hm"), request=REQUEST)
    assert (answer.text, answer.finish_reason) == ("", STUCK_IN_REASONING)


def test_a_truncated_answer_keeps_the_servers_word() -> None:
    answer = read_answer(document("length", content="I he"), request=REQUEST)
    assert (answer.finish_reason, answer.is_truncated) == ("length", True)


def test_a_refusal_in_a_field_of_its_own_is_the_answer() -> None:
    answer = read_answer(document(content=None, refusal="I cannot."), request=REQUEST)
    assert answer.text == "I cannot."


def test_an_empty_answer_is_an_answer() -> None:
    assert read_answer(document("content_filter", content=None), request=REQUEST).text == ""


def test_an_answer_in_parts_is_joined() -> None:
    parts = [{"type": "text", "text": "I "}, {"type": "text", "text": "hear."}]
    assert read_answer(document(content=parts), request=REQUEST).text == "I hear."


def test_what_a_server_leaves_out_is_unknown() -> None:
    answer = read_answer(document(None, content="Hi"), request=REQUEST)
    assert (answer.finish_reason, answer.model) == ("unknown", "m")
    assert (answer.n_prompt_tokens, answer.n_completion_tokens) == (None, None)


@pytest.mark.parametrize("usage", [3, [], {"prompt_tokens": "x"}, {"prompt_tokens": -1}])
def test_counts_that_are_no_counts_are_unknown(usage: Any) -> None:
    answer = read_answer({**document(content="Hi"), "usage": usage}, request=REQUEST)
    assert answer.n_prompt_tokens is None


def test_an_answer_without_content_is_nonsense() -> None:
    with pytest.raises(Nonsense, match="'content'"):
        read_answer(document(), request=REQUEST)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.one_of(json_values, st.builds(lambda value: {"choices": [value]}, json_values)))
def test_any_document_is_an_answer_or_nonsense(value: Any) -> None:
    with pytest.raises(Nonsense):
        read_answer(value, request=REQUEST)


@given(st.integers(201, 999), st.binary(max_size=60), st.none() | st.text(max_size=9))
def test_any_status_becomes_an_error_with_words(
    status: int, raw: bytes, retry_after: str | None
) -> None:
    error = failure(status, raw, retry_after)
    assert isinstance(error, ChatError)
    assert str(status) in str(error)
    assert "\x00" not in str(error)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"error": {"message": "Too long"}}', "Too long"),
        (b'{"error": "Too long"}', "Too long"),
        (b'{"detail": "Too long"}', "Too long"),
        (b'{"message": "Too long"}', "Too long"),
        (b"Too long", "Too long"),
        (b'{"detail": [{"loc": ["body"]}]}', "loc"),
        (b"", "(nothing)"),
    ],
)
def test_what_the_server_says_is_shown(raw: bytes, words: str) -> None:
    assert words in str(failure(400, raw, None))


def test_only_chosen_sampling_fields_are_sent() -> None:
    assert Sampling(temperature=0.0, stop=("x",)).sent() == {"temperature": 0.0, "stop": ("x",)}
