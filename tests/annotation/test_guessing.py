"""Raters guess at the end, once, about a few of their own answers; nothing tells them the arm."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from annotation import guessing
from annotation.actions import guesses, raters, studies, submission
from annotation.models import Assignment, Guess, Rater, Seat, Study
from tests.annotation import made
from tests.annotation.made import AT

pytestmark = pytest.mark.django_db
LABELS = ("With our instructions", "As it comes")


def rate_all(study: Study, rater: Rater) -> None:
    for number in range(study.n_items):
        at = AT + timedelta(minutes=number)
        assignment = made.lease(study, rater, at)
        submission.submit(
            assignment=assignment,
            rater=rater,
            token=assignment.token,
            key=str(number),
            ratings=made.ratings(study),
            preference="A",
            at=at,
        )


@pytest.fixture
def seat(rater) -> Seat:
    """A rater who has rated everything, in a study that asks."""
    study = made.study(12)
    guesses.name_arms(by=None, study=study, labels=LABELS)
    rate_all(study, raters.of(rater))
    return Seat.objects.select_related("study", "rater").get(study=study)


def test_at_most_ten_of_their_own_answers_are_asked_about(seat) -> None:
    asked = guessing.questions(seat)
    assert len(asked) == 10
    assert asked == guessing.questions(seat)
    assert len({each.assignment for each in asked}) == 10


def test_each_arm_is_asked_about_equally_often(seat) -> None:
    items = [Assignment(item_id=f"item {n}") for n in range(400)]
    counted = Counter(guessing.arm_of(seat, item) for item in items)
    assert all(140 < counted[arm] < 260 for arm in (0, 1))


def test_guesses_are_kept_with_the_true_arm_once(seat) -> None:
    asked = guessing.questions(seat)
    given = {each.assignment: "none" for each in asked} | {asked[0].assignment: "1"}
    assert guesses.give(seat=seat, given=given, at=AT) == 10
    first = Guess.objects.get(completion=asked[0].completion)
    assert first.guessed is not None
    assert (first.arm_id, first.guessed.guess_label) == (asked[0].arm, "As it comes")
    assert Guess.objects.filter(guessed=None).count() == 9
    with pytest.raises(guesses.Begun):
        guesses.give(seat=seat, given=given, at=AT)
    assert Guess.objects.count() == 10


def test_an_answer_without_a_guess_is_refused_and_nothing_is_kept(seat) -> None:
    with pytest.raises(guesses.Unfit):
        guesses.give(seat=seat, given={}, at=AT)
    assert not Guess.objects.exists()
    assert guessing.waits_for(seat)


@pytest.mark.parametrize(
    ("labels", "words"), [(["One"], "each of the 2"), (["Same", "same"], "of its own")]
)
def test_names_for_guessing_are_one_for_each_arm(labels, words) -> None:
    with pytest.raises(guesses.Unfit, match=words):
        guesses.name_arms(by=None, study=made.study(), labels=labels)


def test_names_stay_once_somebody_has_guessed(seat) -> None:
    given = {each.assignment: "none" for each in guessing.questions(seat)}
    guesses.give(seat=seat, given=given, at=AT)
    with pytest.raises(guesses.Begun):
        guesses.name_arms(by=None, study=seat.study, labels=["Other", "Names"])


def test_nobody_is_asked_without_names_or_before_rating_something(rater) -> None:
    study = made.study()
    seat = raters.seat(study=study, rater=raters.of(rater), at=AT)
    assert not guessing.waits_for(seat)
    guesses.name_arms(by=None, study=study, labels=LABELS)
    assert not guessing.waits_for(seat)


# Pages


def url(name: str) -> str:
    return reverse(f"annotation:{name}", args=["spring"])


def test_the_last_page_leads_to_the_question(seat, rater, signed_in) -> None:
    client = signed_in(rater)
    assert url("guess") in client.get(url("rate")).content.decode()
    page = client.get(url("guess")).content.decode()
    labels = re.findall(r'value="(?:1|2|none)">([^<]+)</label>', page)
    assert labels[:3] == ["As it comes", "With our instructions", "No idea"]
    assert "checked" not in page.split('<form method="post">')[-1]


def test_the_question_is_answered_once_and_then_gone(seat, rater, signed_in) -> None:
    client = signed_in(rater)
    given = {each.assignment: "2" for each in guessing.questions(seat)}
    some = dict(list(given.items())[:3])
    refused = client.post(url("guess"), some)
    assert (refused.status_code, refused.content.decode().count(" checked")) == (422, 3)
    assert client.post(url("guess"), given)["Location"] == url("rate")
    assert client.get(url("guess"))["Location"] == url("rate")
    assert url("guess") not in client.get(url("rate")).content.decode()
    assert Guess.objects.count() == 10


def test_nobody_is_asked_while_items_are_left(rater, signed_in) -> None:
    study = made.study()
    guesses.name_arms(by=None, study=study, labels=LABELS)
    client = signed_in(rater)
    client.post(url("start"))
    client.get(url("rate"))
    assert client.get(url("guess"))["Location"] == url("rate")


def test_raters_are_asked_after_the_study_closed_before_they_were_through(rater, signed_in) -> None:
    study = made.study()
    guesses.name_arms(by=None, study=study, labels=LABELS)
    who = raters.of(rater)
    one = made.lease(study, who)
    submission.submit(
        assignment=one,
        rater=who,
        token=one.token,
        key="k",
        ratings=made.ratings(study),
        preference="A",
        at=AT,
    )
    studies.close(by=None, study=study, at=AT)
    client = signed_in(rater)
    assert url("guess") in client.get(url("rate")).content.decode()
    assert "Here is 1 answer" in client.get(url("guess")).content.decode()


def test_curators_name_the_arms(curator, signed_in) -> None:
    study = made.study()
    client = signed_in(curator)
    assert client.post(url("name_arms"), {"label": LABELS}).status_code == 302
    assert [arm.guess_label for arm in study.arms.order_by("position")] == list(LABELS)
    client.post(url("name_arms"), {"label": ["One", "one"]})
    assert study.arms.filter(guess_label="One").count() == 0
