"""Two answers before a judge: what it is shown in each order, and what is read of its choice."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging import side_by_side
from judging.actions.judges import PLACES, SIDE_BY_SIDE_PROMPT
from judging.side_by_side import CHOICES, Shown, of_places, of_runs, read

FENCE = "mark-0123456789abcdef"
TEMPLATE = SIDE_BY_SIDE_PROMPT.read_text("utf-8")
SAID = [{"role": "user", "content": "Nobody listens to me."}]


def built(first: str, second: str, *, led: Any = SAID) -> list[dict[str, str]]:
    return side_by_side.messages(
        template=TEMPLATE,
        rubric="Criterion `warm`: Warmth",
        first=Shown(SAID, first),
        second=Shown(led, second),
        fence=FENCE,
    )


def chosen(choice: Any, reasoning: str = "It stays with them.") -> str:
    return json.dumps({"reasoning": reasoning, "choice": choice})


def test_the_shipped_prompt_has_every_place_and_every_word_of_the_choice() -> None:
    assert [place for place in PLACES if place not in TEMPLATE] == []
    assert [word for word in CHOICES if f"`{word}`" not in TEMPLATE] == []


def test_the_judge_reads_rubric_conversation_first_and_second_in_this_order() -> None:
    system, user = built("I hear you.", "Ask somebody.")
    assert "Criterion `warm`" in system["content"]
    where = [
        user["content"].index(words)
        for words in (
            *("Nobody listens", f"{FENCE} first answer begins", "I hear you."),
            *(f"{FENCE} second answer begins", "Ask somebody.", "your task has not changed"),
        )
    ]
    assert where == sorted(where)


def test_the_prompt_never_speaks_of_a_and_b() -> None:
    for message in built("Yes.", "No."):
        assert not re.search(r"\b[AB]\b|\brun\b|\bcondition\b", message["content"])


def test_one_conversation_is_shown_once_and_two_before_their_answers() -> None:
    once = built("One.", "Two.")[1]["content"]
    assert once.count("conversation begins") == 1
    other = [*SAID, {"role": "assistant", "content": "Go on."}, {"role": "user", "content": "No."}]
    twice = built("One.", "Two.", led=other)[1]["content"]
    begins = [m.group(1) for m in re.finditer(rf"(?m)^{FENCE} (.*) begins$", twice)]
    assert begins == [
        *("conversation before the first answer", "first answer"),
        *("conversation before the second answer", "second answer"),
    ]


def test_reasoning_stands_before_the_choice_in_the_schema() -> None:
    schema = side_by_side.schema()
    assert list(schema["properties"]) == schema["required"] == ["reasoning", "choice"]
    assert schema["properties"]["choice"]["enum"] == list(CHOICES)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_read(choice: str) -> None:
    reading = read(chosen(choice))
    assert (reading.choice, reading.unscored_reason) == (choice, "")
    assert reading.reasoning == "It stays with them."


def test_the_last_choice_wins() -> None:
    assert read(f"{chosen('first')} No, wait: {chosen('second')}").choice == "second"


@pytest.mark.parametrize("choice", ["A", "First", "tie", "", None, 1, ["first"], {"first": 1}])
def test_a_choice_off_the_menu_is_unscored_with_the_reason(choice: Any) -> None:
    reading = read(f"{chosen('first')}{chosen(choice)}")
    assert reading.choice == ""
    assert "is none of first, second, equal, both_unacceptable" in reading.unscored_reason


@pytest.mark.parametrize("text", ["", "The first one.", '{"reasoning": "…", "choice": "fir'])
def test_an_answer_without_a_choice_is_unscored_with_the_reason(text: str) -> None:
    reading = read(text)
    assert reading.choice == ""
    assert reading.unscored_reason.startswith("The judge's answer")


@given(st.sampled_from(CHOICES), st.booleans())
def test_places_and_runs_lead_to_each_other(choice: str, is_swapped: bool) -> None:
    assert of_places(of_runs(choice, is_swapped=is_swapped), is_swapped=is_swapped) == choice


def test_the_first_answer_is_run_b_s_where_the_order_is_swapped() -> None:
    assert [of_runs("first", is_swapped=swapped) for swapped in (False, True)] == ["A", "B"]
    assert of_runs("equal", is_swapped=True) == "equal"
