import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from corpus import bulk, conversation
from corpus.models import BulkChange, PromptSet, Version
from tests.corpus import made
from tests.people import person

SignIn = Callable[[User], Client]
BULK = "corpus:bulk"


def say(text: str) -> dict[str, Any]:
    return {"messages": conversation.single(text)}


def confirm(client: Client, page: Any) -> Any:
    """What the page's form would send."""
    form = page.content.decode().split(f'method="post" action="{reverse(BULK)}"')[1]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        sent.setdefault(name, []).append(value.replace("&amp;", "&"))
    return client.post(reverse(BULK), sent)


def preview(client: Client, action: str, **query: Any) -> Any:
    return client.get(reverse(BULK), {"action": action, "scope": "all", **query})


def test_strangers_and_authors_change_nothing_at_once(
    author: User, curator: User, signed_in: SignIn
) -> None:
    change = BulkChange.objects.create(by=curator, at=timezone.now(), action="language")
    places = [
        ("get", reverse(BULK)), ("post", reverse(BULK)),
        ("get", change.get_absolute_url()), ("post", reverse("corpus:put_back", args=[change.pk])),
    ]  # fmt: skip
    for method, place in places:
        assert getattr(Client(), method)(place).status_code == 302
        assert getattr(signed_in(author), method)(place).status_code == 403


def test_a_preview_changes_nothing_and_says_what_would(
    author: User, curator: User, signed_in: SignIn
) -> None:
    made.draft(author, **say("To be Danish"))
    made.draft(author, **say("Danish"), language="da")
    made.in_review(author, **say("Sent"))
    page = preview(signed_in(curator), "language", value="da")
    words = " ".join(page.content.decode().split())
    assert "1 of 3 will change." in words and "Set the language: Danish" in words
    assert "English" in words and "It is so already." in words and "Only drafts" in words
    assert "You become an editor of these drafts" in words
    assert not Version.objects.filter(language="da", last_editor__isnull=False).exists()


def test_what_was_previewed_is_done_and_can_be_put_back(
    author: User, curator: User, signed_in: SignIn
) -> None:
    client, draft = signed_in(curator), made.draft(author)
    done = confirm(client, preview(client, "language", value="da", fits="status=draft"))
    draft.refresh_from_db()
    assert draft.language == "da"
    page = client.get(done["Location"])
    assert b"1 pair changed." in page.content and b"?status=draft" in page.content
    back = reverse("corpus:put_back", args=[BulkChange.objects.get().pk])
    assert b"1 pair is as it was." in client.post(back, follow=True).content
    draft.refresh_from_db()
    assert draft.language == "en"
    assert b"not taken back any more" in client.post(back, follow=True).content
    assert signed_in(person("curator")).post(back).status_code == 404


def test_only_the_ticked_ones_are_previewed(author: User, curator: User, signed_in: SignIn) -> None:
    ticked, other = made.draft(author, **say("Ticked")), made.draft(author, **say("Other"))
    client = signed_in(curator)
    page = client.get(
        reverse(BULK), {"action": "country", "value": "DE", "pair": [ticked.pk, "made-up"]}
    )
    assert b"Ticked" in page.content and b"Other" not in page.content
    confirm(client, page)
    other.refresh_from_db()
    assert other.country == "DK"


def test_the_filters_are_resolved_again_on_the_server(
    author: User, curator: User, signed_in: SignIn
) -> None:
    made.draft(author, **say("In weapons"), domain=made.domain("weapons"))
    made.draft(author, **say("In violence"))
    page = preview(signed_in(curator), "country", value="DE", fits="domain=weapons&q=IN")
    assert b"In weapons" in page.content and b"In violence" not in page.content


def test_filters_that_cannot_be_read_choose_nothing(
    author: User, curator: User, signed_in: SignIn
) -> None:
    """An unread filter shows more in the list; here it would change more."""
    made.draft(author)
    page = preview(signed_in(curator), "country", value="DE", fits="domain=lost")
    assert b"A filter holds a value that is not known" in page.content
    assert b'name="seen"' not in page.content


def test_a_value_is_asked_for_first(author: User, curator: User, signed_in: SignIn) -> None:
    made.draft(author)
    client = signed_in(curator)
    for action in ("category", "strategy", "language", "country", "prompt_set"):
        page = preview(client, action)
        assert b"1 pair is chosen." in page.content and b'name="seen"' not in page.content
        assert b'name="value"' in page.content
    wrong = preview(client, "language", value="klingon")
    assert b"errorlist" in wrong.content and b'name="seen"' not in wrong.content


