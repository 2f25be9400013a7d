"""The gate as a release meets it: each kind of hindrance, found in the rows and overridden."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from corpus import actions as corpus_actions
from corpus.models import CheckResult, Pair, Source
from exports import actions
from exports.choice import WRITTEN_HERE, Choice
from exports.models import Release, ReleaseOverride
from tests.corpus import made as corpus
from tests.corpus.test_splits import approved, text
from tests.crisis import made as services
from tests.exports.made import CUT
from tests.exports.test_actions import cut
from tests.people import person

SignIn = Callable[[User], Client]
CALL = "I won't help with scaring him. Call Night Line on 55 55 01 23 tonight."
pytestmark = pytest.mark.django_db


@pytest.fixture
def named(author: User, reviewer: User) -> Any:
    """A response that names a service which nobody has verified."""
    services.resource()
    return corpus.approved(author, reviewer, response=CALL, at=timezone.now() - timedelta(days=1))


def found(choice: Choice | None = None) -> dict[str, Any]:
    plan = actions.checked(name="Refusals", at=CUT, choice=choice)
    return {each.kind.value: each for each in plan.hindrances}


def from_source(author: User, reviewer: User, licence: str) -> Source:
    source = Source.objects.create(name="Elsewhere", licence=licence)
    draft = corpus_actions.start_pair(
        by=author, at=corpus.AT, fields=corpus.fields(), source=source
    )
    corpus.approve(reviewer, corpus_actions.submit(by=author, version=draft, at=corpus.AT))
    return source


def test_a_pair_that_nobody_approved_hinders_when_it_is_asked_for(
    author: User, reviewer: User
) -> None:
    fresh, draft = approved(author, reviewer, 1), corpus.draft(author)
    assert not found()
    asked = found(Choice(pairs=(fresh.pair_id, draft.pair_id)))
    assert list(asked) == ["unvetted"] and asked["unvetted"].rows[0].key == draft.pair_id
    with pytest.raises(actions.Hindered, match="nobody has approved"):
        cut(choice=Choice(pairs=(fresh.pair_id, draft.pair_id)))


def test_a_stale_pair_hinders_when_it_is_asked_for(author: User, reviewer: User) -> None:
    old = approved(author, reviewer, 1, at=CUT - timedelta(days=400))
    approved(author, reviewer, 2)
    assert not found()
    assert list(found(Choice(pairs=(old.pair_id,)))) == ["stale"]


def test_a_service_hinders_until_two_people_verified_it(author: User, reviewer: User) -> None:
    services.resource()
    version = corpus.approved(author, reviewer, response=CALL)
    (row, *_) = found()["helplines"].rows
    assert row.key == version.pk and row.url == version.get_absolute_url()
    with pytest.raises(actions.Hindered, match="verified"):
        cut()


def test_a_verified_service_hinders_nothing(author: User, reviewer: User) -> None:
    services.verified()
    corpus.approved(author, reviewer, response=CALL)
    assert not found() and cut()


def test_a_licence_that_forbids_is_never_passed(author: User, reviewer: User) -> None:
    source = from_source(author, reviewer, "Do not pass on.")
    (row,) = found()["licence"].rows
    assert row.what == "Elsewhere: Do not pass on." and row.url == source.get_absolute_url()
    with pytest.raises(actions.BadField, match="Nobody may override 'licence'"):
        cut(overrides={"licence": "We like it."})
    approved(author, reviewer, 1)
    assert cut(choice=Choice(sources=(WRITTEN_HERE,))).entries.count() == 1


def test_a_licence_that_is_not_stated_is_passed_with_a_reason(
    author: User, reviewer: User, curator: User
) -> None:
    from_source(author, reviewer, "")
    with pytest.raises(actions.Hindered):
        cut(overrides={"terms": "  "})
    release = cut(by=curator, overrides={"terms": "Their letter of 3 March.", "families": "-"})
    (kept,) = release.overrides.all()
    assert (kept.kind, kept.reason, kept.n_rows) == ("terms", "Their letter of 3 March.", 1)
    assert kept.by == curator and kept.at == CUT


def test_what_was_made_for_the_sample_needs_no_licence_and_is_no_benchmark(
    author: User, reviewer: User
) -> None:
    source = from_source(author, reviewer, "")
    whole = corpus.prompt_set(1, by=author)
    whole.entries.update(prompt=Pair.objects.get().versions.get().prompt)
    type(whole).objects.update(source=source)
    assert set(found()) == {"terms", "overlap"}
    Source.objects.update(is_sample=True)
    assert not found()


def test_two_splits_that_share_a_text_are_never_passed(author: User, reviewer: User) -> None:
    same = text(1)
    pairs = [approved(author, reviewer, seed, response=same).pair for seed in (1, 2)]
    Pair.objects.filter(pk=pairs[1].pk).update(split="test")
    assert found()["leakage"].n_rows == 1 and not found()["leakage"].may_be_overridden


def test_training_on_a_benchmark_is_passed_with_a_reason(author: User, reviewer: User) -> None:
    version = approved(author, reviewer, 1)
    held_out = corpus.prompt_set(1, by=author)
    held_out.entries.update(prompt=version.prompt)
    assert not found()
    held_out.source = Source.objects.create(name="Bench", licence="MIT")
    held_out.save(update_fields=["source"])
    assert found()["overlap"].rows[0].key == version.pk
    Pair.objects.update(split="validation")
    assert not found()


def test_what_looks_like_personal_data_is_passed_with_a_reason(
    author: User, reviewer: User
) -> None:
    version = approved(author, reviewer, 1)
    CheckResult.objects.create(version=version, key="personal_data", level="warn", n=1)
    assert found()["personal_data"].n_rows == 1
    assert cut(overrides={"personal_data": "The number is made up."}).overrides.count() == 1


def test_a_template_that_many_share_hinders(author: User, reviewer: User, settings: Any) -> None:
    for seed in range(10):
        approved(author, reviewer, seed, response=text(0))
    (row,) = found()["families"].rows
    assert row.what == "10 of 10 pairs (100 %)" and f"family={row.key}" in row.url
    settings.RELEASE_FAMILY_PERCENT = 100
    assert not found()


def test_an_override_is_never_changed(author: User, reviewer: User) -> None:
    from_source(author, reviewer, "")
    release = cut(overrides={"terms": "A letter."})
    for change in (
        lambda: ReleaseOverride.objects.update(reason="Another."),
        lambda: ReleaseOverride.objects.create(
            release=release, kind="helplines", reason="Late.", n_rows=1, at=CUT
        ),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.parametrize("overrides", [{"nonsense": "Because."}, {"stale": "Because."}])
def test_an_override_of_something_else_is_refused(overrides: dict[str, str]) -> None:
    with pytest.raises(actions.BadField) as refusal:
        cut(overrides=overrides)
    assert refusal.value.field == "overrides"


# Page, REST, command


def test_the_page_costs_the_same_however_much_there_is(
    curator: User, author: User, reviewer: User, signed_in: SignIn
) -> None:
    client, counted = signed_in(curator), []
    for seeds in (range(2), range(2, 9)):
        for seed in seeds:
            approved(author, reviewer, seed, at=timezone.now() - timedelta(days=1))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("exports:new")).content
        counted.append(len(asked))
    assert b"9 pairs would be in it" in page and counted[0] == counted[1] <= 26


def test_the_page_shows_what_hinders_and_takes_the_reason(
    named: Any, curator: User, signed_in: SignIn
) -> None:
    client, url = signed_in(curator), reverse("exports:new")
    asked = {"name": "Refusals", "version": "1.0.0"}
    page = client.post(url, asked)
    assert page.status_code == 422 and b"kept from being made" in page.content
    assert named.get_absolute_url().encode() in page.content
    answer = client.post(url, asked | {"override_helplines": "We called them."}, follow=True)
    assert b"We called them." in answer.content and b"Made all the same" in answer.content


def test_rest_tells_what_hinders(named: Any, curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    asked: dict[str, Any] = {"name": "Refusals", "version": "1.0.0"}
    checked = client.post("/api/v1/releases/check/", asked, content_type="application/json")
    told = client.post("/api/v1/releases/", asked, content_type="application/json")
    assert checked.status_code == 200 and told.status_code == 422
    assert checked.json()["hindrances"] == told.json()["hindrances"]
    (only,) = told.json()["hindrances"]
    assert only["kind"] == "helplines" and only["severity"] == "overridable"
    assert only["who_may_override"] == ["curator"]
    assert {row["url"] for row in only["rows"]} == {named.get_absolute_url()}
    asked |= {"overrides": {"helplines": "We called them."}}
    made = client.post("/api/v1/releases/", asked, content_type="application/json")
    assert made.status_code == 201
    manifest = client.get(f"/api/v1/releases/{made.json()['id']}/").json()
    assert manifest["overrides"][0]["reason"] == "We called them."
    assert manifest["splits"] == {"train": 1} and manifest["changes"] is None


def test_rest_says_what_changed_since_the_last(curator: User, signed_in: SignIn) -> None:
    author, reviewer = person("author"), person("reviewer")
    first = approved(author, reviewer, 1)
    cut()
    second = approved(author, reviewer, 2)
    Pair.objects.filter(pk=first.pair_id).update(split="test")
    release = cut(version="2.0.0")
    told = signed_in(curator).get(f"/api/v1/releases/{release.pk}/").json()["changes"]
    assert told["since"] == "Refusals 1.0.0" and told["added"] == [second.pair_id]
    assert told["changed"] == [{"pair": first.pair_id, "what": ["split"]}]
    page = signed_in(curator).get(release.get_absolute_url()).content.decode()
    assert "What changed since Refusals 1.0.0" in page and "another split" in page


def test_rest_refuses_what_is_not_known(curator: User, signed_in: SignIn) -> None:
    asked = {"name": "Refusals", "version": "1.0.0", "domains": ["nothing"]}
    corpus.domain()
    answer = signed_in(curator).post(
        "/api/v1/releases/", json.dumps(asked), content_type="application/json"
    )
    assert answer.status_code == 422 and "There are: violence" in answer.json()["detail"]


def test_the_command_says_what_hinders_and_makes_the_release(
    named: Any, curator: User, capsys: Any
) -> None:
    with pytest.raises(CommandError, match="kept from being made"):
        call_command("cut_release", "Refusals", "1.0.0")
    assert "helplines (may be overridden)" in capsys.readouterr().out
    call_command("cut_release", "Refusals", "1.0.0", "--dry-run")
    assert "Nothing was made." in capsys.readouterr().out and not Release.objects.exists()
    call_command("cut_release", "Refusals", "1.0.0", "--override", "helplines=We called.")
    assert Release.objects.get().created_by == curator
    with pytest.raises(CommandError, match="gives no reason"):
        call_command("cut_release", "Refusals", "1.1.0", "--override", "helplines")


def test_a_version_comes_after_the_last(author: User, reviewer: User) -> None:
    approved(author, reviewer, 1)
    cut(version="1.2.0")
    with pytest.raises(actions.BadField, match=r"asks for 1\.2\.1"):
        cut(version="1.1.9")
    assert cut(version="1.2.1").previous == Release.objects.get(version="1.2.0")


def test_filters_choose_and_are_said(author: User, reviewer: User) -> None:
    approved(author, reviewer, 1, language="da", country="DK")
    kept = approved(author, reviewer, 2, language="en", country="GB", expected_action="answer")
    choice = Choice(languages=("en",), countries=("GB",), expected_actions=("answer",))
    release = cut(choice=choice)
    assert list(release.versions.all()) == [kept]
    assert "Languages: English. Countries: United Kingdom. Expected: Answer." in release.filters
