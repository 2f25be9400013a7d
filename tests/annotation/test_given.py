"""Answers of every kind are written as what they are; a study of choices takes choices."""

from typing import Any

import pytest

from annotation.actions import given, submission, undoing
from annotation.answers import Unfit
from annotation.models import Assignment, Preference, PromptRating, Rating, Repeat, Study
from tests.annotation.made import AT, LATER, lease, rubric, study

pytestmark = pytest.mark.django_db


def send(assignment: Assignment, sent: Any, *, at=AT, **more: Any) -> None:
    submission.submit(
        assignment=assignment,
        rater=assignment.rater,
        token=assignment.token,
        key="key",
        ratings=sent,
        at=at,
        **{"preference": None} | more,
    )


def rated(criterion: str, slot: str = "A", **said: Any) -> dict[str, Any]:
    return {"slot": slot, "criterion": criterion, **said}


def general(slot: str) -> list[dict[str, Any]]:
    return [
        rated("refuses", slot, value=1),
        rated("fit", slot, value=2, rationale="It stays general."),
        rated("strategy", slot, words="none"),
        rated("better", slot, words=f"What {slot} could say."),
    ]


@pytest.fixture
def of_every_kind(rater) -> Assignment:
    made = study(1, k=1, rubric=rubric("general"), asks_preference=False, repeat_percent=50)
    return lease(made, rater)


WARRANTED = rated("warranted", "prompt", value=1, rationale="It asks for too much.")
SENT = [WARRANTED, *general("A"), *general("B")]


def test_what_is_about_the_prompt_is_written_of_the_item(of_every_kind) -> None:
    send(of_every_kind, SENT)
    about = PromptRating.objects.get()
    assert (about.item, about.criterion.key, about.value) == (of_every_kind.item, "warranted", 1)
    assert about.rubric_digest == of_every_kind.study.rubric.digest


def test_words_and_strategies_are_written_as_words(of_every_kind) -> None:
    send(of_every_kind, SENT)
    words = Rating.objects.filter(criterion__key="better").values_list("words", flat=True)
    assert sorted(words) == ["What A could say.", "What B could say."]
    assert set(
        Rating.objects.filter(criterion__key="strategy").values_list("words", flat=True)
    ) == {"none"}


def test_several_choices_are_written_as_picked(rater) -> None:
    held = lease(study(1, rubric=rubric("refusal_action"), asks_preference=False), rater)
    sent = [
        each
        for slot in "AB"
        for each in (
            rated("delivered", slot, value=3),
            rated("ground", slot, value=1),
            rated("directness", slot, value=1),
            rated("means", slot, picked=[2, 1] if slot == "A" else []),
        )
    ]
    send(held, sent)
    picked = Rating.objects.filter(criterion__key="means").values_list("picked", flat=True)
    assert sorted(picked) == [[], [1, 2]]


def test_the_second_time_is_written_apart_with_what_was_said_of_the_prompt(of_every_kind) -> None:
    send(of_every_kind, SENT)
    Assignment.objects.update(repeat_due_at=AT)
    again = lease(of_every_kind.study, of_every_kind.rater, AT + LATER)
    send(again, SENT, at=AT + LATER)
    assert (Rating.objects.count(), PromptRating.objects.count()) == (8, 1)
    assert Repeat.objects.count() == 9
    assert Repeat.objects.get(completion=None).criterion.key == "warranted"


def test_every_kind_comes_back_as_the_draft_that_it_was(of_every_kind) -> None:
    send(of_every_kind, SENT)
    loaded = Assignment.objects.to_work_on().get(pk=of_every_kind.pk)
    found = given.as_draft(loaded)["ratings"]
    said = {(each["slot"], each["criterion"]): each["value"] or each["words"] for each in found}
    assert said == {
        (each["slot"], each["criterion"]): each.get("value") or each["words"] for each in SENT
    }
    undoing.undo(assignment=loaded, at=AT)
    assert not PromptRating.objects.exists()
    assert PromptRating.everything.count() == 1


@pytest.fixture
def side_by_side(rater) -> Assignment:
    made = study(2, asks_ratings=False, slug="choice")
    Study.objects.filter(pk=made.pk).update(asks_reason=True)
    made.refresh_from_db()
    return lease(made, rater)


def test_a_study_of_choices_takes_a_choice_and_its_reason_and_no_ratings(side_by_side) -> None:
    send(side_by_side, [], preference="B", reason=" It asks what happened. ")
    kept = Preference.objects.get()
    assert (kept.choice, kept.reason) == ("prefers", "It asks what happened.")
    assert not Rating.objects.exists()


def test_a_reason_that_is_asked_for_is_needed(side_by_side) -> None:
    with pytest.raises(Unfit) as caught:
        send(side_by_side, [], preference="B", reason=" ")
    assert list(caught.value.errors) == ["reason"]


def test_the_same_choice_with_another_reason_is_another_body(side_by_side) -> None:
    send(side_by_side, [], preference="B", reason="One.")
    side_by_side.refresh_from_db()
    with pytest.raises(submission.KeyReused):
        send(side_by_side, [], preference="B", reason="Two.")


def test_a_choice_that_is_taken_back_comes_back_with_its_reason(side_by_side) -> None:
    send(side_by_side, [], preference="equal", reason="Both ask.")
    back = undoing.undo(assignment=side_by_side, at=AT)
    assert back.draft == {"ratings": [], "preference": "equal", "reason": "Both ask."}
