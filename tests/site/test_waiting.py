"""Home shows each role its next job, and nothing to those for whom nothing waits."""

import pytest
from django.utils.formats import date_format

from accounts.models import User
from annotation.actions import raters, studies, submission
from psychosafe_site.waiting import jobs_for
from tests.annotation import made
from tests.people import person

pytestmark = pytest.mark.django_db


def titles(user: User) -> list[str]:
    return [job.title for job in jobs_for(user)]


def test_a_rater_finds_the_open_study_until_it_is_rated(rater: User) -> None:
    assert titles(rater) == []
    study = made.study(1)
    assert titles(rater) == ["Rate answers: Refusal study, spring round"]
    mine = made.lease(study, rater)
    submission.submit(
        assignment=mine,
        rater=raters.of(rater),
        token=mine.token,
        key="k",
        ratings=made.ratings(study),
        preference="A",
        at=made.AT,
    )
    assert titles(rater) == []


def test_each_role_is_shown_its_own_work_only() -> None:
    made.study(2)
    for role, first in [
        ("author", "Write a pair"),
        ("engineer", "Register an endpoint"),
        ("administrator", "Invite people"),
    ]:
        assert titles(person(role)) == [first]
    assert titles(person("reviewer")) == []
    assert "Watch a study" in titles(person("curator"))[1]


def test_a_researcher_is_told_when_a_study_was_closed(curator: User, researcher: User) -> None:
    studies.close(by=curator, study=made.study(1), at=made.AT)
    [job] = [job for job in jobs_for(researcher) if job.title.startswith("Read the agreement")]
    assert job.text == f"Closed on {date_format(made.AT)}."
