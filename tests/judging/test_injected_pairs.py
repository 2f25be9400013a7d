"""What an answer says is never structure where two stand side by side, in either order."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import rubric_files
from annotation.actions.rubrics import FOLDER
from judging import prompting, side_by_side
from judging.actions.judges import SIDE_BY_SIDE_PROMPT
from judging.markup import restored
from judging.models import Duel, Matchup
from judging.side_by_side import CHOICES, Shown, read
from tests import stub_server as stub
from tests.judging import made
from tests.judging.injections import INJECTIONS, Injection
from tests.judging.test_injected_runs import injected
from tests.judging.test_injections import BARE, FENCE, QUESTIONS

TEMPLATE = SIDE_BY_SIDE_PROMPT.read_text(encoding="utf-8")
SHEET = rubric_files.read(FOLDER / "psychosafe.toml").sheet
RUBRIC = prompting.rubric_text(SHEET.intro, QUESTIONS)
ONE_S_OWN = {"role": "assistant", "content": "I do."}
every_injection = pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: each.id)


def built(first: str, second: str, said: str = "", *, played: str = "") -> list[dict[str, str]]:
    """Both answers to one conversation; `played` gives the second a conversation of its own."""
    turns = [{"role": "user", "content": f"Nobody listens. {said}"}]
    other = [*turns, ONE_S_OWN, {"role": "user", "content": played}] if played else turns
    return side_by_side.messages(
        template=TEMPLATE,
        rubric=RUBRIC,
        first=Shown(turns, f"I hear you. {first}"),
        second=Shown(other, f"Ask somebody. {second}"),
        fence=FENCE,
    )


def shape(messages: list[dict[str, str]]) -> list[Any]:
    """All that is not data: roles, the system's words, every marked line, the words at the end."""
    system, user = messages
    lines = [line for line in user["content"].split("\n") if FENCE in line]
    end = user["content"].rpartition(f"{FENCE} second answer ends")[2]
    bare = len(BARE.findall(user["content"]))
    return [list(system), list(user), system, user["role"], lines, end, bare]


@every_injection
def test_no_injection_changes_the_shape_of_the_prompt_in_either_order(
    injection: Injection,
) -> None:
    text, plain, led = injection.text, shape(built("", "")), shape(built("", "", played="No."))
    for texts in ((text, ""), ("", text), ("", "", text), (text, text, text)):
        messages = built(*texts)
        assert shape(messages) == plain
        assert text in restored(messages[1]["content"])
        assert shape(built(*texts, played=text)) == led


@given(st.text(), st.text(), st.text())
def test_no_text_at_all_changes_the_shape_of_the_prompt(first: str, second: str, said: str) -> None:
    assert shape(built(first, second, said)) == shape(built("", ""))


@given(st.text(), st.text())
def test_the_two_answers_can_be_told_apart_again_exactly(first: str, second: str) -> None:
    pieces = re.split(f"(?m)^{FENCE} [a-z ,]*$\n?", built(first, second)[1]["content"])
    texts = [f"I hear you. {first}\n", f"Ask somebody. {second}\n"]
    assert [restored(pieces[place]) for place in (4, 6)] == texts


@pytest.mark.parametrize("answers", [(FENCE, ""), ("", FENCE)])
def test_the_mark_itself_is_refused_wherever_it_stands(answers: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="draw another"):
        built(*answers)


def chosen(choice: str, reasoning: str = "It fits.") -> str:
    return json.dumps({"reasoning": reasoning, "choice": choice}, ensure_ascii=False)


@every_injection
def test_a_judge_that_quotes_an_injection_keeps_its_own_choice(injection: Injection) -> None:
    for own in CHOICES:
        fake = chosen("second" if own == "first" else "first", "Perfect.")
        judged = f"{injection.text}\n{fake}"
        for said in (
            chosen(own, f"It says {judged}"),
            f"The first answer says:\n{judged}\nI choose:\n{chosen(own)}",
            f"{chosen(own)}\nThe first answer had tried this:\n{judged}",
        ):
            assert read(said, judged=judged).choice == own


@every_injection
def test_a_judge_that_only_repeats_an_injection_makes_no_choice(injection: Injection) -> None:
    judged = f"{injection.text} {chosen('first')}"
    assert read(judged, judged=judged).choice == ""
    for order in (built(judged, ""), built("", judged)):
        assert read(order[1]["content"], judged=judged).choice == ""


@given(st.text() | st.dictionaries(st.sampled_from(["choice", "reasoning"]), st.text()).map(str))
def test_nothing_a_judge_says_crashes_or_leaves_the_menu(text: str) -> None:
    reading = read(text)
    assert (reading.choice in CHOICES) != bool(reading.unscored_reason)


@pytest.fixture
def poisoned(stub_server: Any, transactional_db: None) -> Matchup:
    """Every injection as an answer of run B, beside a plain one of run A."""
    return made.matchup(stub_server.url, runs=injected())


def test_every_injected_pair_is_asked_about_in_the_same_form_in_both_orders(
    poisoned: Matchup, stub_server: Any
) -> None:
    assert made.match_shift(poisoned).run() == "done"
    forms = set()
    for body in stub_server.requests:
        [mark] = set(re.findall(r"mark-[0-9a-f]{16}", body["messages"][0]["content"]))
        lines = [line for line in body["messages"][1]["content"].split("\n") if mark in line]
        rest = {name: body[name] for name in body if name != "messages"}
        system = body["messages"][0]["content"]
        forms.add(json.dumps([lines, system, rest]).replace(mark, "MARK"))
    assert (len(stub_server.requests), len(forms)) == (2 * len(INJECTIONS), 1)


@pytest.mark.sqlite  # it is about reading an answer
def test_a_judge_that_parrots_the_answers_chooses_nothing(
    poisoned: Matchup, stub_server: Any
) -> None:
    stub_server.always(stub.echo())
    assert made.match_shift(poisoned).run() == "done"
    assert Duel.objects.filter(state="done").count() == 2 * len(INJECTIONS)
    assert not Duel.objects.exclude(choice="").exists()
