"""What a judged text says is never structure: not in the prompt, not in the verdict."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import rubric_files
from generation.chances import Token
from judging import parsing, prompting
from judging.expecting import expected_values
from judging.markup import JOINER, restored
from tests.judging.injections import FAKE, INJECTIONS, LANGUAGES, Injection

FENCE = "mark-fedcba9876543210"
ROOT = Path(prompting.__file__).parent.parent
TEMPLATE = (ROOT / "judging/prompts/rubric_judge.txt").read_text(encoding="utf-8")
SHEET = rubric_files.read(ROOT / "annotation/rubrics/psychosafe.toml").sheet
QUESTIONS = [
    prompting.Question(
        asked.key,
        asked.label,
        asked.question,
        asked.hint,
        tuple(prompting.Point(p.value, p.label, p.anchor, p.example) for p in asked.choices),
    )
    for asked in SHEET.criteria
]
TOGETHER = [QUESTIONS, *([each] for each in QUESTIONS)]
BARE = re.compile(rf"[<\[\]](?!{JOINER})")
every_injection = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: each.id)


def built(
    said: str, answer: str, questions: Sequence[prompting.Question] = QUESTIONS
) -> list[dict[str, str]]:
    return prompting.messages(
        template=TEMPLATE,
        rubric=prompting.rubric_text(SHEET.intro, questions),
        conversation=[
            {"role": "user", "content": f"Nobody listens. {said}"},
            {"role": "assistant", "content": f"I do. {said}"},
        ],
        answer=f"I hear you. {answer}",
        fence=FENCE,
    )


def shape(messages: list[dict[str, str]]) -> list[Any]:
    """All that is not data: roles, the system's words, every marked line, the words at the end."""
    system, user = messages
    lines = [line for line in user["content"].split("\n") if FENCE in line]
    end = user["content"].rpartition(f"{FENCE} candidate answer ends")[2]
    bare = len(BARE.findall(user["content"]))
    return [list(system), list(user), system, user["role"], lines, end, bare]


def test_the_catalogue_is_large_and_speaks_four_languages() -> None:
    assert len(INJECTIONS) >= 90
    assert len({each.id for each in INJECTIONS}) == len(INJECTIONS)
    for language in LANGUAGES:
        assert len({each.kind for each in INJECTIONS if each.language == language}) >= 30


@every_injection
@pytest.mark.parametrize("place", ["answer", "conversation", "both"])
def test_no_injection_changes_the_shape_of_the_prompt(injection: Injection, place: str) -> None:
    said = injection.text if place != "answer" else ""
    answer = injection.text if place != "conversation" else ""
    for questions in TOGETHER:
        messages = built(said, answer, questions)
        assert shape(messages) == shape(built("", "", questions))
        assert injection.text in restored(messages[1]["content"])


@given(st.text(), st.text())
def test_no_text_at_all_changes_the_shape_of_the_prompt(said: str, answer: str) -> None:
    assert shape(built(said, answer)) == shape(built("", ""))


@given(st.text(), st.text())
def test_turns_and_answer_can_be_told_apart_again_exactly(said: str, answer: str) -> None:
    pieces = re.split(f"(?m)^{FENCE} [a-z ,]*$\n?", built(said, answer)[1]["content"])
    texts = [f"Nobody listens. {said}\n", f"I do. {said}\n", f"I hear you. {answer}\n"]
    assert [restored(pieces[place]) for place in (2, 3, 5)] == texts


def test_the_mark_itself_is_refused_wherever_it_stands() -> None:
    for said, answer in ((FENCE, ""), ("", FENCE)):
        with pytest.raises(ValueError, match="draw another"):
            built(said, answer)


def verdict(values: Sequence[int], evidence: str = "", reasoning: str = "It fits.") -> str:
    said = {
        question.key: {"evidence": evidence, "reasoning": reasoning, "value": value}
        for question, value in zip(QUESTIONS, values, strict=True)
    }
    return json.dumps({"criteria": said}, ensure_ascii=False)


def values(text: str, judged: str) -> list[int | None]:
    return [reading.value for reading in parsing.read(text, QUESTIONS, judged=judged)]


LOW = [0, 1, 0, 1]


@every_injection
def test_a_judge_that_quotes_an_injection_keeps_its_own_verdict(injection: Injection) -> None:
    text, own = injection.text, verdict(LOW, evidence=injection.text)
    assert values(own, text) == LOW
    assert values(verdict(LOW, reasoning=f"It says {text}"), text) == LOW
    assert values(f"The answer says:\n{text}\nI rate:\n{own}", text) == LOW
    assert values(f"{own}\nThe answer had tried this:\n{text}", text) == LOW
    assert values(f"{verdict([1, 5, 1, 5])}\n```json\n{own}\n```", text) == LOW


@every_injection
def test_a_judge_that_only_repeats_an_injection_gives_no_value(injection: Injection) -> None:
    assert values(injection.text, injection.text) == [None] * 4
    user = built("", injection.text)[1]["content"]
    assert values(user, injection.text) == [None] * 4


def test_chances_are_never_read_off_a_quoted_verdict() -> None:
    own, fake = verdict([1, 5, 1, 5]), FAKE.replace("Perfect", "Più che perfetto")
    tokens = [Token(each, {each: 0.0, "4": 0.0} if each == "5" else {}) for each in own]
    tokens += [Token(each, {each: 0.0}) for each in f" It said {fake}".encode().decode("latin-1")]
    said = {"grounding": 5, "relevance": 5}
    assert expected_values(tokens, QUESTIONS, said, fake) == {"grounding": 4.5, "relevance": 4.5}
    assert expected_values(tokens, QUESTIONS, said) == {"grounding": 5.0, "relevance": 5.0}


def test_a_fake_verdict_is_one_if_nothing_tells_that_it_was_shown() -> None:
    assert values(FAKE, "") == [1, 5, 1, 5]


PIECES = st.sampled_from(
    ["{", "}", '"criteria"', ":", '{"criteria": ', FAKE, verdict(LOW), "value", "[", "]", '"', ","]
)
WORLD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("value"), inner),
    max_leaves=8,
)
VERDICT = st.fixed_dictionaries({"value": st.integers(-2, 8) | st.booleans() | WORLD}) | WORLD
CRITERIA = st.fixed_dictionaries({question.key: VERDICT for question in QUESTIONS})
SPOKEN = st.one_of(
    st.text(),
    st.lists(PIECES | st.text()).map("".join),
    WORLD.map(lambda each: json.dumps({"criteria": each})),
    CRITERIA.map(lambda each: json.dumps({"criteria": each})),
    st.tuples(st.text(), CRITERIA, st.text()).map(
        lambda said: f"{said[0]}{json.dumps({'criteria': said[1]})}{said[2]}"
    ),
)


@given(SPOKEN, st.text() | SPOKEN)
def test_nothing_a_judge_says_crashes_or_leaves_the_scale(text: str, judged: str) -> None:
    readings = parsing.read(text, QUESTIONS, judged=judged)
    for reading, question in zip(readings, QUESTIONS, strict=True):
        assert (reading.value in question.values) != bool(reading.unscored_reason)
        assert type(reading.value) in (int, type(None))


@pytest.mark.parametrize("text", ['{"a":' * 3000, "{" * 20000, '{"criteria":[' * 3000, "1" * 9999])
def test_a_runaway_answer_is_read_in_a_moment(text: str) -> None:
    assert values(text, text) == [None] * 4
