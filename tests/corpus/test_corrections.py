from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions, corrections
from corpus.models import Pair, Version
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]
SENT = "I will not help with scaring him. What did the laughing do to you?"
MENDED = "I won't help with scaring him. What did that laughing do to you?"


def corrected(author: User, reviewer: User, mender: User, **changes: Any) -> Version:
    """Sent by the author, sent back with a request, written anew by `mender`, approved."""
    sent = made.in_review(author, response=SENT, **changes)
    ask = actions.comment(
        by=reviewer, version=sent, body="Say “won't”.", kind="request", is_blocking=True
    )
    actions.comment(by=reviewer, version=sent, body="A good question at the end.")
    actions.request_changes(by=reviewer, version=sent, reason="Nearly there.", at=made.AT)
    draft = actions.start_new_version(by=mender, pair=sent.pair, at=made.AT)
    actions.answer(by=mender, comment=ask, move="addressed", body="Done so.")
    actions.save_draft(
        by=mender,
        version=draft,
        fields=made.fields(response=MENDED, **changes),
        lock_version=1,
        at=made.AT,
    )
    again = actions.submit(by=mender, version=draft, at=made.AT)
    actions.answer(by=reviewer, comment=ask, move="resolved")
    return made.approve(reviewer, again, reason="Warm and clear.")


def history(pair: Pair) -> list[Version]:
    return list(pair.versions.with_people().prefetch_related("editors"))


def test_a_correction_leads_from_what_was_sent_to_what_was_approved(
    author: User, reviewer: User, curator: User
) -> None:
    approved = corrected(author, reviewer, curator)
    found = corrections.of(author, history(approved.pair))
    assert found and (found.sent.number, found.approved) == (1, approved)
    reasons = [each.decision_reason for each in found.decisions]
    assert reasons == ["Nearly there.", "Warm and clear."]
    assert [change.title for change in found.changes] == ["Response"]
    assert found.n_words == (3, 2)
    assert [each.state for each in found.said()] == ["resolved", "open"]


def test_what_was_approved_as_sent_changed_nowhere(author: User, reviewer: User) -> None:
    approved = made.approved(author, reviewer)
    found = corrections.of(author, history(approved.pair))
    assert found and found.changes == [] and found.sent == found.approved


def test_nothing_is_corrected_before_an_approval_or_for_others(
    author: User, reviewer: User, curator: User
) -> None:
    waiting = made.in_review(author)
    assert corrections.of(author, history(waiting.pair)) is None
    approved = corrected(author, reviewer, curator)
    assert corrections.of(person("author"), history(approved.pair)) is None


def test_whoever_wrote_with_the_author_sees_it_too(author: User, reviewer: User) -> None:
    other, draft = person("author"), made.draft(author)
    actions.share_draft(by=author, version=draft, is_shared=True, at=made.AT)
    draft.refresh_from_db()
    actions.save_draft(
        by=other, version=draft, fields=made.fields(response="Ours."), lock_version=1, at=made.AT
    )
    sent = actions.submit(by=author, version=draft, at=made.AT)
    approved = made.approve(reviewer, sent)
    assert corrections.of(other, history(approved.pair))


# The version's page


def test_authors_read_how_their_text_was_corrected_and_why(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    approved = corrected(author, reviewer, curator)
    client = signed_in(author)
    for version in approved.pair.versions.all():
        page = client.get(version.get_absolute_url()).content.decode()
        assert "What became of your text" in page
        assert "<ins>won&#x27;t</ins>" in page
        assert "Nearly there." in page and "Warm and clear." in page
        assert page.count("A good question at the end.") == 1
        assert page.count("Done so.") == 1 and "Resolved" in page


def test_others_read_no_correction_of_theirs(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    approved = corrected(author, reviewer, curator)
    page = signed_in(reviewer).get(approved.get_absolute_url()).content.decode()
    assert "What became of your text" not in page and "What changed since version 1" in page


# What became of my texts


def test_a_stranger_and_a_reviewer_have_no_texts(reviewer: User, signed_in: SignIn) -> None:
    assert Client().get(reverse("corpus:mine")).status_code == 302
    assert signed_in(reviewer).get(reverse("corpus:mine")).status_code == 403


def test_an_author_finds_each_text_with_its_reason_and_the_way_to_the_changes(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    approved = corrected(author, reviewer, curator)
    made.approved(author, reviewer, response="As it was sent.")
    back = made.in_review(author)
    actions.request_changes(by=reviewer, version=back, reason="Warmer, please.", at=made.AT)
    made.draft(person("author"), messages=[{"role": "user", "content": "Not mine to see"}])
    page = signed_in(author).get(reverse("corpus:mine")).content.decode()
    assert "3 words went and 2 came" in page and f"{approved.get_absolute_url()}#corrected" in page
    assert "approved it as you sent it" in page and "Warmer, please." in page
    assert "Not mine to see" not in page


def test_whoever_wrote_nothing_is_told_what_will_be_here(author: User, signed_in: SignIn) -> None:
    assert b"You have not written a pair yet" in signed_in(author).get("/corpus/mine/").content


def test_the_list_costs_the_same_however_many_texts_there_are(
    author: User, reviewer: User, curator: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(author)
    for _ in range(2):
        corrected(author, reviewer, curator)
        made.draft(author)
        with django_assert_num_queries(6):
            client.get(reverse("corpus:mine"))
