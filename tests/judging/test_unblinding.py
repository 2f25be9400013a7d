"""What raters guessed stands on the report once the study is closed, and not before."""

import pytest
from django.urls import reverse

from annotation import guessing
from annotation.actions import guesses, raters, studies, submission
from annotation.models import Seat, Study
from judging import unblinding
from tests.annotation import made
from tests.annotation.made import AT
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    study = made.study(12, k=5)
    guesses.name_arms(by=None, study=study, labels=["Plain", "Kind"])
    return study


def guess(study: Study, says: str) -> None:
    """A rater who rates everything and then knows it all, mistakes it all, or has no idea."""
    who = raters.of(person("rater"))
    for number in range(study.n_items):
        one = made.lease(study, who)
        submission.submit(
            assignment=one,
            rater=who,
            token=one.token,
            key=str(number),
            ratings=made.ratings(study),
            preference="A",
            at=AT,
        )
    seat = Seat.objects.select_related("study", "rater").get(study=study, rater=who)
    places = {arm.pk: str(place) for place, arm in enumerate(guessing.labels(study), start=1)}
    other = {"1": "2", "2": "1"}
    given = {
        each.assignment: {
            "right": places[each.arm],
            "wrong": other[places[each.arm]],
            "none": "none",
        }[says]
        for each in guessing.questions(seat)
    }
    guesses.give(seat=seat, given=given, at=AT)


def closed(study: Study) -> Study:
    return studies.close(by=None, study=study, at=AT)


def test_nothing_is_said_while_the_study_is_open_or_nobody_guessed(study) -> None:
    guess(study, "right")
    assert unblinding.report(study) is None
    assert unblinding.report(closed(made.study(slug="other"))) is None


def test_raters_who_know_it_all_are_reported(study) -> None:
    guess(study, "right")
    guess(study, "right")
    told = unblinding.report(closed(study))
    assert told is not None
    assert (told.n_raters, told.n_guesses) == (2, 20)
    assert {arm.index.value for arm in told.arms} == {1.0}
    assert told.headline == "Raters could tell some of the answers apart."
    assert told.james.value == 0.0


def test_raters_without_an_idea_leave_it_at_chance(study) -> None:
    guess(study, "none")
    guess(study, "none")
    told = unblinding.report(closed(study))
    assert told is not None
    assert {arm.index.value for arm in told.arms} == {0.0}
    assert sum(arm.n_unsure for arm in told.arms) == 20
    assert told.headline != "Raters could tell some of the answers apart."


def test_one_rater_alone_is_too_few(study) -> None:
    guess(study, "wrong")
    told = unblinding.report(closed(study))
    assert told is not None
    assert told.headline.startswith("Too few raters")


def test_the_page_shows_it_after_closing(study, curator, signed_in) -> None:
    guess(study, "right")
    guess(study, "wrong")
    client, url = signed_in(curator), reverse("judging:study", args=["spring"])
    assert "Did the blinding hold?" not in client.get(url).content.decode()
    closed(study)
    page = client.get(url).content.decode()
    assert "Did the blinding hold?" in page
    assert "2 raters guessed about 20 answers" in page
