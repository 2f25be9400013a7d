"""The form becomes what the rules check; the pace becomes minutes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from annotation import pace, paper
from annotation.sheets import Asked, Point, Sheet

GROUNDING = Asked(
    "1", "grounding", "Grounding", "?", "", "scale", (1, 2, 3), points=(Point(1, "None", "Blunt."),)
)
DECLINES = Asked("2", "declines", "Declines", "?", "", "yes_no", (0, 1))
SHEET = Sheet("d", "t", "", (GROUNDING, DECLINES))


def values(posted: dict[str, str]) -> list[object]:
    return [each["value"] for each in paper.read(posted, sheet=SHEET, slots="AB")[0]]


def test_numbers_words_and_gaps_are_read() -> None:
    sent = {"A.grounding": "3", "B.grounding": "cannot_judge", "A.declines": "0"}
    assert values(sent) == [3, "cannot_judge", 0, None]


def test_outside_fills_only_what_is_open() -> None:
    assert values({"A.grounding": "2", "outside": "1"}) == [2, "outside", "outside", "outside"]


@given(st.text())
def test_any_text_can_be_posted(text: str) -> None:
    assert len(values({"A.grounding": text})) == 4


def test_rows_show_what_was_chosen_and_what_is_wrong() -> None:
    filled = {"ratings": [{"slot": "B", "criterion": "grounding", "value": 2}]}
    first = paper.rows(SHEET, "AB", filled, {"A.grounding": ["Choose."]})[0]
    assert [option.value for option in first.cells[1].options if option.is_chosen] == ["2"]
    assert first.cells[0].errors == ["Choose."]


def test_yes_stands_before_no_and_numbers_ascend() -> None:
    rows = paper.rows(SHEET, "A")
    assert [option.value for option in rows[0].cells[0].options] == ["1", "2", "3"]
    assert [option.value for option in rows[1].cells[0].options] == ["1", "0"]


def test_an_anchor_says_the_point_and_what_it_means() -> None:
    assert (
        paper.anchor(Point(1, "None", "Blunt.", "No."), False) == "1, none: Blunt. Example: “No.”"
    )
    assert paper.anchor(Point(1, "Yes", "It does."), True) == "Yes: It does."
    assert paper.anchor(Point(2, "2"), False) == "2"


def test_minutes_follow_the_pace_and_forget_breaks() -> None:
    minute = timedelta(minutes=1)
    assert pace.minutes_left([], 4) == 6
    assert pace.minutes_left([minute] * 3, 10) == 10
    assert pace.minutes_left([timedelta(hours=9)], 1) == 10
    assert pace.minutes_left([minute], 0) == 0