def test_what_is_missing_is_named_for_each(curator: User, signed_in: SignIn) -> None:
    made.draft(curator, **say("No strategy"), strategy=None)
    page = preview(signed_in(curator), "submit")
    assert b"No strategy is named." in page.content and b"0 of 1 will change." in page.content
    assert b'name="seen"' not in page.content


def test_nothing_ticked_leads_back_to_the_list_with_words(curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    answer = client.get(reverse(BULK), {"action": "submit", "fits": "status=draft"}, follow=True)
    assert answer.redirect_chain[0][0] == "/corpus/?status=draft"
    assert b"No pair is ticked." in answer.content
    assert client.get(reverse(BULK)).status_code == 302
    assert client.post(reverse(BULK)).status_code == 302


def test_pairs_that_changed_in_between_are_left_and_named(
    author: User, curator: User, signed_in: SignIn
) -> None:
    client = signed_in(curator)
    made.draft(author, **say("Still a draft"))
    gone = made.draft(author, **say("Sent meanwhile"))
    page = preview(client, "country", value="DE")
    Version.objects.filter(pk=gone.pk).update(lock_version=7)
    shown = client.get(confirm(client, page)["Location"]).content
    assert b"1 pair changed." in shown and b"Sent meanwhile" in shown
    assert b"Still a draft" not in shown


def test_a_refusal_comes_back_with_a_new_preview(
    author: User, curator: User, signed_in: SignIn
) -> None:
    client, draft = signed_in(curator), made.draft(author)
    page = preview(client, "country", value="DE")
    Version.objects.filter(pk=draft.pk).update(lock_version=7)
    answer = confirm(client, page)
    assert answer.status_code == 409 and b"Look again" in answer.content
    assert b"1 of 1 will change." in answer.content


def test_a_set_of_approved_pairs_is_made_and_a_taken_name_is_said(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    client = signed_in(curator)
    made.approved(author, reviewer, at=timezone.now())
    done = confirm(client, preview(client, "prompt_set", value="Spring"))
    found = PromptSet.objects.get()
    assert found.get_absolute_url().encode() in client.get(done["Location"]).content
    again = confirm(client, preview(client, "prompt_set", value="Spring"))
    assert again.status_code == 409 and b"choose another name" in again.content


def test_more_than_can_be_changed_at_once_is_said(
    author: User, curator: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_ROWS", 2)
    for number in range(3):
        made.draft(author, **say(f"Case {number}"))
    client = signed_in(curator)
    for query in ({}, {"value": "DE"}):
        page = preview(client, "country", **query)
        assert b"More than 2 pairs fit." in page.content and b'name="seen"' not in page.content


def test_only_curators_find_ticks_in_the_list(
    author: User, curator: User, signed_in: SignIn
) -> None:
    draft = made.draft(author)
    made.in_review(author)
    tick = f'name="pair" form="bulk" value="{draft.pk}"'
    page = signed_in(curator).get(reverse("corpus:index")).content.decode()
    assert tick in page and "All 2 that fit these filters" in page
    assert tick not in signed_in(author).get(reverse("corpus:index")).content.decode()
    page = signed_in(curator).get(reverse("corpus:index"), {"status": "draft"}).content.decode()
    assert 'name="fits" value="status=draft"' in page and "The 1 that fits" in page


def test_fifty_are_shown_and_the_rest_is_counted(
    author: User, curator: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(53):
        made.draft(author, **say(f"Case {number:03}"))
    client = signed_in(curator)
    with django_assert_max_num_queries(8):
        page = preview(client, "country", value="DE")
    assert page.content.count(b"Case 0") == 50 and b"And 3 more" in page.content


def test_the_way_back_closes(author: User, curator: User, signed_in: SignIn) -> None:
    client = signed_in(curator)
    made.draft(author)
    done = confirm(client, preview(client, "country", value="DE"))
    BulkChange.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert b"Put everything back" not in client.get(done["Location"]).content
    late = client.post(reverse("corpus:put_back", args=[BulkChange.objects.get().pk]), follow=True)
    assert b"not taken back any more" in late.content
    assert Version.objects.get().country == "DE"
