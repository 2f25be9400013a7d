"""Two runs are compared per prompt, never by pooled criteria, and disagreement is said aloud."""

import random

import pytest

from judging.comparison import Row, Scale, contrast, line, overall

RELEVANCE = Scale("relevance", "Relevance", 1, 5)
DECLINES = Scale("declines", "Declines", 0, 1)


def rows(n: int, a: float, b: float, *, raters: int = 1, seed: int = 1) -> list[Row]:
    rng = random.Random(seed)
    made: list[Row] = []
    for prompt in range(n):
        for _ in range(raters):
            made.append((f"p{prompt}", "a", a + rng.gauss(0, 0.3)))
            made.append((f"p{prompt}", "b", b + rng.gauss(0, 0.3)))
    return made


def test_the_prompt_is_the_unit_however_many_raters() -> None:
    assert contrast(rows(12, 2, 3, raters=5), RELEVANCE, draws=100).n_prompts == 12


def test_a_prompt_with_one_side_only_is_left_out() -> None:
    given = [*rows(4, 2, 3), ("lonely", "a", 5.0)]
    assert contrast(given, RELEVANCE, draws=50).n_prompts == 4


def test_ratios_name_both_codings_of_a_scale_from_one() -> None:
    found = contrast(
        [(p, s, v) for p in "wxyz" for s, v in (("a", 2.85), ("b", 3.65))], RELEVANCE, draws=50
    )
    said = {r.coding: round(r.estimate.value or 0, 3) for r in found.ratios}
    assert said == {"scores coded 1 to 5": 1.281, "scores coded 0 to 4": 1.432}


def test_overall_is_the_mean_of_the_criteria_on_zero_to_one() -> None:
    given = {
        "relevance": [("p", "a", 3.0), ("p", "a", 5.0), ("q", "a", 1.0)],
        "declines": [("p", "a", 1.0)],
    }
    assert overall(given, [RELEVANCE, DECLINES]) == [("p", "a", pytest.approx((0.75 + 1) / 2))]


def test_nothing_known_is_undefined_with_the_reason() -> None:
    found = line(RELEVANCE, [], None)
    assert found.human.n_prompts == 0
    assert found.human.difference.reason
    assert found.combined.reason == "no judge has scored both runs"


def test_a_judge_that_sees_another_winner_is_warned_about() -> None:
    found = line(RELEVANCE, rows(40, 2, 3), rows(40, 3, 2), draws=50)
    assert "do not meet" in found.warning


def test_a_judge_that_agrees_is_not() -> None:
    assert line(RELEVANCE, rows(40, 2, 3), rows(40, 2, 3, seed=2), draws=50).warning == ""


def test_ppi_needs_prompts_that_people_have_not_rated() -> None:
    found = line(RELEVANCE, rows(20, 2, 3), rows(60, 2, 3, seed=3), draws=50)
    assert found.combined.value == pytest.approx(1.0, abs=0.3)
    none_left = line(RELEVANCE, rows(20, 2, 3), rows(20, 2, 3, seed=3), draws=50)
    assert "the judge adds nothing" in (none_left.combined.reason or "")
