"""Sources on pages: what is known, what a curator mends, and what a purge asks for."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from corpus import actions
from corpus.models import Prompt, Source
from tests.corpus.purged import AT, approve_pairs, prompts
from tests.people import PASSWORD

SignIn = Callable[[User], Client]


@pytest.fixture
def source(curator: User) -> Source:
    curator.set_password(PASSWORD)
    curator.save()
    made = prompts(curator, "Sorry", "Nobody", 3).source
    assert made
    approve_pairs(curator, made, 1)
    return made


def of(name: str, source: Source) -> str:
    return reverse(f"corpus:{name}", args=[source.pk])


# The list and one source


def test_the_list_says_the_terms_and_how_much_came(
    source: Source, signed_in: SignIn, author: User
) -> None:
    page = signed_in(author).get(reverse("corpus:sources")).content.decode()
    assert "Sorry" in page
    assert "not known" in page
    assert '<td class="num">4</td><td class="num">1</td><td class="num">1</td>' in page


def test_the_list_costs_the_same_for_many_sources(
    source: Source,
    signed_in: SignIn,
    curator: User,
    django_assert_num_queries: Callable[..., object],
) -> None:
    client = signed_in(curator)
    for number in range(5):
        prompts(curator, f"Source {number}", "Somebody", 2)
    with django_assert_num_queries(4):
        client.get(reverse("corpus:sources"))


def test_a_source_says_when_it_was_imported_by_whom_and_into_which_set(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    page = signed_in(curator).get(source.get_absolute_url()).content.decode()
    assert "3 prompts: Sorry" in page
    assert curator.name in page
    assert reverse("corpus:prompt_set", args=["sorry"]) in page


def test_an_address_that_is_none_is_no_link(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    Source.objects.filter(pk=source.pk).update(url="javascript:alert(1)")
    page = signed_in(curator).get(source.get_absolute_url()).content.decode()
    assert 'href="javascript' not in page


# Its terms


def test_a_curator_mends_the_terms_and_the_trail_keeps_the_old_ones(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    said = {"licence": "CC BY 4.0", "url": "https://example.org/set", "revision": "202503"}
    answer = signed_in(curator).post(of("edit_source", source), said)
    assert answer.status_code == 302
    source.refresh_from_db()
    assert (source.licence, source.url, source.revision) == tuple(said.values())
    event = AuditEvent.objects.get(verb="source changed")
    assert "licence: nothing → CC BY 4.0" in event.note


def test_an_address_that_is_none_is_refused(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    answer = signed_in(curator).post(of("edit_source", source), {"url": "javascript:alert(1)"})
    assert answer.status_code == 422
    source.refresh_from_db()
    assert source.url == ""


@pytest.mark.parametrize("name", ["edit_source", "purge_source"])
def test_only_curators_change_or_purge(
    name: str, source: Source, signed_in: SignIn, client: Client, engineer: User
) -> None:
    assert "/you/login/" in client.post(of(name, source)).headers["Location"]
    assert signed_in(engineer).post(of(name, source)).status_code == 403


# Purging


def confirmed(**changes: str) -> dict[str, str]:
    return {"name": "Sorry", "reason": "Its licence ended.", "password": PASSWORD, **changes}


def test_the_page_says_what_goes_before_anything_goes(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    page = signed_in(curator).get(of("purge_source", source)).content.decode()
    assert "<dt>Prompts</dt><dd>4</dd>" in page
    assert "<strong>Goes whole</strong>" in page
    assert Prompt.objects.filter(source=source).count() == 4


def test_a_confirmed_purge_leads_to_what_is_left(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    client = signed_in(curator)
    answer = client.post(of("purge_source", source), confirmed(), follow=True)
    assert answer.redirect_chain == [(source.get_absolute_url(), 302)]
    page = answer.content.decode()
    assert f"{curator.name} purged this source on" in page
    assert "<dt>Prompts</dt><dd>4</dd>" in page
    assert "Nobody" not in page
    assert not Prompt.objects.filter(source=source).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "sorry"}, "Type exactly this"),
        ({"reason": " "}, "This field is required"),
        ({"password": "wrong"}, "This is not your password"),
        ({"password": ""}, "This field is required"),
        ({"credential": "{}"}, "passkey was asked too long ago"),
    ],
)
def test_a_purge_that_is_not_confirmed_takes_nothing(
    changed: dict[str, str], said: str, source: Source, signed_in: SignIn, curator: User
) -> None:
    answer = signed_in(curator).post(of("purge_source", source), confirmed(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Prompt.objects.filter(source=source).count() == 4


def test_a_purged_source_is_neither_purged_nor_changed_again(
    source: Source, signed_in: SignIn, curator: User
) -> None:
    actions.purge_source(by=curator, source=source, reason="Asked for.", at=AT)
    client = signed_in(curator)
    assert client.get(of("purge_source", source)).headers["Location"] == source.get_absolute_url()
    answer = client.post(of("edit_source", source), {"licence": "Other"})
    assert answer.status_code == 422
    assert "This source was purged" in answer.content.decode()
