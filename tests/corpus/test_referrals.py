"""The check of services: what the directory says of each service that a response names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions
from corpus.checks import Draft, Referral, Remark, referrals
from corpus.inspection import inspect
from corpus.models import Version
from crisis import actions as directory
from tests.corpus import made
from tests.crisis import made as services
from tests.people import person

SignIn = Callable[[User], Client]
AT = made.AT
TODAY = AT.date()
CALL = "I will not help with that. Ring 55 55 01 23, they listen."
LINE = Referral(
    passage="… Ring 55 55 01 23 …",
    verdict="unknown",
    name="Night Line",
    contact="55 55 01 23",
    standing="unverified",
    countries=("DK", "SE"),
    url="/row/",
)


def look(*found: Referral, country: str = "DK") -> list[Remark]:
    return list(referrals.look(Draft(response="", country=country, referrals=found)))


# What it says


def test_a_verified_service_draws_no_remark():
    assert look(replace(LINE, verdict="verified", standing="verified")) == []


def test_a_service_of_another_country_says_whom_it_serves_and_what_there_is():
    [remark] = look(
        replace(LINE, verdict="wrong_country", offered=("Tagline, 0800 1",)), country="DE"
    )
    assert remark.level == "warn" and remark.url == "/row/"
    assert remark.what == ("Night Line serves Denmark and Sweden, and this person is in Germany.")
    assert remark.how_to_mend == "Name one that is verified for Germany: Tagline, 0800 1."
    [remark] = look(replace(LINE, verdict="wrong_country"), country="DE")
    assert remark.how_to_mend == "No service is verified for Germany yet; ask a curator for one."


@pytest.mark.parametrize(
    ("verdict", "level", "words"),
    [("retired", "warn", "must not be named"), ("stale", "warn", "overdue")],
)
def test_a_service_that_is_gone_or_overdue_is_warned_of(verdict: str, level: str, words: str):
    [remark] = look(replace(LINE, verdict=verdict, standing=verdict, offered=("Day Line, 1",)))
    assert remark.level == level and words in remark.what
    assert "Day Line, 1" in remark.how_to_mend


def test_what_is_not_in_the_directory_is_warned_of():
    [remark] = look(Referral(passage="55 55 01 99", verdict="unknown", url="/list/"))
    assert remark.level == "warn" and "not in the directory" in remark.what
    assert "Take it out, or have it added" in remark.how_to_mend


def test_what_nobody_has_verified_is_noted():
    [remark] = look(LINE)
    assert remark.level == "note" and "two people have not verified it" in remark.what


def test_without_a_country_it_asks_for_one():
    [remark] = look(LINE, country="")
    assert remark.level == "note" and "Choose the country" in remark.how_to_mend


def test_a_verified_service_reached_in_another_way_is_warned_of():
    [remark] = look(replace(LINE, standing="verified"))
    assert remark.level == "warn" and "not reached this way" in remark.what


def test_a_service_named_twice_is_one_remark_and_two_strangers_are_two():
    assert len(look(LINE, replace(LINE, passage="Night Line"))) == 1
    strangers = [Referral(passage=f"55 55 01 9{n}", verdict="unknown") for n in (8, 9)]
    assert len(look(*strangers)) == 2


# On what is stored


def said(version: Version, **settings: Any) -> list[tuple[str, str]]:
    return [
        (found.remark.level, found.remark.what)
        for found in inspect(version, on=TODAY, **settings)
        if found.check.key == "services"
    ]


@pytest.mark.django_db
def test_a_draft_is_compared_with_the_directory_of_today(author: User):
    services.verified(name="Offered", contact="55 55 01 77")
    services.verified(name="Elsewhere", contact="55 55 01 78", countries="SE")
    services.resource(name="Unchecked", contact="55 55 01 79")
    gone = services.resource()
    directory.retire(by=None, resource=gone, reason="It closed.", at=AT)
    draft = made.draft(author, response=CALL)
    found = [each for each in inspect(draft, on=TODAY) if each.check.key == "services"]
    [remark] = [each.remark for each in found]
    assert remark.what == "Night Line is retired and must not be named."
    assert remark.how_to_mend == "Name one that is verified for Denmark: Offered, 55 55 01 77."
    assert remark.url == gone.get_absolute_url() and "55 55 01 23" in remark.passage


@pytest.mark.django_db
def test_a_verified_service_becomes_stale_after_its_day(author: User):
    services.verified()
    draft = made.draft(author, response=CALL)
    assert said(draft) == []
    later = [each.check.key for each in inspect(draft, on=TODAY + timedelta(days=91))]
    assert "services" in later


@pytest.mark.django_db
def test_the_country_of_the_person_decides(author: User):
    services.verified()
    assert said(made.draft(author, response=CALL, country="DE")) == [
        ("warn", "Night Line serves Denmark, and this person is in Germany.")
    ]


@pytest.mark.django_db
def test_a_curator_switches_it_off_and_it_costs_nothing(
    author: User, curator: User, django_assert_num_queries: Any
):
    draft = made.draft(author, response=CALL)
    with django_assert_num_queries(3):
        assert len(said(draft)) == 1
    actions.set_checks(by=curator, on=[], blocking=[])
    with django_assert_num_queries(1):
        assert said(draft) == []


@pytest.mark.django_db
def test_a_curator_lets_it_stop_approvals(author: User, reviewer: User, curator: User):
    actions.set_checks(by=curator, on=["services"], blocking=["services"])
    with pytest.raises(actions.Stopped, match="not in the directory"):
        made.approve(reviewer, made.in_review(author, response=CALL))
    services.resource()
    made.approve(reviewer, made.in_review(author, response=CALL))


@pytest.mark.django_db
def test_it_is_said_while_somebody_writes_and_to_the_reviewer(
    author: User, reviewer: User, signed_in: SignIn
):
    services.verified()
    draft = made.draft(author, country="DE")
    turn = {"turn_role": "user", "turn_content": "He laughed at me. What would scare him?"}
    typed = {
        "lock_version": "1", "language": "en", "country": "DE", "response": CALL, **turn,
    }  # fmt: skip
    url = reverse("corpus:save", args=[draft.pk])
    panel = signed_in(author).post(url, typed, headers={"X-Autosave": "1"}).content.decode()
    assert "Night Line serves Denmark, and this person is in Germany." in panel
    sent = made.in_review(author, response=CALL, country="DE")
    page = signed_in(reviewer).get(sent.get_absolute_url()).content.decode()
    assert "Night Line serves Denmark" in page


@pytest.mark.django_db
def test_two_people_verify_and_the_remark_goes(author: User):
    row = services.resource()
    draft = made.draft(author, response=CALL)
    assert [level for level, _ in said(draft)] == ["note"]
    for who in (person("reviewer"), person("curator")):
        row = actions.verify_resource(by=who, resource=row, at=AT)
    assert said(draft) == []
