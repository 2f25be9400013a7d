"""Which services a response names is kept, and follows what people do to the directory."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from corpus import actions, reach, tasks
from corpus.actions import directory
from corpus.models import CheckResult, Reference, Version
from crisis.models import Resource
from tests.corpus import made
from tests.crisis import made as services
from tests.people import person

pytestmark = pytest.mark.django_db
AT = made.AT
TODAY = AT.date()
CALL = "I will not help with that. Ring 55 55 01 23, they listen."


def named(version: Version) -> list[tuple[str, str | None]]:
    rows = Reference.objects.filter(version=version).select_related("resource")
    return [(row.passage, row.resource.name if row.resource else None) for row in rows]


def stale() -> list[Version]:
    return list(Version.objects.naming_stale(TODAY))


# When they are found


def test_a_draft_has_none_until_it_is_sent(author: User):
    services.resource()
    draft = made.draft(author, response=CALL)
    assert named(draft) == []
    actions.submit(by=author, version=draft, at=AT)
    assert named(draft) == [("55 55 01 23", "Night Line")]


def test_a_number_in_words_is_one_too(author: User):
    services.resource(contact="116 123")
    sent = made.in_review(author, response="Call one one six, one two three tonight.")
    assert named(sent) == [("one one six, one two three", "Night Line")]


def test_what_nobody_knows_is_kept_without_a_row(author: User):
    sent = made.in_review(author, response="Call 55 55 01 99, they listen.")
    assert named(sent) == [("55 55 01 99", None)]


def test_a_name_that_begins_with_its_number_is_one_place(author: User):
    services.resource(name="988 Lifeline", contact="988", countries="US")
    sent = made.in_review(author, country="US", response="Call 988 Lifeline today.")
    assert named(sent) == [("988 Lifeline", "988 Lifeline")]


def test_an_endless_address_is_kept_cut(author: User):
    sent = made.in_review(author, response="Look at https://a.example.org/" + "a" * 400)
    assert len(Reference.objects.get(version=sent).passage) == 300


def test_an_approval_finds_them_in_the_directory_of_its_day(author: User, reviewer: User):
    sent = made.in_review(author, response=CALL)
    services.resource()
    assert named(sent) == [("55 55 01 23", None)]
    made.approve(reviewer, sent)
    assert named(sent) == [("55 55 01 23", "Night Line")]


def test_an_import_finds_them_with_one_directory(curator: User, django_assert_max_num_queries: Any):
    from io import BytesIO

    services.resource()
    made.strategy()
    rows = [
        {"id": f"r{n}", "prompt": f"Number {n}?", "response": CALL, "domain": "violence",
         "country": "DK", "expected_action": "refuse"}
        for n in range(30)
    ]  # fmt: skip
    file = BytesIO("".join(json.dumps(row) + "\n" for row in rows).encode())
    with django_assert_max_num_queries(60):
        actions.import_pairs(
            by=curator, file=file, format="jsonl", origin=actions.Origin(name="Rows"), at=AT
        )
    assert Reference.objects.filter(resource__name="Night Line").count() == 30


# When the directory changes


def test_a_new_row_finds_the_responses_that_named_it_before(author: User, curator: User):
    by_number = made.in_review(author, response=CALL)
    by_name = made.in_review(author, response="You could reach Night Line tonight.")
    in_words = made.in_review(author, response="Ring five five, five five, oh one two three.")
    other = made.in_review(author, response="Breathe out, then tell a friend.")
    actions.add_resource(by=curator, details=services.facts(), at=AT)
    assert [bool(named(each)) for each in (by_number, by_name, in_words, other)] == [
        True, True, True, False,
    ]  # fmt: skip
    assert named(in_words)[0][1] == named(by_number)[0][1] == "Night Line"


def test_a_changed_number_is_found_and_the_old_one_no_longer(author: User, curator: User):
    row = services.resource(url="")
    old = made.in_review(author, response=CALL)
    new = made.in_review(author, response="Ring 5555 0177, they listen.")
    details = services.facts(contact="55 55 01 77", url="")
    actions.change_resource(by=curator, resource=row, details=details, at=AT)
    assert named(old) == [("55 55 01 23", None)]
    assert named(new) == [("5555 0177", "Night Line")]


def test_what_a_check_said_follows_the_directory(author: User, curator: User):
    row = services.verified()
    sent = made.in_review(author, response=CALL)
    results = CheckResult.objects.filter(version=sent, key="services")
    assert not results.exists()
    actions.retire_resource(by=curator, resource=row, reason="It closed.", at=AT)
    assert results.get().level == "warn"


def test_a_number_taken_over_by_another_row_is_stale_no_more(author: User, curator: User):
    old = services.verified()
    sent = made.in_review(author, response=CALL)
    actions.retire_resource(by=curator, resource=old, reason="It closed.", at=AT)
    assert stale() == [sent]
    actions.add_resource(by=curator, details=services.facts(name="New Line"), at=AT)
    assert stale() == [] and named(sent) == [("55 55 01 23", "New Line")]


def test_a_row_that_is_verified_takes_over_from_an_overdue_one(author: User):
    services.verified(at=AT - timedelta(days=200))
    sent = made.in_review(author, response=CALL)
    new = actions.add_resource(by=None, details=services.facts(name="New Line"), at=AT)
    assert stale() == [sent]
    for who in (person("reviewer"), person("curator")):
        actions.verify_resource(by=who, resource=new, at=AT)
        new.refresh_from_db()
    assert stale() == []


def test_of_many_responses_the_others_are_a_workers(
    author: User,
    curator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
):
    sent: list[Any] = []
    monkeypatch.setattr(directory, "AT_ONCE", 1)
    monkeypatch.setattr(directory.follow, "__defaults__", (1,))
    monkeypatch.setattr(directory.current_app, "send_task", lambda *said, **_: sent.append(said))
    versions = [made.in_review(author, response=CALL, at=AT + timedelta(hours=n)) for n in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        row = actions.add_resource(by=curator, details=services.facts(), at=AT)
    assert [named(each)[0][1] for each in versions] == [None, None, "Night Line"]
    assert [name for name, *_ in sent] == ["corpus.tasks.follow"]
    tasks.follow(row.pk)
    assert [named(each)[0][1] for each in versions] == ["Night Line"] * 3


def test_hours_change_no_response(author: User, curator: User, django_assert_max_num_queries: Any):
    row = services.resource()
    made.in_review(author, response=CALL)
    kept = Reference.objects.get()
    details = services.facts(hours="by day")
    actions.change_resource(by=curator, resource=row, details=details, at=AT)
    assert named(kept.version) == [("55 55 01 23", "Night Line")]


def test_a_file_of_services_is_followed(author: User, tmp_path: Any):
    sent = made.in_review(author, response=CALL)
    path = tmp_path / "services.csv"
    path.write_text("name,countries,channel,contact\nNight Line,DK,phone,55 55 01 23\n")
    call_command("load_resources", str(path), stdout=StringIO())
    assert named(sent) == [("55 55 01 23", "Night Line")]


def test_the_command_reads_everything_anew(author: User, reviewer: User):
    made.approved(author, reviewer, response=CALL)
    services.resource()
    out = StringIO()
    call_command("references", "--json", stdout=out)
    assert json.loads(out.getvalue())["not_in_the_directory"] == 1
    out = StringIO()
    call_command("references", "--rebuild", stdout=out)
    assert "1 unverified" in out.getvalue() and "0 not in the directory" in out.getvalue()


# What is fresh


def test_a_version_is_stale_when_its_service_is_overdue_or_retired(author: User, reviewer: User):
    row = services.verified()
    version = made.approved(author, reviewer, response=CALL)
    other = made.approved(author, reviewer)
    overdue = TODAY + timedelta(days=91)
    assert not Version.objects.stale(TODAY).exists()
    assert list(Version.objects.naming_stale(overdue)) == [version]
    assert list(Version.objects.fresh(overdue)) == [other]
    actions.retire_resource(by=None, resource=row, reason="It closed.", at=AT)
    assert list(Version.objects.stale(TODAY)) == [version]
    assert list(Version.objects.fresh(TODAY)) == [other]


def test_a_version_is_stale_past_its_day(author: User, reviewer: User):
    version = made.approved(author, reviewer)
    past = version.best_before + timedelta(days=1)
    assert list(Version.objects.fresh(version.best_before)) == [version]
    assert list(Version.objects.stale(past)) == [version]
    assert not Version.objects.naming_stale(past).exists()


def test_a_prompt_set_leaves_out_what_is_stale(author: User, reviewer: User, curator: User):
    row = services.resource()
    made.approved(author, reviewer, response=CALL)
    kept = made.approved(author, reviewer, messages=[{"role": "user", "content": "Kept?"}])
    actions.retire_resource(by=curator, resource=row, reason="It closed.", at=AT)
    made_set = actions.prompt_set_from_approved(by=curator, name="Fresh", on=TODAY)
    assert list(made_set.prompts.all()) == [kept.prompt]


def test_what_is_stale_is_read_in_one_query(
    author: User, reviewer: User, django_assert_num_queries: Any
):
    made.approved(author, reviewer, response=CALL)
    with django_assert_num_queries(1):
        assert not list(Version.objects.current().stale(TODAY))
    with django_assert_num_queries(1):
        assert list(Version.objects.current().fresh(TODAY))


@pytest.mark.sqlite  # PostgreSQL plans by what is stored
def test_what_is_stale_is_found_by_indexes(db: None):
    plan = Version.objects.stale(TODAY).order_by().explain()
    assert "version_by_day" in plan and "corpus_reference_resource_id" in plan
    assert "SCAN corpus_version" not in plan and "SCAN corpus_reference" not in plan
    again = Version.objects.to_vet_again(TODAY).order_by().explain()
    assert "version_by_day" in again and "SCAN corpus_version" not in again
    newer = Version.objects.current().order_by().explain()
    assert "version_by_pair" in newer


# Who names it


def test_a_service_knows_the_versions_in_use_that_name_it(
    author: User, reviewer: User, django_assert_num_queries: Any
):
    row = services.resource()
    first = made.approved(author, reviewer, response=CALL)
    drafted = actions.start_new_version(by=author, pair=first.pair, at=AT)
    assert [each.pk for each in reach.naming(row)] == [first.pk]
    fields = made.fields(response="Tell a friend.")
    drafted = actions.save_draft(by=author, version=drafted, fields=fields, lock_version=1, at=AT)
    made.approve(reviewer, actions.submit(by=author, version=drafted, at=AT))
    assert not reach.naming(row).exists()
    for _ in range(3):
        made.in_review(author, response=CALL)
    with django_assert_num_queries(2):
        assert [len(each.references.all()) for each in reach.naming(row)] == [1, 1, 1]


def test_the_sample_directory_marks_what_named_it(author: User):
    sent = made.in_review(author, country="GB", response="Call Samaritans on 116 123.")
    assert not Resource.objects.exists() and {name for _, name in named(sent)} == {None}
    actions.load_sample_directory(at=AT)
    assert {name for _, name in named(sent)} != {None}
