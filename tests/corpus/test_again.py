"""Pairs are vetted again when their day passes or a service in them may not be named any more."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from corpus import actions
from corpus.again import described
from corpus.models import Approval, CheckSetting, Domain, Version
from crisis.models import Resource
from tests.corpus import made
from tests.crisis import made as services
from tests.people import PASSWORD, person

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
AT = made.AT
TODAY = AT.date()
LIST = reverse("corpus:again")
CALL = "I will not help with that. Ring 55 55 01 23, they listen."


def renew(by: User, version: Version, **more: Any) -> Version:
    asked = {"at": AT, "method": "password", "reason": "Read it again today.", **more}
    return actions.renew(by=by, version=version, **asked)


def retire(row: Resource, why: str = "It closed.") -> None:
    actions.retire_resource(by=None, resource=row, reason=why, at=AT)


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def said(version: Version, on: date) -> list[str]:
    return [reason.words for reason in described([version], on, version.author)[0].reasons]


# What waits


def test_a_pair_waits_from_a_month_before_its_day(author: User, reviewer: User):
    version = made.approved(author, reviewer)
    day = version.best_before
    waiting = [
        bool(Version.objects.to_vet_again(day + timedelta(days=n))) for n in (-31, -30, 0, 1)
    ]
    assert waiting == [False, True, True, True]
    assert said(version, day - timedelta(days=12)) == ["Best before March 2, 2027, in 12 days."]
    assert said(version, day + timedelta(days=1)) == ["Best before March 2, 2027, 1 day ago."]


def test_a_pair_waits_when_its_service_is_retired(author: User, reviewer: User):
    row = services.resource()
    version = made.approved(author, reviewer, response=CALL)
    made.approved(author, reviewer)
    assert not Version.objects.to_vet_again(TODAY).exists()
    retire(row)
    assert list(Version.objects.to_vet_again(TODAY)) == [version]
    [reason] = described([version], TODAY, author)[0].reasons
    assert (reason.words, reason.resource) == ("was retired on March 2, 2026: It closed.", row)
    assert "55 55 01 23" in reason.passage


def test_a_pair_waits_when_its_service_is_overdue(author: User, reviewer: User):
    services.verified()
    version = made.approved(author, reviewer, response=CALL)
    assert list(Version.objects.to_vet_again(later(91))) == [version]
    assert said(version, later(91)) == ["was to be checked again by May 31, 2026, and nobody has"]


def test_only_what_is_current_waits(author: User, reviewer: User):
    row = services.resource()
    old = made.approved(author, reviewer, response=CALL)
    made.in_review(author, response=CALL)
    fresh = actions.start_new_version(by=author, pair=old.pair, at=AT)
    retire(row)
    assert list(Version.objects.to_vet_again(TODAY)) == [old]
    assert described([old], TODAY, author)[0].newest == fresh
    fields = made.fields(response="Tell a friend.")
    fresh = actions.save_draft(by=author, version=fresh, fields=fields, lock_version=1, at=AT)
    made.approve(reviewer, actions.submit(by=author, version=fresh, at=AT))
    assert not Version.objects.to_vet_again(TODAY).exists()


# Signing again


def test_signing_again_moves_the_day_and_leaves_a_signature(author: User, reviewer: User):
    version = made.approved(author, reviewer)
    signed = renew(
        reviewer, version, at=AT + timedelta(hours=1), best_before=later(500), method="passkey"
    )
    assert signed.best_before == later(500) and signed.status == "approved"
    first, second = Approval.objects.filter(version=version)
    assert (second.reviewer, second.method, second.best_before, second.digest) == (
        reviewer, "passkey", later(500), first.digest,
    )  # fmt: skip
    assert second.reason == "Read it again today."


def test_a_year_is_the_day_that_nobody_chose(author: User, reviewer: User):
    version = made.approved(author, reviewer, at=AT - timedelta(days=350))
    assert renew(reviewer, version).best_before == later(365)


def test_who_wrote_in_the_pair_does_not_sign_it(author: User, reviewer: User):
    both = person("author", "reviewer")
    version = made.approved(both, reviewer)
    with pytest.raises(actions.OwnWork):
        renew(both, version, best_before=later(500))
    with pytest.raises(actions.NotYours):
        renew(author, version, best_before=later(500))
    with pytest.raises(actions.NotYours):
        renew(person("curator"), version, best_before=later(500))


def test_what_names_a_retired_service_is_not_signed(author: User, reviewer: User):
    row = services.resource()
    version = made.approved(author, reviewer, response=CALL)
    retire(row)
    with pytest.raises(actions.Worn, match="Night Line, 55 55 01 23"):
        renew(reviewer, version, best_before=later(500))
    assert Approval.objects.count() == 1


def test_what_names_an_overdue_service_is_signed_once_it_was_checked(author: User, reviewer: User):
    row = services.verified()
    version = made.approved(author, reviewer, response=CALL)
    then = AT + timedelta(days=91)
    with pytest.raises(actions.Worn):
        renew(reviewer, version, at=then, best_before=later(500))
    for who in (person("reviewer"), person("curator")):
        actions.verify_resource(by=who, resource=row, at=then)
    assert renew(reviewer, version, at=then, best_before=later(500)).best_before == later(500)


def test_the_services_are_those_of_the_day_of_signing(author: User, reviewer: User):
    row = services.resource(name="Old Line")
    version = made.approved(author, reviewer, response=CALL)
    retire(row)
    services.resource(name="New Line")  # by itself, as from a shell: nothing was read anew
    assert renew(reviewer, version, best_before=later(500)).best_before == later(500)


def test_a_day_that_is_not_later_is_refused(author: User, reviewer: User):
    version = made.approved(author, reviewer)
    for day in (TODAY, version.best_before):
        with pytest.raises(actions.NotNow, match="later day"):
            renew(reviewer, version, best_before=day)


def test_open_requests_and_binding_checks_hold_it_back(author: User, reviewer: User):
    mail = "Write to anna.example@example.org, who will answer you tonight."
    version = made.approved(author, reviewer, response=mail)
    request = {"kind": "request", "is_blocking": True, "body": "Name a step."}
    actions.comment(by=reviewer, version=version, **request)
    with pytest.raises(actions.Unmet):
        renew(reviewer, version, best_before=later(500))


def test_a_check_that_binds_now_holds_it_back(author: User, reviewer: User, curator: User):
    version = made.approved(author, reviewer, response="Ring 55 55 01 99, they listen.")
    actions.set_checks(by=curator, on=["services"], blocking=["services"])
    assert CheckSetting.objects.current()["services"].blocks_approval
    with pytest.raises(actions.Stopped, match="not in the directory"):
        renew(reviewer, version, best_before=later(500))


def test_only_the_newest_approved_version_is_signed(author: User, reviewer: User):
    first = made.approved(author, reviewer)
    with pytest.raises(actions.NotNow, match="in review, not approved"):
        renew(reviewer, made.in_review(author))
    again = actions.start_new_version(by=author, pair=first.pair, at=AT)
    made.approve(reviewer, actions.submit(by=author, version=again, at=AT))
    with pytest.raises(actions.NotNow, match="newer version"):
        renew(reviewer, first, best_before=later(500))


def test_where_two_sign_the_day_moves_with_the_second(author: User, reviewer: User):
    other, third = person("reviewer"), person("reviewer")
    Domain.objects.filter(pk=made.domain().pk).update(approvals_needed=2)
    version = made.in_review(author)
    for who in (reviewer, other):
        version = made.approve(who, version)
    before = version.best_before
    assert renew(reviewer, version, best_before=later(600)).best_before == before
    with pytest.raises(actions.NotNow, match="Somebody else"):
        renew(reviewer, version, best_before=later(600))
    assert renew(reviewer, version, best_before=later(700)).best_before == before
    assert renew(third, version, best_before=later(500)).best_before == later(500)
    assert renew(other, version, best_before=later(900)).best_before == later(700)


# The pages


def test_the_list_says_why_and_what_to_do(
    author: User, reviewer: User, curator: User, signed_in: SignIn
):
    row = services.resource()
    version = made.approved(author, reviewer, at=timezone.now(), response=CALL)
    retire(row, "It closed last week.")
    page = signed_in(curator).get(LIST).content.decode()
    assert "1 pair waits" in page and "It closed last week." in page and "<q" in page
    assert row.get_absolute_url() in page
    assert reverse("corpus:new_version", args=[version.pair_id]) in page
    assert reverse("corpus:renew", args=[version.pk]) not in page
    page = signed_in(reviewer).get(LIST).content.decode()
    assert "cannot be signed again" in page and "Write a new version" not in page


def test_a_reviewer_is_led_to_sign_what_others_wrote(
    author: User, reviewer: User, signed_in: SignIn
):
    version = made.approved(author, reviewer, at=timezone.now() - timedelta(days=360))
    own = person("author", "reviewer")
    page = signed_in(reviewer).get(LIST).content.decode()
    assert reverse("corpus:renew", args=[version.pk]) in page
    made.approved(own, reviewer, at=timezone.now() - timedelta(days=360))
    page = signed_in(own).get(LIST).content.decode()
    assert "You wrote in this pair" in page and page.count("/renew/") == 1


def test_the_list_is_filtered(author: User, reviewer: User, signed_in: SignIn):
    now = timezone.now()
    row = services.resource()
    worn = made.approved(author, reviewer, at=now, response=CALL)
    retire(row)
    soon = made.approved(author, reviewer, at=now - timedelta(days=360))
    past = made.approved(
        author, reviewer, at=now - timedelta(days=400), domain=made.domain("weapons")
    )
    client = signed_in(reviewer)

    def shown(**query: str) -> set[Version]:
        return {each.version for each in client.get(LIST, query).context["waiting"]}

    assert shown() == {worn, soon, past}
    assert shown(why="service") == {worn}
    assert shown(why="soon") == {soon} and shown(why="past") == {past}
    assert shown(domain="weapons") == {past} and shown(language="da") == set()
    assert b"Nothing waits behind these filters" in client.get(LIST, {"language": "da"}).content


def test_a_draft_of_others_is_said_and_not_shown(
    author: User, reviewer: User, curator: User, signed_in: SignIn
):
    row = services.resource()
    version = made.approved(author, reviewer, at=timezone.now(), response=CALL)
    retire(row)
    draft = actions.start_new_version(by=author, pair=version.pair, at=timezone.now())
    way = f'href="{draft.get_absolute_url()}"'
    page = signed_in(reviewer).get(LIST).content.decode()
    assert "A new version is under way" in page and way not in page
    assert way in signed_in(curator).get(LIST).content.decode()


def test_the_page_of_a_version_says_why_it_waits(author: User, reviewer: User, signed_in: SignIn):
    now = timezone.now()
    soon = made.approved(author, reviewer, at=now - timedelta(days=360))
    fresh = made.approved(author, reviewer, at=now)
    sign = reverse("corpus:renew", args=[soon.pk])
    page = signed_in(reviewer).get(soon.get_absolute_url()).content.decode()
    assert "To be vetted again" in page and sign in page
    page = signed_in(author).get(soon.get_absolute_url()).content.decode()
    assert "To be vetted again" in page and sign not in page
    assert b"To be vetted again" not in signed_in(author).get(fresh.get_absolute_url()).content


def test_an_empty_list_says_when_it_fills(reviewer: User, signed_in: SignIn):
    assert b"Nothing waits to be vetted again." in signed_in(reviewer).get(LIST).content


def test_the_list_costs_the_same_for_many(
    author: User, reviewer: User, signed_in: SignIn, django_assert_max_num_queries: Any
):
    row = services.resource()
    for n in range(22):
        made.approved(author, reviewer, response=CALL, messages=[
            {"role": "user", "content": f"Case {n}"}
        ])  # fmt: skip
    retire(row)
    client = signed_in(reviewer)
    client.get(LIST)
    with django_assert_max_num_queries(9):
        page = client.get(LIST).context["page"]
    assert len(page.rows) == 20
    assert len(client.get(LIST, {"cursor": page.next}).context["page"].rows) == 2


def test_signing_again_asks_for_the_password(author: User, reviewer: User, signed_in: SignIn):
    version = made.approved(author, reviewer, at=timezone.now() - timedelta(days=360))
    url = reverse("corpus:renew", args=[version.pk])
    assert Client().post(url).status_code == 302
    assert signed_in(author).post(url).status_code == 403
    client = signed_in(reviewer)
    assert "Is it still right?" in client.get(url).content.decode()
    assert client.post(url, {"reason": "Still right."}).status_code == 422
    wrong = client.post(url, {"reason": "Still right.", "password": "no"})
    assert wrong.status_code == 422 and b"not your password" in wrong.content
    assert Approval.objects.count() == 1
    right = client.post(url, {"reason": "Still right.", "password": PASSWORD})
    assert right.status_code == 302 and right["Location"] == LIST
    version.refresh_from_db()
    assert version.best_before == (timezone.now() + timedelta(days=365)).date()
    assert not Version.objects.to_vet_again(timezone.now().date()).exists()


def test_a_refusal_stands_on_the_page_with_what_was_typed(
    author: User, reviewer: User, signed_in: SignIn
):
    version = made.approved(author, reviewer, at=timezone.now())
    day = str(timezone.now().date())
    url = reverse("corpus:renew", args=[version.pk])
    asked = {"reason": "Still right, I think.", "best_before": day, "password": PASSWORD}
    page = signed_in(reviewer).post(url, asked)
    assert page.status_code == 409
    assert b"later day" in page.content and b"Still right, I think." in page.content


def test_home_says_what_waits(author: User, reviewer: User, curator: User, signed_in: SignIn):
    now = timezone.now()
    services.verified(at=now - timedelta(days=85))
    row = services.resource(name="Old Line", contact="55 55 01 77")
    made.approved(author, reviewer, at=now, response="Ring 55 55 01 77, they listen.")
    home = signed_in(curator).get("/").content.decode()
    assert "to be vetted again" not in home and "1 service is due to be checked." in home
    retire(row)
    home = signed_in(curator).get("/").content.decode()
    assert "1 pair waits to be vetted again." in home and LIST in home
    assert LIST not in signed_in(author).get("/").content.decode()
