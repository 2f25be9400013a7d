from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from corpus import actions
from corpus.models import Editor, Version
from tests.corpus import made
from tests.corpus.test_edit_page import save
from tests.people import person

SignIn = Callable[[User], Client]


def wrote(by: User, version: Version, response: str = "Other words of ours.") -> Version:
    stored = Version.objects.get(pk=version.pk)
    return actions.save_draft(
        by=by,
        version=stored,
        fields=made.fields(response=response),
        lock_version=stored.lock_version,
        at=made.AT,
    )


def shared(author: User, **changes: Any) -> Version:
    version = made.draft(author, **changes)
    return actions.share_draft(by=author, version=version, is_shared=True, at=made.AT)


# Who may write


def test_a_draft_is_its_authors_until_they_share_it(author: User) -> None:
    version, other = made.draft(author), person("author")
    with pytest.raises(actions.NotYours):
        wrote(other, version)
    actions.share_draft(by=author, version=version, is_shared=True, at=made.AT)
    assert wrote(other, version).response == "Other words of ours."
    actions.share_draft(by=author, version=version, is_shared=False, at=made.AT)
    with pytest.raises(actions.NotYours):
        wrote(other, version, "And more.")


def test_a_curator_writes_in_every_draft(author: User, curator: User) -> None:
    assert wrote(curator, made.draft(author)).last_editor == curator


def test_a_reviewer_writes_in_no_draft(author: User, reviewer: User) -> None:
    with pytest.raises(actions.NotYours):
        wrote(reviewer, shared(author))


def test_a_shared_version_in_review_no_longer_changes(author: User) -> None:
    version = actions.submit(by=author, version=shared(author), at=made.AT)
    with pytest.raises(actions.NotNow):
        wrote(person("author"), version)
    with pytest.raises(actions.NotNow):
        actions.share_draft(by=author, version=version, is_shared=False, at=made.AT)


def test_only_its_author_shares_a_draft(author: User, curator: User) -> None:
    with pytest.raises(actions.NotYours):
        actions.share_draft(by=curator, version=made.draft(author), is_shared=True, at=made.AT)


def test_whoever_may_write_may_send(author: User) -> None:
    other = person("author")
    assert actions.submit(by=other, version=shared(author), at=made.AT).status == "in_review"


def test_the_next_version_is_shared_as_the_last(author: User, reviewer: User) -> None:
    version = actions.submit(by=author, version=shared(author), at=made.AT)
    actions.request_changes(by=reviewer, version=version, reason="Warmer.", at=made.AT)
    assert actions.start_new_version(by=author, pair=version.pair, at=made.AT).is_shared


def test_somebody_elses_next_version_is_theirs_alone(author: User, reviewer: User) -> None:
    version = actions.submit(by=author, version=shared(author), at=made.AT)
    actions.request_changes(by=reviewer, version=version, reason="Warmer.", at=made.AT)
    anew = actions.start_new_version(by=person("author"), pair=version.pair, at=made.AT)
    assert not anew.is_shared


# Who wrote does not review


def test_whoever_saves_is_the_last_editor_and_stays_known(author: User) -> None:
    version = shared(author)
    first, second = person("author"), person("author")
    for who in (first, second, first):
        wrote(who, version, f"Words of {who}.")
    assert wrote(author, version, "And mine.").last_editor == author
    assert {row.user for row in Editor.objects.all()} == {first, second}


def test_nobody_reviews_a_version_in_which_they_wrote(author: User, reviewer: User) -> None:
    both = person("author", "reviewer")
    version = shared(author)
    wrote(both, version)
    wrote(author, version, "The author has the last word.")
    sent = actions.submit(by=author, version=version, at=made.AT)
    assert not sent.can_be_reviewed_by(both) and sent.can_be_reviewed_by(reviewer)
    assert list(Version.objects.waiting_for(both)) == []
    assert list(Version.objects.waiting_for(reviewer)) == [sent]
    assert sent.pair.writers() == {author.pk, both.pk}
    with pytest.raises(actions.OwnWork):
        made.approve(both, sent)


def test_nobody_reviews_a_later_version_of_what_they_wrote_in(author: User, reviewer: User) -> None:
    both, version = person("author", "reviewer"), shared(author)
    wrote(both, version)
    sent = actions.submit(by=author, version=version, at=made.AT)
    actions.request_changes(by=reviewer, version=sent, reason="Warmer.", at=made.AT)
    anew = actions.start_new_version(by=author, pair=sent.pair, at=made.AT)
    later = actions.submit(by=author, version=anew, at=made.AT)
    assert not later.can_be_reviewed_by(both)
    assert list(Version.objects.waiting_for(both)) == []


def test_the_database_keeps_the_last_editor_from_deciding(author: User) -> None:
    both, version = person("author", "reviewer"), shared(author)
    wrote(both, version)
    sent = actions.submit(by=author, version=version, at=made.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=sent.pk).update(
            status="rejected", decided_by=both, decided_at=made.AT
        )


# The page


def test_the_author_shares_and_closes_a_draft_with_what_they_typed(
    author: User, signed_in: SignIn
) -> None:
    version, client = made.draft(author), signed_in(author)
    save(client, version, share="1", response="Typed before sharing")
    stored = Version.objects.get()
    assert stored.is_shared and stored.response == "Typed before sharing"
    page = client.get(reverse("corpus:edit", args=[version.pk])).content
    assert b"Write alone again" in page
    save(client, stored, share="0")
    assert not Version.objects.get().is_shared


def test_another_author_opens_and_saves_a_shared_draft(author: User, signed_in: SignIn) -> None:
    version, other = shared(author), person("author", name="Bodil Berg")
    client = signed_in(other)
    assert client.get(reverse("corpus:edit", args=[version.pk])).status_code == 200
    assert b"Go on writing" in client.get(version.get_absolute_url()).content
    save(client, version, response="From Bodil")
    assert Version.objects.get().response == "From Bodil"
    page = signed_in(author).get(reverse("corpus:edit", args=[version.pk])).content.decode()
    assert "Bodil Berg" in page
    assert b"Bodil Berg" in client.get(version.get_absolute_url()).content


def test_a_co_author_is_told_when_a_draft_is_closed_and_keeps_their_words(
    author: User, signed_in: SignIn
) -> None:
    version, other = shared(author), person("author")
    save(signed_in(other), version, response="Kept")
    actions.share_draft(by=author, version=version, is_shared=False, at=made.AT)
    quiet = save(signed_in(other), version, autosave=True, lock_version=2, response="More")
    assert quiet.status_code == 403 and "author" in quiet.json()["message"]
    page = save(signed_in(other), version, lock_version=2, response="More")
    assert page.status_code == 403 and b"More" in page.content


def test_a_co_author_shares_nothing(author: User, signed_in: SignIn) -> None:
    version, other = shared(author), person("author")
    answer = save(signed_in(other), version, share="0")
    assert answer.status_code == 403 and Version.objects.get().is_shared


def test_a_closed_draft_of_somebody_else_is_not_there(author: User, signed_in: SignIn) -> None:
    version = made.draft(author)
    client = signed_in(person("author"))
    assert client.get(reverse("corpus:edit", args=[version.pk])).status_code == 404
    assert save(client, version).status_code == 404
