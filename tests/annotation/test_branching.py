"""Only what is asked for is asked; a chain of conditions runs backwards and never in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import branching
from annotation.sheets import PROMPT, Asked, When


def criterion(key: str, when: When | None = None, kind: str = "yes_no", about: str = "answer"):
    scale = () if kind in ("text", "strategy") else (0, 1)
    return Asked(key, key, key, "?", "", kind, scale, about=about, ask_when=when)


CHAIN = (
    criterion("refused"),
    criterion("why", When("refused", (1,)), kind="choices"),
    criterion("which", When("why", (0,)), kind="strategy"),
    criterion("how", When("which", ("dbt", "none")), kind="text"),
)


def asked(**said: set[int | str]) -> list[str]:
    return list(branching.asked(CHAIN, {key: frozenset(each) for key, each in said.items()}))


def test_a_criterion_is_asked_after_the_value_it_waits_for() -> None:
    assert asked() == ["refused"]
    assert asked(refused={0}) == ["refused"]
    assert asked(refused={1}) == ["refused", "why"]
    assert asked(refused={1}, why={0, 1}, which={"none"}) == ["refused", "why", "which", "how"]


def test_what_depends_on_something_not_asked_is_not_asked() -> None:
    assert asked(refused={0}, why={0}, which={"none"}) == ["refused"]


def test_an_answer_may_depend_on_what_was_said_of_the_prompt() -> None:
    each = criterion("over_refusal", When("warranted", (0,)))
    assert branching.asked([each], {"warranted": frozenset({0})})
    assert not branching.asked([each], {"warranted": frozenset({1})})


@given(
    st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 1)), min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 5), st.integers(0, 1)),
)
def test_any_chain_without_problems_asks_exactly_what_its_conditions_say(
    conditions: list[tuple[int, int]], said: dict[int, int]
) -> None:
    rubric = [
        criterion(f"c{place}", When(f"c{on}", (value,)) if on >= 0 else None)
        for place, (on, value) in enumerate(conditions)
    ]
    wrong = {each.key for each, _ in branching.problems(rubric)}
    assert wrong == {f"c{place}" for place, (on, _) in enumerate(conditions) if on >= place}
    if not wrong:
        found = branching.asked(rubric, {f"c{k}": frozenset({v}) for k, v in said.items()})
        for place, (on, value) in enumerate(conditions):
            is_asked = on < 0 or (f"c{on}" in found and said.get(on) == value)
            assert (f"c{place}" in found) == is_asked


@pytest.mark.parametrize(
    ("rubric", "said"),
    [
        ([criterion("a", When("a", (1,)))], "not asked before it"),
        ([criterion("a", When("b", (1,))), criterion("b", When("a", (1,)))], "not asked before it"),
        ([criterion("a"), criterion("b", When("a", (7,)))], "7 is no value of 'a'"),
        ([criterion("a"), criterion("b", When("a", (True,)))], "no value of 'a'"),
        ([criterion("a"), criterion("b", When("a", ()))], "says no value"),
        ([criterion("a", kind="text"), criterion("b", When("a", ("x",)))], "the words of 'a'"),
        ([criterion("a", kind="strategy"), criterion("b", When("a", (1,)))], "short names"),
        (
            [criterion("a"), criterion("b", When("a", (1,)), about=PROMPT)],
            "cannot depend on an answer's",
        ),
    ],
)
def test_a_condition_that_cannot_be_met_is_named(rubric: list[Asked], said: str) -> None:
    (found,) = list(branching.problems(rubric))[:1]
    assert said in found[1]
