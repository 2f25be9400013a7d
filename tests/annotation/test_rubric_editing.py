"""A curator changes a rubric until somebody uses it; from then on a change is a new version."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from annotation import staleness
from annotation.actions import rubrics, submission
from annotation.models import Criterion, Rubric, ScalePoint
from annotation.rubric_use import fixed_because, stale_ratings
from annotation.sheets import Asked, Point, When
from tests.annotation.made import AT, lease, ratings, rubric, study
from tests.judging import made as judging

pytestmark = pytest.mark.django_db

KIND = Asked(
    "", "kind", "Kind", "Is it kind?", "", "scale", (1, 2, 3),
    points=(Point(1, "No", "Cold.", "No."), Point(3, "Yes", severity="concern")),
)  # fmt: skip


@pytest.fixture
def own(curator) -> Rubric:
    return rubrics.make(by=curator, slug="own", title="Our own")


def keys(of: Rubric) -> list[str]:
    return [asked.key for asked in of.sheet.criteria]


def test_a_new_rubric_begins_with_one_criterion_or_those_of_another(curator, own) -> None:
    assert (own.version, keys(own)) == (1, ["first"])
    copied = rubrics.make(by=curator, slug="second", title="Second", like=rubric())
    assert keys(copied) == ["declines", "grounding", "references", "relevance"]
    with pytest.raises(rubrics.BadRubric, match="already"):
        rubrics.make(by=curator, slug="own", title="Again")


def test_criteria_are_added_changed_moved_and_removed(curator, own) -> None:
    own = rubrics.put(by=curator, rubric=own, asked=KIND)
    own = rubrics.put(
        by=curator, rubric=own, asked=replace(KIND, question="How kind?"), instead_of="kind"
    )
    own = rubrics.move(by=curator, rubric=own, key="kind", by_places=-1)
    assert keys(own) == ["kind", "first"]
    assert own.sheet.criteria[0].question == "How kind?"
    assert own.sheet.criteria[0].points == KIND.points
    own = rubrics.remove(by=curator, rubric=own, key="first")
    assert keys(own) == ["kind"]
    assert rubrics.move(by=curator, rubric=own, key="kind", by_places=1) == own


def test_a_criterion_keeps_its_row_while_it_is_changed(curator, own) -> None:
    row = own.criteria.get()
    changed = replace(own.sheet.criteria[0], label="Another label")
    rubrics.put(by=curator, rubric=own, asked=changed, instead_of="first")
    assert Criterion.objects.get(rubric=own).pk == row.pk


def test_what_would_make_a_rubric_senseless_is_refused(curator, own) -> None:
    why = replace(KIND, key="why", ask_when=When("kind", (1,)))
    with pytest.raises(rubrics.BadRubric, match="not asked before it"):
        rubrics.put(by=curator, rubric=own, asked=why)
    own = rubrics.put(by=curator, rubric=own, asked=KIND)
    own = rubrics.put(by=curator, rubric=own, asked=why)
    for senseless in (
        lambda: rubrics.remove(by=curator, rubric=own, key="kind"),
        lambda: rubrics.move(by=curator, rubric=own, key="why", by_places=-1),
    ):
        with pytest.raises(rubrics.BadRubric, match="not asked before it"):
            senseless()
    assert keys(own) == ["first", "kind", "why"]


def test_two_curators_at_once_do_not_overwrite_each_other(curator, own) -> None:
    mine, theirs = Rubric.objects.get(pk=own.pk), Rubric.objects.get(pk=own.pk)
    rubrics.state(by=curator, rubric=mine, title="Mine", intro="", origin="Ours")
    with pytest.raises(rubrics.ChangedMeanwhile):
        rubrics.state(by=curator, rubric=theirs, title="Theirs", intro="", origin="")
    assert Rubric.objects.get(pk=own.pk).title == "Mine"


def test_an_open_study_fixes_its_rubric(curator, own) -> None:
    study(rubric=own, is_open=False)
    assert fixed_because(own) == ""
    study(rubric=own, slug="open")
    assert "Raters are reading version 1" in fixed_because(own)
    with pytest.raises(rubrics.VersionInUse, match="Make a new version"):
        rubrics.remove(by=curator, rubric=own, key="first")


def test_a_judge_fixes_its_rubric(curator) -> None:
    judge = judging.rule_judge()
    with pytest.raises(rubrics.VersionInUse, match="judge"):
        rubrics.put(by=curator, rubric=judge.rubric, asked=KIND)


@pytest.fixture
def rated(rater):
    made = study(1)
    held = lease(made, rater)
    submission.submit(
        assignment=held,
        rater=held.rater,
        token=held.token,
        key="key",
        ratings=ratings(made),
        preference="A",
        at=AT,
    )
    return made


def test_the_first_rating_freezes_a_version_in_the_database_itself(rated) -> None:
    first = rated.rubric.criteria.order_by("position")[0]
    changes = [
        lambda: Rubric.objects.filter(pk=rated.rubric_id).update(intro="Another."),
        lambda: Criterion.objects.filter(pk=first.pk).update(question="Another?"),
        lambda: ScalePoint.objects.filter(criterion=first).update(anchor="Another."),
        lambda: ScalePoint.objects.create(criterion=first, value=7, label="Seven"),
        lambda: Criterion.objects.create(
            rubric=rated.rubric, key="new", label="New", question="?", kind="text", position=9
        ),
        lambda: ScalePoint.objects.filter(criterion=first).delete(),
        lambda: Criterion.objects.filter(pk=first.pk)._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="make a new version"), transaction.atomic():
            change()


def test_what_nobody_has_rated_can_be_changed_beside_what_is_frozen(rated, curator, own) -> None:
    assert "People have rated" in fixed_because(rated.rubric)
    assert keys(rubrics.put(by=curator, rubric=own, asked=KIND)) == ["first", "kind"]
    Rubric.objects.filter(pk=rated.rubric_id).update(origin="Said better")


def test_a_new_version_is_a_copy_that_can_be_changed(rated, curator) -> None:
    second = rubrics.new_version(by=curator, rubric=rated.rubric)
    assert (second.version, keys(second)) == (2, keys(rated.rubric))
    assert second.digest != rated.rubric.digest
    second = rubrics.remove(by=curator, rubric=second, key="references")
    assert rubrics.new_version(by=curator, rubric=rated.rubric).version == 3
    assert staleness.between(rated.rubric.sheet, second.sheet)[-1].what == "removed"


def test_a_change_says_which_ratings_it_makes_stale(rated, curator) -> None:
    old = rated.rubric
    new = rubrics.new_version(by=curator, rubric=old)
    said = new.sheet.by_key["declines"]
    new = rubrics.put(
        by=curator, rubric=new, asked=replace(said, question="Is it a no?"), instead_of="declines"
    )
    new = rubrics.remove(by=curator, rubric=new, key="references")
    changes = staleness.between(old.sheet, new.sheet)
    assert [(each.key, each.what) for each in changes] == [
        ("declines", "changed"),
        ("grounding", "same"),
        ("relevance", "same"),
        ("references", "removed"),
    ]
    assert stale_ratings(old, changes) == [{"slug": "spring", "name": rated.name, "n": 4}]


def test_moving_and_tagging_make_nothing_stale() -> None:
    sheet = rubric().sheet
    turned = replace(sheet, criteria=tuple(reversed(sheet.criteria)))
    assert not any(change.makes_stale for change in staleness.between(sheet, turned))
    first = sheet.criteria[0]
    tagged = replace(first, points=tuple(replace(p, severity="concern") for p in first.points))
    marked = replace(sheet, criteria=(tagged, *sheet.criteria[1:]))
    (change, *_) = staleness.between(sheet, marked)
    assert (change.what, change.makes_stale) == ("changed", False)
