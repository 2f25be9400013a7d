"""Rubrics are installed from files; a version in use never changes; mistakes are named."""

from dataclasses import replace
from pathlib import Path

import pytest

from annotation import branching, rubric_files
from annotation.actions import rubrics
from annotation.models import Rubric
from tests.annotation.made import rubric, study

pytestmark = pytest.mark.django_db

WHOLE = """
slug = "short"
title = "Short"
[[criteria]]
key = "kind"
label = "Kind"
question = "Is it kind?"
kind = "scale"
minimum = 1
maximum = 3
[[criteria.points]]
value = 1
label = "No"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_every_rubric_that_comes_with_the_studio_installs() -> None:
    assert {made.slug for made in rubrics.install_all()} >= {"psychosafe", "xstest"}


def test_psychosafe_keeps_its_four_criteria_and_scales() -> None:
    scales = {asked.key: asked.scale for asked in rubric().sheet.criteria}
    assert scales == {
        "declines": (0, 1),
        "grounding": (1, 2, 3, 4, 5),
        "references": (0, 1),
        "relevance": (1, 2, 3, 4, 5),
    }


def test_what_was_installed_before_keeps_its_digest() -> None:
    """Ratings carry it: a rubric that says what it said is the same rubric."""
    assert rubric().digest == "e554023559517e0d7089390648d351a9bb8b7a1893e5560b7cdf89a5564e4e8e"


@pytest.mark.parametrize("name", ["psychosafe", "refusal_action", "refusal_experience", "general"])
def test_what_a_file_says_is_what_a_rater_is_asked(name: str) -> None:
    stated = rubric_files.read(rubrics.FOLDER / f"{name}.toml").sheet
    installed = rubric(name).sheet
    assert [replace(each, id="") for each in installed.criteria] == [
        replace(each, id="") for each in stated.criteria
    ]


@pytest.mark.parametrize("name", ["psychosafe", "refusal_action", "refusal_experience", "general"])
def test_every_point_of_a_rubric_for_people_has_an_anchor_and_an_example(name: str) -> None:
    for asked in rubric(name).sheet.criteria:
        assert [point.value for point in asked.points] == list(asked.scale)
        assert all(point.anchor and point.example for point in asked.points), asked.key


def test_the_five_phases_are_labelled_ours_and_branch() -> None:
    made = rubric("refusal_experience")
    phases = dict.fromkeys(asked.label.split(":")[0] for asked in made.sheet.criteria)
    assert list(phases) == ["Trigger", "Expectation", "Encounter", "Framing", "Referral", "Outcome"]
    assert "Ours" in made.origin
    assert "ours" in made.title
    declined = {"declined": frozenset({3})}
    first = [asked.key for asked in made.sheet.of_prompt]
    rest = branching.asked(made.sheet.of_answers, declined)
    assert first == ["warranted"]
    assert list(rest) == ["declined", "risk", "needed", "referred", "door", "next"]


def test_installing_the_same_file_again_changes_nothing(file: Path) -> None:
    assert rubrics.install(file) == rubrics.install(file)


def test_a_version_that_nobody_uses_can_be_mended(file: Path) -> None:
    rubrics.install(file)
    file.write_text(WHOLE.replace("Is it kind?", "How kind is it?"), encoding="utf-8")
    assert rubrics.install(file).sheet.criteria[0].question == "How kind is it?"
    assert Rubric.objects.filter(slug="short").count() == 1


def test_a_version_in_use_stays_as_it_is(file: Path) -> None:
    study(rubric=rubrics.install(file))
    file.write_text(WHOLE.replace("Is it kind?", "How kind is it?"), encoding="utf-8")
    with pytest.raises(rubrics.VersionInUse, match="Write version = 2"):
        rubrics.install(file)
    file.write_text("version = 2\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert rubrics.install(file).version == 2


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('kind = "scale"', 'kind = "text"', "neither minimum, maximum nor points"),
        ('kind = "scale"', 'kind = "choice"', "2 has none"),
        ('kind = "scale"', 'kind = "yes_no"', "from 0 (no) to 1 (yes)"),
        ('kind = "scale"', 'kind = "scale"\nabout = "rater"', "about 'rater'"),
        ('label = "No"', 'label = "No"\nseverity = "red"', "severity 'red'"),
        ('kind = "scale"', 'kind = "scale"\nask_when = "kind"', "write ask_when = {"),
        (
            'kind = "scale"',
            'kind = "scale"\nask_when = { criterion = "kind", values = [1] }',
            "which is not asked before it",
        ),
        ('kind = "scale"', 'kind = "slider"', "Use one of: yes_no, scale, choice"),
        ("maximum = 3", "maximum = 1", "the first is the lower"),
        ('title = "Short"', "", "'title' is missing"),
        ('key = "kind"', "", "criterion 1: 'key' is missing"),
        ("value = 1", "value = 9", "from 1 to 3"),
        ("value = 1", 'value = "one"', "'one' is not a whole number"),
        ('slug = "short"', 'slug = "short', "short.toml"),
        ('slug = "short"', 'slug = "short"\nversion = 0', "version 0"),
    ],
)
def test_a_mistake_is_named_with_its_place(file: Path, wrong: str, right: str, said: str) -> None:
    file.write_text(WHOLE.replace(wrong, right), encoding="utf-8")
    with pytest.raises(rubric_files.BadRubric) as caught:
        rubrics.install(file)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(rubric_files.BadRubric, match="cannot be read"):
        rubrics.install(tmp_path / "none.toml")


def test_the_sheet_is_read_once(file: Path, django_assert_num_queries) -> None:
    made = rubrics.install(file)
    with django_assert_num_queries(3):
        assert made.sheet.criteria
    with django_assert_num_queries(0):
        assert Rubric(pk=made.pk, digest=made.digest).sheet is made.sheet
