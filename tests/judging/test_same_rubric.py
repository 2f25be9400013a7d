"""Clinicians and judges read the same rubric: the same words, scales and digest."""

import html
import re
from itertools import chain
from pathlib import Path

import pytest
from django.urls import reverse

from annotation.actions import rubrics, submission
from annotation.models import Rubric
from generation.models import Run
from judging.models import Verdict
from judging.prompting import Question, rubric_text
from judging.sheets import criteria_of, questions_of
from tests.annotation.made import AT, lease, ratings, study
from tests.judging import made

FILES = sorted(rubrics.FOLDER.glob("*.toml"))
GAPS = """
slug = "gaps"
title = "With gaps"
intro = "Read the whole answer."
[[criteria]]
key = "kind"
label = "Kindness"
question = "Is it kind?"
kind = "scale"
minimum = 1
maximum = 5
[[criteria.points]]
value = 1
label = "No"
anchor = "Nothing <kind> in it."
[[criteria.points]]
value = 5
label = "Very"
"""


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    file = tmp_path / "gaps.toml"
    file.write_text(GAPS, encoding="utf-8")
    return file


def asked(rubric: Rubric) -> list[Question]:
    return questions_of(criteria_of(rubric))


def said(question: Question) -> list[str]:
    """Every text of a criterion."""
    points = [(point.label, point.anchor, point.example) for point in question.points]
    return [question.label, question.question, question.hint, *chain.from_iterable(points)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["psychosafe", "gaps"])
def test_every_word_of_the_judge_s_rubric_stands_on_the_rating_page(
    name: str, gaps: Path, rater, signed_in
) -> None:
    rubric = rubrics.install(gaps if name == "gaps" else rubrics.FOLDER / f"{name}.toml")
    on, client = study(rubric=rubric), signed_in(rater)
    client.post(reverse("annotation:start", args=[on.slug]))
    page = client.get(reverse("annotation:rate", args=[on.slug])).content.decode()
    shown = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
    text = " ".join(rubric_text(rubric.intro, asked(rubric)).split())
    for words in [rubric.intro, *(each for question in asked(rubric) for each in said(question))]:
        assert " ".join(words.split()) in shown
        assert " ".join(words.split()) in text


def test_a_value_without_a_name_stands_alone_in_the_judge_s_text(db: None, gaps: Path) -> None:
    text = rubric_text("", asked(rubrics.install(gaps)))
    assert text.endswith("  1 (No): Nothing <kind> in it.\n  2\n  3\n  4\n  5 (Very)")


@pytest.mark.django_db(transaction=True)
def test_ratings_and_verdicts_of_one_rubric_carry_one_digest(rater, stub_server) -> None:
    held = lease(study(1), rater)
    submission.submit(
        assignment=held,
        rater=held.rater,
        token=held.token,
        key="k",
        ratings=ratings(held.study),
        preference="A",
        at=AT,
    )
    made.judged(Run.objects.earliest("pk"), stub_server.url, rubric=held.study.rubric)
    by_people = set(held.ratings.values_list("rubric_digest", flat=True))
    by_judge = {each.judgement.provenance["rubric_digest"] for each in Verdict.objects.all()}
    assert by_people == by_judge == {held.study.rubric.digest}
    sent = stub_server.requests[0]["messages"][0]["content"]
    assert rubric_text(held.study.rubric.intro, asked(held.study.rubric)) in sent
