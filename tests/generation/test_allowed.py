"""Private places are allowed one by one, by administrators, at entry and at every connection."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generation import actions, checking
from generation.addresses import AddressRefused, check, checked_socket, plain
from generation.models import AllowedAddress
from generation.serving import open_place
from tests import stub_server as stub
from tests.generation import made
from tests.generation.test_addresses import PUBLIC, missing, resolving
from tests.generation.test_pages import SignIn
from tests.people import person

pytestmark = pytest.mark.django_db

HERE = frozenset({(plain("10.0.0.5"), 8101)})


@pytest.fixture(autouse=True)
def in_production(settings: Any) -> None:
    settings.ALLOW_PRIVATE_ENDPOINTS = False


def allow(host: str = "gpu-host", port: int = 8101, *found: str, **rest: Any) -> AllowedAddress:
    return actions.allow_address(
        by=person("administrator"),
        host=host,
        port=port,
        reason="Our own vLLM.",
        at=made.AT,
        resolve=resolving(*(found or ("10.0.0.5",))),
        **rest,
    )


def connecting(address: str, port: int) -> Callable[[], socket.socket]:
    make = checked_socket(False, HERE)
    return lambda: make((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)))


def test_only_the_allowed_address_and_port_pass_at_entry() -> None:
    ours = resolving("10.0.0.5")
    assert check("http://gpu-host:8101/v1", resolve=ours, allowed=HERE)
    assert check(
        "http://[::ffff:10.0.0.5]:8101", resolve=resolving("::ffff:10.0.0.5"), allowed=HERE
    )
    for url, resolve in [
        ("http://gpu-host:8102", ours),
        ("http://gpu-host", ours),
        ("http://gpu-host:8101", resolving("10.0.0.6")),
        ("http://gpu-host:8101", resolving("10.0.0.5", "10.0.0.6")),
        ("http://gpu-host:8101", resolving("2002:a00:5::")),
        ("http://gpu-host:8101", resolving("169.254.169.254")),
    ]:
        with pytest.raises(AddressRefused):
            check(url, resolve=resolve, allowed=HERE)


def test_a_name_that_points_to_another_private_address_by_now_is_refused() -> None:
    connecting("10.0.0.5", 8101)().close()
    connecting(PUBLIC, 443)().close()
    for address, port in [("10.0.0.5", 22), ("10.0.0.6", 8101), ("127.0.0.1", 8101)]:
        with pytest.raises(AddressRefused, match="under Addresses"):
            connecting(address, port)()


def test_an_allowed_place_is_entered_and_asked_and_the_one_beside_it_is_not(
    stub_server: Any,
) -> None:
    with pytest.raises(actions.Refusal, match="An administrator can allow it"):
        made.endpoint(stub_server.url)
    port = int(stub_server.url.rsplit(":", 1)[1])
    allowed = allow("127.0.0.1", port, "127.0.0.1")
    place = made.endpoint(stub_server.url)
    assert checking.look_at(place).served == tuple(stub.MODELS)
    assert (plain("127.0.0.1"), port) in open_place(made.model()).allowed
    actions.disallow_address(by=person("administrator"), allowed=allowed)
    assert "private network" in checking.look_at(place).trouble
    assert not checking.look_at(place).served


def test_a_redirect_to_a_private_place_is_not_followed(stub_server: Any) -> None:
    port = int(stub_server.url.rsplit(":", 1)[1])
    allow("127.0.0.1", port, "127.0.0.1")
    stub_server.always(stub.redirects("http://169.254.169.254/latest/"))
    place = made.endpoint(stub_server.url)
    said = checking.try_out(place, model="stub-model", text="Hello?")
    assert "a redirect" in said.trouble and len(stub_server.requests) == 1


@pytest.mark.parametrize(
    "found", ["169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:169.254.169.254", "2002:a9fe:a9fe::"]
)
def test_what_hands_out_keys_cannot_be_allowed(found: str) -> None:
    with pytest.raises(actions.Refusal, match="reserved"):
        allow("gpu-host", 80, found)


@pytest.mark.parametrize("host", ["user@gpu-host", "gpu-host/x", "gpu host", "", "http://x", "a?b"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(actions.Refusal):
        allow(host)


def test_a_place_needs_a_name_that_is_found_a_port_and_a_reason() -> None:
    for change in ({"port": 0}, {"port": 65536}, {"reason": " "}, {"resolve": missing}):
        given = {"host": "gpu-host", "port": 8101, "reason": "x", "resolve": resolving("10.0.0.5")}
        with pytest.raises(actions.Refusal):
            actions.allow_address(by=person("administrator"), at=made.AT, **{**given, **change})
    with pytest.raises(actions.Refusal, match="needs no permission"):
        allow("example.org", 443, PUBLIC)
    allow()
    with pytest.raises(actions.NameTaken, match="allowed already"):
        allow()


def test_a_name_that_moved_is_allowed_again_only_by_looking_it_up() -> None:
    row = allow()
    assert AllowedAddress.objects.places() == HERE
    actions.look_up_again(
        by=person("administrator"), allowed=row, resolve=resolving("10.0.0.7", PUBLIC, "10.0.0.7")
    )
    assert row.found == "10.0.0.7"
    assert AllowedAddress.objects.places() == {(plain("10.0.0.7"), 8101)}


def test_only_administrators_allow_and_disallow(
    client: Client, engineer: User, signed_in: SignIn
) -> None:
    path = reverse("generation:allowed")
    posted = {"host": "127.0.0.1", "port": 8101, "reason": "Our own vLLM."}
    administrator = person("administrator")
    assert client.post(path, posted).status_code == 302
    assert signed_in(engineer).post(path, posted).status_code == 403
    assert not AllowedAddress.objects.exists()
    assert signed_in(administrator).post(path, posted).status_code == 302
    row = AllowedAddress.objects.get()
    assert (row.found, row.created_by) == ("127.0.0.1", administrator)
    text = signed_in(administrator).get(path).content.decode()
    assert "127.0.0.1:8101" in text and "Our own vLLM." in text
    again = signed_in(administrator).post(path, posted)
    assert again.status_code == 422 and "allowed already" in again.content.decode()
    for name in ("look_up_address", "disallow_address"):
        change = reverse(f"generation:{name}", args=[row.pk])
        assert client.post(change).status_code == 302
        assert signed_in(engineer).post(change).status_code == 403
        assert AllowedAddress.objects.exists()
        assert signed_in(administrator).post(change).status_code == 302
    assert not AllowedAddress.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(
    signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    browser = signed_in(person("administrator"))
    for port in range(8101, 8105):
        allow(port=port)
    browser.get(reverse("generation:allowed"))
    with django_assert_num_queries(4):
        browser.get(reverse("generation:allowed"))
