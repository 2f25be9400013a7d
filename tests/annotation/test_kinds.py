"""Every kind of criterion is checked by its kind; what is not asked is dropped, never stored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import answers
from annotation.sheets import PROMPT, Asked, Sheet, When

WARRANTED = Asked("1", "warranted", "Warranted", "?", "", "choice", (1, 2, 3), about=PROMPT)
REFUSED = Asked("2", "refused", "Refused", "?", "", "yes_no", (0, 1))
WHY = Asked("3", "why", "Why", "?", "", "choices", (1, 2, 3), ask_when=When("refused", (1,)))
OVER = Asked("4", "over", "Too much", "?", "", "text", (), ask_when=When("warranted", (3,)))
STRATEGY = Asked("5", "strategy", "Strategy", "?", "", "strategy", ())
SHEET = Sheet("d", "A rubric", "", (WARRANTED, REFUSED, WHY, OVER, STRATEGY))


def rated(criterion: str, slot: str = "A", **said: Any) -> dict[str, Any]:
    return {"slot": slot, "criterion": criterion, **said}


def whole(**instead: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers to every criterion, asked or not, in no order."""
    said: dict[str, Any] = {
        "over": {"words": " It was a school essay. "},
        "why": {"picked": [3, 1]},
        "strategy": {"words": "grounding"},
        "refused": {"value": 1},
        "warranted": {"value": 3},
    } | instead
    return [rated(key, PROMPT if key == "warranted" else "A", **each) for key, each in said.items()]


def check(ratings: Any, **options: Any) -> answers.Answers:
    options = {"strategies": ["grounding"], "preference": None, "asks_preference": False} | options
    return answers.check(ratings=ratings, sheet=SHEET, slots=("A",), **options)


def errors_of(ratings: Any, **options: Any) -> answers.Errors:
    with pytest.raises(answers.Unfit) as caught:
        check(ratings, **options)
    return caught.value.errors


def test_every_kind_is_taken_in_its_own_part() -> None:
    found = check(whole())
    assert [(given.criterion, given.value) for given in found.prompt_ratings] == [("warranted", 3)]
    said = {given.criterion: (given.value, given.picked, given.words) for given in found.ratings}
    assert said == {
        "refused": (1, None, ""),
        "why": (None, (1, 3), ""),
        "over": (None, None, "It was a school essay."),
        "strategy": (None, None, "grounding"),
    }


def test_what_is_not_asked_is_dropped_whatever_was_typed() -> None:
    found = check(whole(refused={"value": 0}, warranted={"value": 1}, why={"picked": ["rubbish"]}))
    assert [given.criterion for given in found.ratings] == ["refused", "strategy"]


def test_what_hangs_on_something_not_judged_is_not_asked() -> None:
    found = check(whole(refused={"value": "cannot_judge"}, warranted={"value": "outside"}))
    assert [given.criterion for given in found.ratings] == ["refused", "strategy"]
    assert found.prompt_ratings[0].answer == "outside"


@given(st.sets(st.sampled_from(["warranted", "refused", "why", "over", "strategy"])))
def test_each_missing_answer_that_is_asked_is_named(missing: set[str]) -> None:
    sent = [each for each in whole() if each["criterion"] not in missing]
    hidden = {"refused": {"why"}, "warranted": {"over"}}
    gone = missing - set().union(*(hidden.get(each, set()) for each in missing))
    names = {answers.field(PROMPT if key == "warranted" else "A", key) for key in gone}
    assert (set(errors_of(sent)) if missing else set()) == names


@pytest.mark.parametrize("kind", ["refused", "why", "over", "strategy"])
@pytest.mark.parametrize("reason", answers.WITHOUT_VALUE)
def test_every_kind_can_be_left_unjudged(kind: str, reason: str) -> None:
    found = check(whole(**{kind: {"value": reason}}))
    (given,) = [each for each in found.ratings if each.criterion == kind]
    assert (given.answer, given.value, given.picked, given.words) == (reason, None, None, "")


def test_none_of_these_is_an_answer() -> None:
    (given,) = [
        each for each in check(whole(why={"picked": []})).ratings if each.criterion == "why"
    ]
    assert given.picked == ()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("why", {"picked": [1, 1]}),
        ("why", {"picked": [9]}),
        ("why", {"picked": [True]}),
        ("why", {"picked": 1}),
        ("why", {"value": 1}),
        ("over", {"words": "  "}),
        ("over", {"words": "x" * 2_001}),
        ("over", {"words": "a\x00b"}),
        ("over", {"words": 3}),
        ("strategy", {"words": "another"}),
        ("strategy", {"words": ["grounding"]}),
        ("refused", {"words": "yes"}),
    ],
)
def test_what_does_not_fit_its_kind_is_refused(key: str, wrong: dict[str, Any]) -> None:
    assert set(errors_of(whole(**{key: wrong}))) == {f"A.{key}"}


def test_a_strategy_may_be_none_that_one_knows_and_any_where_none_is_offered() -> None:
    assert check(whole(strategy={"words": "none"}))
    assert check(whole(strategy={"words": "another"}), strategies=None)


def test_a_criterion_about_the_prompt_is_not_asked_of_an_answer() -> None:
    errors = errors_of([*whole(), rated("warranted", "A", value=1)])
    assert "ratings[6]" in errors
    assert "ratings[6]" in errors_of([*whole(), rated("refused", PROMPT, value=1)])


def test_a_study_without_ratings_asks_only_the_preference() -> None:
    options = {"asks_ratings": False, "asks_preference": True, "asks_reason": True}
    assert set(errors_of(None, **options)) == {"preference"}
    assert set(errors_of([], **options, preference="A")) == {"reason"}
    found = check([], **options, preference="A", reason=" Kinder. ")
    assert (found.ratings, found.preference, found.reason) == ((), "A", "Kinder.")


def test_a_draft_keeps_every_kind_and_what_is_not_asked_for_the_moment() -> None:
    sent = whole(refused={"value": 0}, why={"picked": [3, 9]}, strategy={"words": ""})
    kept = answers.tidy(sent, None, sheet=SHEET, slots=("A",))["ratings"]
    said = {each["criterion"]: each for each in kept}
    assert said["why"]["picked"] == [3]
    assert said["over"]["words"] == " It was a school essay. "
    assert said["warranted"] == rated("warranted", PROMPT, value=3, rationale="")


def test_a_preference_is_still_open_where_nothing_is_filled_in() -> None:
    assert "preference" in errors_of([], asks_preference=True)
