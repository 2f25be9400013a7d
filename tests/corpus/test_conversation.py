from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import conversation
from corpus.conversation import BadConversation

PERSON = {"role": "user", "content": "Hello"}
ANSWER = {"role": "assistant", "content": "Hello to you"}
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_any_value_is_turns_or_is_refused_with_words(value: Any) -> None:
    try:
        messages = conversation.whole(value)
    except BadConversation as error:
        assert str(error)
    else:
        assert messages[-1]["role"] == "user"


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text("ab \r\n", max_size=5))))
def test_a_posted_form_keeps_every_word_in_order(said: list[tuple[str, str]]) -> None:
    said = said[: conversation.MAX_TURNS]
    found = conversation.from_form([role for role, _ in said], [text for _, text in said])
    kept = "".join("".join(turn["content"] for turn in found).split())
    assert kept == "".join("".join(text for _, text in said).split())
    assert not any("\r" in turn["content"] for turn in found)


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "Nothing is written"),
        ([{"role": "user", "content": " \n"}], "Nothing is written"),
        ([ANSWER], "Turn 1 should be said by the person"),
        ([PERSON, PERSON], "Turn 2 should be said by the assistant"),
        ([PERSON, ANSWER], "ends with what the person wrote"),
        ([PERSON, {"role": "assistant", "content": ""}, PERSON], "Turn 2 is empty"),
    ],
)
def test_turns_that_are_no_whole_conversation_are_named(messages: Any, said: str) -> None:
    assert said in str(conversation.problem(messages))


def test_a_conversation_of_three_turns_is_whole() -> None:
    assert conversation.problem([PERSON, ANSWER, PERSON]) is None


@pytest.mark.parametrize(
    "value",
    [
        "text",
        [{"role": "system", "content": "You are"}],
        [{"role": "user"}],
        [{"role": "user", "content": "a", "name": "b"}],
        [{"role": "user", "content": 7}],
        [{"role": "user", "content": "a\x00b"}],
        [{"role": "user", "content": "a\ud800"}],
        [{"role": "user", "content": "a" * (conversation.MAX_TURN + 1)}],
        [PERSON, ANSWER] * 21,
    ],
)
def test_what_cannot_be_kept_is_refused(value: Any) -> None:
    with pytest.raises(BadConversation):
        conversation.turns(value)


def test_the_place_of_a_bad_turn_is_named() -> None:
    with pytest.raises(BadConversation, match="turn 2, has a role that is not known"):
        conversation.turns([PERSON, {"role": "bot", "content": "a"}])


def test_the_digest_is_of_words_and_roles_alone() -> None:
    same = [{"content": "Hello", "role": "user"}]
    assert conversation.content_digest([PERSON]) == conversation.content_digest(same)
    assert conversation.content_digest([PERSON]) != conversation.content_digest([ANSWER])
