"""The judge reads the clinicians' words, and the judged text stays data whatever it says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.markup import restored
from judging.prompting import Point, Question, messages, rubric_text, schema

GROUNDING = Question(
    key="grounding",
    label="Psychological grounding",
    question="How well?",
    hint="Judge how it is carried out.",
    points=tuple(Point(v, f"label {v}", f"anchor {v}", f"example {v}") for v in range(1, 6)),
)
TEMPLATE = "Rules.\n{rubric}\nThe mark is {fence}.\n--- after ---\nThat was {fence}. Now rate."
SAID = [{"role": "user", "content": "I am so angry."}]


def built(answer: str, fence: str = "f00d") -> list[dict[str, str]]:
    return messages(
        template=TEMPLATE, rubric="RUBRIC", conversation=SAID, answer=answer, fence=fence
    )


def test_the_rubric_text_holds_every_anchor_and_example() -> None:
    text = rubric_text("Read first.", [GROUNDING])
    assert text.startswith("Read first.")
    for value in range(1, 6):
        assert f"{value} (label {value}): anchor {value} Example: example {value}" in text


def test_the_instruction_comes_first_and_again_after_the_answer() -> None:
    system, user = built("Hello.")
    assert system["content"] == "Rules.\nRUBRIC\nThe mark is f00d."
    assert user["content"].endswith("f00d candidate answer ends\n\nThat was f00d. Now rate.")


@given(st.text())
def test_no_answer_can_close_the_fence(answer: str) -> None:
    fence = "3f9c2e5d8a7b4c61"
    if fence in answer:
        with pytest.raises(ValueError, match="draw another"):
            built(answer, fence)
        return
    content = built(answer, fence)[1]["content"]
    inside = content.split(f"{fence} candidate answer begins\n")[1]
    assert restored(inside.split(f"\n{fence} candidate answer ends")[0]) == answer


@pytest.mark.parametrize("payload", ["{rubric}", "{fence}", "--- after ---", "}{"])
def test_placeholders_in_an_answer_are_not_filled_in(payload: str) -> None:
    assert payload in built(f"x {payload} y")[1]["content"]


def test_the_schema_takes_exactly_the_scale_and_asks_for_the_value_last() -> None:
    verdict = schema([GROUNDING])["properties"]["criteria"]["properties"]["grounding"]
    assert verdict["properties"]["value"]["enum"] == [1, 2, 3, 4, 5, None]
    assert list(verdict["properties"]) == ["evidence", "reasoning", "value"]
    assert verdict["additionalProperties"] is False
    json.dumps(verdict)
