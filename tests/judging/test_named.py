"""Criteria with several values have their alpha, names have theirs, and words have none."""

from typing import Any

import pytest

from annotation.actions import raters
from annotation.models import Rating, Study
from judging.reports import named
from judging.reports import study as reporting
from judging.reports.document import blocks
from tests.annotation import made as rating
from tests.generation.made import AT
from tests.people import person

pytestmark = pytest.mark.django_db
N = 6


def said(study: Study, key: str, *columns: list[Any], part: str) -> None:
    """What each rater gave on the answers of the study's first run, one column for each rater."""
    criterion = study.rubric.criteria.get(key=key)
    answers = list(study.arms.get(position=0).run.completions.order_by("text"))
    for column in columns:
        rater = raters.of(person("rater"))
        Rating.objects.bulk_create(
            Rating(
                study=study, rater=rater, completion=answer, criterion=criterion,
                rubric_digest="x", completion_digest="x", created_at=AT, **{part: given},
            )
            for answer, given in zip(answers, column, strict=True)
        )  # fmt: skip


def test_picked_values_have_alpha_as_sets_and_each_by_itself() -> None:
    study = rating.study(N, rubric=rating.rubric("refusal_action"))
    values = study.rubric.criteria.get(key="means").scale[:2]
    first, both, none = [values[0]], values, []
    said(
        *(study, "means", [first, first, both, none, both, none]),
        [first, both, both, none, both, none],
        part="picked",
    )
    found = reporting.report(study, draws=20)
    lines = {row[1]: row for row in blocks(found)["named_figures"]["rows"]}
    sets = lines["the sets (MASI)"]
    assert 0.5 < sets[2]["value"] < 1
    assert sets[3] == {"value": pytest.approx(5 / 6), "low": None, "high": None} | {
        name: sets[3][name] for name in ("low", "high", "reason", "unit")
    }
    label = study.rubric.criteria.get(key="means").points.get(value=values[0]).label
    assert lines[label][2]["value"] == pytest.approx(1)
    assert lines[label][4:] == ["67%", 12]
    assert found["headline"] != "Nobody has rated yet."


def test_strategies_have_nominal_alpha_and_words_none() -> None:
    study = rating.study(N, rubric=rating.rubric("general"))
    calm, plan = ["grounding"] * 3, ["safety-plan"] * 3
    said(study, "strategy", calm + plan, calm + plan, part="words")
    said(study, "better", ["Say less."] * N, part="words")
    made = named.section(study, draws=20)
    row = made["blocks"][1]["rows"][0]
    assert row[1] == "the strategy named"
    assert row[2]["value"] == pytest.approx(1)
    assert sorted(made["blocks"][2]["rows"]) == [
        [row[0], "grounding", 6],
        [row[0], "safety-plan", 6],
    ]
    assert "no figure of agreement" in " ".join(made["said"])


def test_a_rubric_of_numbers_alone_asks_the_database_nothing_more(
    django_assert_num_queries: Any,
) -> None:
    study = rating.study(2)
    with django_assert_num_queries(2):  # the rubric and its criteria
        assert named.read(study) == []
