"""The form of every kind becomes what the rules check, with and without scripts."""

from typing import Any

import pytest

from annotation import answers, paper
from tests.annotation.test_kinds import SHEET

OFFERED = (paper.Offered("grounding", "Grounding"),)


def read(**posted: Any) -> dict[str, dict[str, Any]]:
    sent = {name.replace("__", "."): value for name, value in posted.items()}
    ratings, _ = paper.read(sent, sheet=SHEET, slots=("A",))
    return {each["criterion"]: each for each in ratings}


def test_each_kind_is_read_into_its_part() -> None:
    said = read(
        prompt__warranted=["3"], A__refused=["1"], A__why=["1", "3"], A__over=["Because."],
        A__strategy=["grounding"],
    )  # fmt: skip
    assert (said["warranted"]["slot"], said["warranted"]["value"]) == ("prompt", 3)
    assert (said["refused"]["value"], said["why"]["picked"]) == (1, [1, 3])
    assert (said["over"]["words"], said["strategy"]["words"]) == ("Because.", "grounding")
    assert said["why"]["value"] is said["over"]["value"] is said["strategy"]["value"] is None


def test_none_and_why_not_are_read_from_the_same_boxes() -> None:
    assert read(A__why=["none"])["why"]["picked"] == []
    said = read(A__why=["outside"], A__strategy=["cannot_judge"], A__over=["", ""])
    assert (said["why"]["value"], said["why"]["picked"]) == ("outside", None)
    assert (said["strategy"]["value"], said["strategy"]["words"]) == ("cannot_judge", "")
    assert read(**{"A__over": ["typed"], "A__over__not": ["outside"]})["over"]["value"] == "outside"


def test_a_text_that_reads_like_a_button_is_still_a_text() -> None:
    said = read(A__over=["outside"])["over"]
    assert (said["value"], said["words"]) == (None, "outside")


def test_boxes_that_exclude_each_other_are_refused_in_words() -> None:
    ratings, _ = paper.read({"A.refused": ["1"], "A.why": ["1", "none"]}, sheet=SHEET, slots=("A",))
    with pytest.raises(answers.Unfit) as caught:
        answers.check(
            ratings=ratings, preference=None, sheet=SHEET, slots=("A",), asks_preference=False
        )
    assert "not both" in caught.value.errors["A.why"][0]


def test_outside_fills_every_kind_that_is_open() -> None:
    said = read(outside="1", A__refused=["0"])
    assert said["refused"]["value"] == 0
    assert {said[key]["value"] for key in ("warranted", "why", "over", "strategy")} == {"outside"}


def test_what_was_read_comes_back_on_the_page() -> None:
    ratings, _ = paper.read(
        {"prompt.warranted": ["2"], "A.why": ["3"], "A.over": ["x"], "A.strategy": ["grounding"]},
        sheet=SHEET,
        slots=("A",),
    )
    draft = answers.tidy(ratings, None, sheet=SHEET, slots=("A",))
    (first,) = paper.prompt_rows(SHEET, draft)
    assert [each.value for each in first.cells[0].options if each.is_chosen] == ["2"]
    rows = {
        row.asked.key: row.cells[0] for row in paper.rows(SHEET, "A", draft, strategies=OFFERED)
    }
    assert [each.value for each in rows["why"].options if each.is_chosen] == ["3"]
    assert [each.value for each in rows["strategy"].options if each.is_chosen] == ["grounding"]
    assert rows["over"].words == "x"
    assert not rows["why"].none_of_these


def test_nothing_is_chosen_on_an_untouched_page() -> None:
    for row in paper.rows(SHEET, "AB", strategies=OFFERED):
        for cell in row.cells:
            assert not any(option.is_chosen for option in cell.options)
            assert not (cell.cannot_judge or cell.outside or cell.none_of_these or cell.words)


def test_a_condition_is_said_in_words_and_for_the_script() -> None:
    rows = {row.asked.key: row for row in paper.rows(SHEET, "AB")}
    assert rows["why"].cells[1].ask_when == "B.refused=1"
    assert rows["over"].cells[1].ask_when == "prompt.warranted=3"
    assert rows["why"].condition == "Only after “1” for “Refused”."
    assert not rows["refused"].condition
