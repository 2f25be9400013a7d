"""Figures read well: long names take several lines, what is not known says so, no style is left."""

import pytest

from agreement.estimate import Estimate, undefined
from judging.reports import document, drawing

LONG = "A careful judge of many words, on the answers of a model with a name of its own"


def forest(*labels: str) -> document.Block:
    marks = [document.mark(each, Estimate(0.6, 0.4, 0.8), group="Relevance") for each in labels]
    marks.append(document.mark("ICC(2,1)", undefined("too few"), group="Relevance"))
    return document.forest("made", "A made figure", marks, axis=None, ends=("lower", "higher"))


def test_a_long_name_takes_lines_and_room() -> None:
    short, long = drawing.inline(forest("alpha")), drawing.inline(forest(LONG))
    assert long.count("<text") + long.count("<tspan") > short.count("<text")
    assert "A careful judge of many" in long
    assert LONG not in long.replace("aria-label", "")[long.index(">") :]


def test_what_is_not_known_says_so() -> None:
    assert drawing.inline(forest("alpha")).count("not known") == 1


def test_lines_of_a_group_stand_under_its_name() -> None:
    drawn = drawing.inline(forest("alpha"))
    assert f"{drawing.INDENT}alpha" in drawn
    assert ">Relevance<" in drawn


def test_a_page_gets_no_style_no_id_and_words_instead_of_the_drawing() -> None:
    drawn = drawing.inline(forest("alpha"))
    assert "style=" not in drawn
    assert " id=" not in drawn
    assert 'aria-label="A made figure: 1 figures with intervals' in drawn


@pytest.mark.parametrize(("kind", "starts"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_a_paper_gets_a_file(kind: str, starts: bytes) -> None:
    assert drawing.as_file(forest(LONG), kind).startswith(starts)
