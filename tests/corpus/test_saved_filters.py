from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import AuditEvent, User
from corpus import actions
from corpus.forms.filters import normal
from corpus.models import SavedFilter
from tests.corpus import made
from tests.corpus.made import AT
from tests.people import person

SignIn = Callable[[User], Client]
INDEX, FILTERS = "corpus:index", "corpus:filters"


def kept(by: User, name: str = "Drafts", query: str = "status=draft", **more: Any) -> SavedFilter:
    return actions.keep_filter(by=by, name=name, query=query, at=AT, **more)


# One spelling


class Normal(TestCase):  # type: ignore[misc]  # hypothesis brings no types for it
    @given(st.text(max_size=60), st.sampled_from(["draft", "lost", ""]), st.text(max_size=8))
    def test_normal_is_a_fixed_point(self, q: str, status: str, junk: str) -> None:
        said = QueryDict(mutable=True)
        said.update({"q": q, "status": status, "cursor": junk, junk: "x"})
        once = normal(said.urlencode())
        assert normal(once) == once
        read = QueryDict(once)
        assert "cursor" not in read and all(read.values())
        assert read.get("q", "") == q.strip() or "q" not in read
        assert read.get("status") == (status if status == "draft" else None)


def test_the_order_and_the_rest_of_an_address_do_not_count(db: None) -> None:
    made.domain("weapons")
    one = normal("status=draft&domain=weapons&cursor=abc&unknown=1&language=&mine=on")
    assert one == normal("mine=on&domain=weapons&status=draft")
    assert QueryDict(one).dict() == {"status": "draft", "domain": "weapons", "mine": "on"}
    assert normal("domain=lost&status=gone") == ""


# Keeping


def test_a_filter_needs_a_name_of_its_own_and_something_to_filter(
    author: User, reviewer: User
) -> None:
    kept(author)
    kept(reviewer)
    for name, query in (("Drafts", "q=x"), ("  Drafts ", "q=x"), ("", "q=x"), ("\x00", "q=x")):
        with pytest.raises(actions.BadDraft):
            kept(author, name, query)
    for query in ("", "q=" + "x" * 1000):
        with pytest.raises(actions.NotNow):
            kept(author, "Other", query)
    assert SavedFilter.objects.count() == 2


def test_only_its_owner_renames_and_shares(author: User, curator: User) -> None:
    saved = kept(author)
    with pytest.raises(actions.NotYours):
        actions.change_filter(by=curator, saved=saved, name="Mine", is_shared=True)
    actions.change_filter(by=author, saved=saved, name="Drafts", is_shared=True)
    saved.refresh_from_db()
    assert saved.is_shared
    kept(author, "Other", "q=x")
    with pytest.raises(actions.BadDraft):
        actions.change_filter(by=author, saved=saved, name="Other", is_shared=True)


def test_a_curator_deletes_what_is_shared_and_nothing_else(
    author: User, reviewer: User, curator: User
) -> None:
    own, shared = kept(author, "Own"), kept(author, "Shared", is_shared=True)
    for by, saved in ((curator, own), (reviewer, shared), (reviewer, own)):
        with pytest.raises(actions.NotYours):
            actions.delete_filter(by=by, saved=saved)
    actions.delete_filter(by=curator, saved=shared)
    actions.delete_filter(by=author, saved=own)
    assert not SavedFilter.objects.exists()
    assert AuditEvent.objects.filter(by=curator, target="Shared").exists()


# Pages


def test_strangers_and_raters_keep_no_filters(author: User, rater: User, signed_in: SignIn) -> None:
    saved = kept(author, is_shared=True)
    places = [("get", reverse(FILTERS)), ("post", reverse(FILTERS))]
    places += [
        ("post", reverse(f"corpus:{name}", args=[saved.pk]))
        for name in ("change_filter", "delete_filter")
    ]
    for method, place in places:
        assert getattr(Client(), method)(place).status_code == 302
        assert getattr(signed_in(rater), method)(place).status_code == 403
    assert SavedFilter.objects.count() == 1


def test_what_the_list_shows_is_kept_and_found_above_it(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    made.draft(author)
    page = client.get(reverse(INDEX), {"status": "draft", "cursor": ""}).content
    assert b"Keep these filters" in page and b'value="status=draft"' in page
    said = {"name": "My drafts", "query": "status=draft&cursor=xyz&evil=1"}
    answer = client.post(reverse(FILTERS), said)
    assert answer["Location"] == "/corpus/?status=draft"
    kept_page = client.get(answer["Location"]).content.decode()
    assert "Keep these filters" not in kept_page
    assert 'href="/corpus/?status=draft" aria-current="page">My drafts' in kept_page


def test_only_shared_ones_of_others_are_seen(author: User, signed_in: SignIn) -> None:
    other = person("author", name="Berit")
    kept(other, "Berits own"), kept(other, "For all", is_shared=True)
    client = signed_in(author)
    for place in (reverse(INDEX), reverse(FILTERS)):
        page = client.get(place).content
        assert b"For all" in page and b"Berits own" not in page
    private = SavedFilter.objects.get(name="Berits own")
    for name in ("change_filter", "delete_filter"):
        assert client.post(reverse(f"corpus:{name}", args=[private.pk])).status_code == 404


def test_a_refused_name_comes_back_with_its_words(author: User, signed_in: SignIn) -> None:
    client = signed_in(author)
    kept(author)
    answer = client.post(reverse(FILTERS), {"name": "Drafts", "query": "q=x"})
    assert answer.status_code == 422 and b"Choose another name" in answer.content
    assert b'value="q=x"' in answer.content
    assert client.post(reverse(FILTERS), {"name": "", "query": "q=x"}).status_code == 422
    all_of_them = client.post(reverse(FILTERS), {"name": "All", "query": "lost=1"})
    assert all_of_them.status_code == 409 and b"Set a filter first" in all_of_them.content


def test_own_ones_are_renamed_shared_and_deleted(author: User, signed_in: SignIn) -> None:
    client, saved = signed_in(author), kept(author)
    url = reverse("corpus:change_filter", args=[saved.pk])
    client.post(url, {"name": "Ours", "is_shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("Ours", True)
    assert b"needs a name" in client.post(url, {"name": " "}, follow=True).content
    client.post(reverse("corpus:delete_filter", args=[saved.pk]))
    assert not SavedFilter.objects.exists()


def test_a_curator_finds_a_button_for_shared_ones(
    author: User, reviewer: User, curator: User, signed_in: SignIn
) -> None:
    saved = kept(author, is_shared=True)
    url = reverse("corpus:delete_filter", args=[saved.pk])
    assert url.encode() not in signed_in(reviewer).get(reverse(FILTERS)).content
    assert b"Only who kept" in signed_in(reviewer).post(url, follow=True).content
    assert url.encode() in signed_in(curator).get(reverse(FILTERS)).content
    signed_in(curator).post(url)
    assert not SavedFilter.objects.exists()


def test_the_page_costs_the_same_however_many(
    author: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(author)
    for number in range(7):
        kept(author, f"Filter {number}", f"q={number}")
    with django_assert_num_queries(4):
        client.get(reverse(FILTERS))
