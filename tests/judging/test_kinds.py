"""Judges answer by the same kinds as people; what is not asked is dropped, not unscored."""

import json
from typing import Any

import pytest

from annotation.sheets import When
from judging import parsing, prompting
from judging.prompting import Point, Question


def question(key: str, kind: str = "yes_no", values: tuple[int, ...] = (0, 1), **rest: Any):
    points = tuple(Point(value, f"{key} {value}", "", "") for value in values)
    return Question(key, key, "?", "", points, kind=kind, **rest)


REFUSED = question("refused")
WHY = question("why", "choices", (1, 2, 3), ask_when=When("refused", (1,)))
WORDS = question("words", "text", (), ask_when=When("why", (2,)))
STRATEGY = question("strategy", "strategy", (), names=(("grounding", "Grounding"),))
QUESTIONS = [REFUSED, WHY, WORDS, STRATEGY]


def read(**values: Any) -> dict[str, parsing.Reading]:
    said = {"refused": 1, "why": [2, 1], "words": "It blames.", "strategy": "grounding"} | values
    criteria = {key: {"evidence": "e", "reasoning": "r", "value": v} for key, v in said.items()}
    readings = parsing.read(json.dumps({"criteria": criteria}), QUESTIONS)
    return {reading.key: reading for reading in readings}


def test_each_kind_is_read_into_its_part() -> None:
    found = read()
    assert found["refused"].value == 1
    assert (found["why"].value, found["why"].picked) == (None, (1, 2))
    assert (found["words"].words, found["strategy"].words) == ("It blames.", "grounding")
    assert parsing.is_settled(list(found.values()))
    assert not any(each.unscored_reason for each in found.values())


def test_what_is_not_asked_is_dropped_whatever_the_judge_says() -> None:
    assert list(read(refused=0)) == ["refused", "strategy"]
    assert list(read(refused=None, why="rubbish")) == ["refused", "strategy"]
    assert list(read(why=[1])) == ["refused", "why", "strategy"]


def test_a_criterion_asked_alone_is_dropped_where_the_judge_says_so() -> None:
    def alone(value: Any) -> list[parsing.Reading]:
        said = {"criteria": {"why": {"evidence": "", "reasoning": "", "value": value}}}
        return parsing.read(json.dumps(said), [WHY])

    assert alone(None) == []
    assert [reading.picked for reading in alone([1])] == [(1,)]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("why", [9]),
        ("why", [True]),
        ("why", "1"),
        ("words", "  "),
        ("words", 3),
        ("strategy", "another"),
        ("strategy", ["grounding"]),
    ],
)
def test_what_does_not_fit_its_kind_is_unscored(key: str, wrong: Any) -> None:
    reading = read(**{key: wrong})[key]
    assert reading.unscored_reason and not reading.says_something
    assert not parsing.is_settled([reading])


def test_none_of_these_and_no_strategy_are_answers() -> None:
    found = read(why=[], strategy="none")
    assert (found["why"].picked, found["strategy"].words) == ((), "none")


def test_the_schema_holds_a_judge_to_each_kind() -> None:
    criteria = prompting.schema(QUESTIONS)["properties"]["criteria"]["properties"]
    values = {key: each["properties"]["value"] for key, each in criteria.items()}
    assert values["why"]["items"]["enum"] == [1, 2, 3]
    assert values["words"]["type"] == ["string", "null"]
    assert values["strategy"]["enum"] == ["grounding", "none", None]


def test_the_text_says_how_each_kind_is_answered_and_when_it_is_asked() -> None:
    text = prompting.rubric_text("Intro.", QUESTIONS)
    assert "Asked only where `refused` is 1; else its value is null." in text
    assert "the value is a list" in text
    assert "grounding: Grounding" in text
