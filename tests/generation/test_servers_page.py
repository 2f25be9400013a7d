"""Servers on pages and over REST: what runs where; start, stop, start again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from generation import actions
from generation.actions import servers
from generation.models import Endpoint, Keeper, Server
from tests.generation import made
from tests.generation.test_language_models import served
from tests.generation.test_pages import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Server:
    """Ready on gpu-1, whose keeper is at work; gpu-2's was seen yesterday."""
    now = timezone.now()
    servers.be_there(host="gpu-1", gpus=[0, 1], at=now)
    servers.be_there(host="gpu-2", gpus=[0], at=now - timedelta(days=1))
    row = servers.want(by=None, model=served(), host="gpu-1", at=now)
    servers.hold_gpus(row, [0, 1], wanted=1)
    servers.report(
        row,
        state="ready",
        ready_at=now,
        seen_at=now,
        log_tail="<b>first</b>\nlast line",
        adapters=["kind"],
        n_crashes=3,
        last_error="It ended once.",
    )
    row.refresh_from_db()
    return row


def endpoint_of(row: Server) -> Endpoint:
    assert row.model.endpoint
    return row.model.endpoint


@pytest.mark.parametrize("whole", [True, False])
def test_a_server_is_shown_with_everything_its_keeper_saw(
    server: Server, researcher: User, signed_in: SignIn, whole: bool
) -> None:
    headers = {} if whole else {"HX-Request": "true"}
    for path in (reverse("generation:servers"), endpoint_of(server).get_absolute_url()):
        answer = signed_in(researcher).get(path, headers=headers)
        text = answer.content.decode()
        for words in ("gpu-1", str(server.port), "Ready", "kind", "It ended once.", "last line"):
            assert words in text
        assert "&lt;b&gt;first&lt;/b&gt;" in text and 'hx-trigger="every 3s"' in text
        assert "0: base, 1: free" in text and "At work" in text and "Away" in text
        assert "Start again" not in text
        assert ("<html" in text) is whole


def test_a_server_of_an_absent_keeper_is_not_believed(
    server: Server, engineer: User, signed_in: SignIn
) -> None:
    Keeper.objects.all().delete()
    text = signed_in(engineer).get(reverse("generation:servers")).content.decode()
    assert "this is what was last seen" in text
    assert "A worker starts the server that a run needs itself" in text


def test_pages_cost_the_same_however_many_servers_there_are(
    server: Server, researcher: User, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    for name in ("two", "three"):
        servers.want(by=None, model=served(name=name), host="gpu-1", at=made.AT)
    browser = signed_in(researcher)
    browser.get(reverse("generation:servers"))
    with django_assert_num_queries(6):
        browser.get(reverse("generation:servers"))


def test_only_engineers_start_stop_and_start_again(
    server: Server, client: Client, researcher: User, engineer: User, signed_in: SignIn
) -> None:
    start = reverse("generation:start_server", args=[server.model.endpoint_id])
    posted = {"model": server.model_id, "host": "gpu-1"}
    for name, then in [
        ("stop_server", (False, 1)),
        ("start_server", (True, 1)),
        ("start_server_again", (True, 2)),
    ]:
        path = start if name == "start_server" else reverse(f"generation:{name}", args=[server.pk])
        before = (server.is_wanted, server.wish)
        assert client.post(path, posted).status_code == 302
        assert signed_in(researcher).post(path, posted).status_code == 403
        assert signed_in(engineer).get(path).status_code == 405
        server.refresh_from_db()
        assert (server.is_wanted, server.wish) == before
        assert signed_in(engineer).post(path, posted).status_code == 302
        server.refresh_from_db()
        assert (server.is_wanted, server.wish) == then


@pytest.mark.parametrize("host", ["gpu-2", "nowhere"])
def test_a_server_is_started_only_where_a_keeper_is_at_work(
    server: Server, engineer: User, signed_in: SignIn, host: str
) -> None:
    start = reverse("generation:start_server", args=[server.model.endpoint_id])
    posted = {"model": server.model_id, "host": host}
    text = signed_in(engineer).post(start, posted, follow=True).content.decode()
    assert "whose keeper is at work" in text
    with pytest.raises(actions.Refusal, match="Choose one of: gpu-1"):
        actions.start_server(by=engineer, model=server.model, host=host, at=timezone.now())
    assert Server.objects.count() == 1


def test_a_model_of_another_endpoint_is_not_started_here(
    server: Server, engineer: User, signed_in: SignIn
) -> None:
    other = served(name="other")
    start = reverse("generation:start_server", args=[server.model.endpoint_id])
    signed_in(engineer).post(start, {"model": other.pk, "host": "gpu-1"})
    assert Server.objects.count() == 1


def rest(user: User | None) -> APIClient:
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client


def test_a_program_starts_and_stops_servers(
    server: Server, engineer: User, researcher: User, rater: User
) -> None:
    path = "/api/v1/servers/"
    posted = {"model": served(name="two").pk, "host": "gpu-1"}
    assert rest(None).post(path, posted).status_code in (401, 403)
    assert rest(researcher).post(path, posted).status_code == 403
    made_one = rest(engineer).post(path, posted)
    assert made_one.status_code == 201, made_one.json()
    assert rest(engineer).post(path, posted | {"host": "gpu-2"}).status_code == 422
    one = f"{path}{made_one.json()['id']}/"
    for verb in ("stop", "start-again"):
        assert rest(researcher).post(f"{one}{verb}/").status_code == 403
    assert rest(engineer).post(f"{one}stop/").json()["is_wanted"] is False
    assert rest(engineer).post(f"{one}start-again/").json()["is_wanted"] is True
    assert len(rest(researcher).get(path).json()["results"]) == 2
    assert rest(rater).get(path).status_code == 403


def test_a_program_sees_which_keepers_are_at_work(server: Server, researcher: User) -> None:
    listed = rest(researcher).get("/api/v1/keepers/").json()["results"]
    assert [(each["host"], each["is_at_work"]) for each in listed] == [
        ("gpu-1", True),
        ("gpu-2", False),
    ]
