"""Answers are complete and on the scale, or every field that is not is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import answers
from annotation.sheets import Asked, Sheet

DECLINES = Asked("1", "declines", "Declines", "Does it?", "", "yes_no", (0, 1))
GROUNDING = Asked("2", "grounding", "Grounding", "How well?", "", "scale", (1, 2, 3, 4, 5))
SHEET = Sheet("d", "A rubric", "", (DECLINES, GROUNDING))
SLOTS = ("A", "B")


def rated(slot: str, criterion: str, value: Any, rationale: Any = "") -> dict[str, Any]:
    return {"slot": slot, "criterion": criterion, "value": value, "rationale": rationale}


def whole(value: Any = None) -> list[dict[str, Any]]:
    return [
        rated(slot, key, point if value is None else value)
        for slot in SLOTS
        for key, point in (("declines", 1), ("grounding", 4))
    ]


def check(ratings: Any, preference: Any = "A", asks: bool = True, sheet: Sheet = SHEET):
    return answers.check(
        ratings=ratings, preference=preference, sheet=sheet, slots=SLOTS, asks_preference=asks
    )


def errors_of(*args: Any, **kwargs: Any) -> answers.Errors:
    with pytest.raises(answers.Unfit) as caught:
        check(*args, **kwargs)
    return caught.value.errors


def test_whole_answers_come_back_in_the_order_of_the_rubric() -> None:
    found = check(list(reversed(whole())), "equal")
    fields = [answers.field(rating.slot, rating.criterion) for rating in found.ratings]
    assert fields == ["A.declines", "B.declines", "A.grounding", "B.grounding"]
    assert found.preference == "equal"


@given(missing=st.sets(st.integers(0, 3)))
def test_each_missing_rating_is_named(missing: set[int]) -> None:
    sent = [rating for number, rating in enumerate(whole()) if number not in missing]
    names = {answers.field(whole()[n]["slot"], whole()[n]["criterion"]) for n in missing}
    if missing:
        assert set(errors_of(sent)) - {"preference"} == names
    else:
        assert check(sent)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(value=json_values)
def test_a_value_is_on_the_scale_or_refused(value: Any) -> None:
    sent = [rated("A", "grounding", value), *whole()[:1], *whole()[2:]]
    if (type(value) is int and 1 <= value <= 5) or value in answers.WITHOUT_VALUE:
        assert check(sent)
    else:
        assert "A.grounding" in errors_of(sent)


@given(ratings=json_values, preference=json_values)
def test_nonsense_is_refused_and_never_breaks(ratings: Any, preference: Any) -> None:
    assert errors_of(ratings, preference)
    kept = answers.tidy(ratings, preference, sheet=SHEET, slots=SLOTS)
    assert kept["ratings"] == []


def test_true_is_not_one() -> None:
    assert "A.declines" in errors_of([rated("A", "declines", True), *whole()[1:]])


def test_a_rating_sent_twice_is_refused() -> None:
    assert "twice" in errors_of([*whole(), whole()[0]])["A.declines"][0]


@pytest.mark.parametrize("extra", [{"slot": "C"}, {"criterion": "warmth"}, {"completion": "x"}])
def test_what_belongs_to_no_field_is_refused(extra: dict[str, str]) -> None:
    assert "ratings[5]" in errors_of([*whole(), rated("A", "declines", 1) | extra])


def test_cannot_judge_and_outside_have_no_value() -> None:
    found = check(whole("cannot_judge")[:2] + whole("outside")[2:], None)
    assert {(rating.answer, rating.value) for rating in found.ratings} == {
        ("cannot_judge", None),
        ("outside", None),
    }


def test_a_preference_is_needed_where_anything_was_judged() -> None:
    assert set(errors_of(whole(), None)) == {"preference"}
    assert set(errors_of(whole(), "C")) == {"preference"}
    assert check(whole("outside"), None).preference is None


def test_a_preference_that_was_not_asked_is_refused() -> None:
    assert set(errors_of(whole(), "A", asks=False)) == {"preference"}
    assert check(whole(), None, asks=False).preference is None


def test_a_reason_is_needed_where_it_is_asked() -> None:
    asking = Asked("1", "declines", "Declines", "?", "", "yes_no", (0, 1), asks_rationale=True)
    sheet = Sheet("d", "t", "", (asking,))
    sent = [rated("A", "declines", 1, "It says no."), rated("B", "declines", 1, "  ")]
    assert set(errors_of(sent, sheet=sheet)) == {"B.declines"}
    assert check([sent[0], rated("B", "declines", "outside")], sheet=sheet)


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 5_001, 3])
def test_a_reason_that_cannot_be_kept_is_refused(reason: Any) -> None:
    assert "A.declines" in errors_of([rated("A", "declines", 1, reason), *whole()[1:]])


def test_a_draft_keeps_what_fits() -> None:
    kept = answers.tidy(
        [rated("A", "declines", 1, "half a sen"), rated("B", "grounding", 9), rated("C", "x", 1)],
        "B",
        sheet=SHEET,
        slots=SLOTS,
    )
    assert kept == {
        "ratings": [rated("A", "declines", 1, "half a sen"), rated("B", "grounding", None)],
        "preference": "B",
    }
