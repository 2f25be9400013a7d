"""Addresses: what may be entered as a model server, however it is written."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.addresses import AddressRefused, check, check_ip, checked_socket

PUBLIC = "93.184.215.14"


def resolving(*addresses: str) -> Callable[..., list[tuple[Any, Any, Any, Any, Any]]]:
    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, Any, Any, Any, Any]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return resolve


def missing(*_: Any, **__: Any) -> Any:
    raise socket.gaierror("not known")


@pytest.mark.parametrize(
    "url",
    ["https://api.example.org/v1", "http://models.example.org:8000", "https://example.org/v1/"],
)
def test_public_servers_are_allowed(url: str) -> None:
    assert check(url, resolve=resolving(PUBLIC)) == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("example.org/v1", "http:// or https://"),
        ("", "http:// or https://"),
        ("https://", "no readable host"),
        ("https:///v1", "no readable host"),
        ("https://user:secret@example.org", "user name or password"),
        ("https://example.org@127.0.0.1/", "user name or password"),
        ("https://example.org\\@127.0.0.1/", "user name or password"),
        ("https://example.org/v1?key=1", "leave out"),
        ("https://example.org/v1#top", "leave out"),
        ("https://exa mple.org", "space"),
        ("https://example.org/\n", "space"),
        ("https://example.org/\u200b", "invisible"),
        ("https://example.org:0", "Port 0"),
        ("https://example.org:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("https://[fe80::1%25eth0]/", "no readable host"),
    ],
)
@pytest.mark.parametrize("allow_private", [False, True])
def test_what_is_not_a_plain_web_address_is_refused(
    url: str, words: str, allow_private: bool
) -> None:
    with pytest.raises(AddressRefused, match=words):
        check(url, allow_private, resolve=resolving(PUBLIC))


PRIVATE = ["127.0.0.1", "127.9.9.9", "10.0.0.5", "172.16.3.1", "192.168.1.1", "100.64.0.1"]
PRIVATE += ["::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"]
NEVER = ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "240.0.0.1"]
NEVER += ["255.255.255.255", "192.0.2.1", "198.18.0.1", "2001:db8::1", "::ffff:169.254.169.254"]
NEVER += ["::ffff:0.0.0.0"]
CARRYING = ["2002:7f00:1::", "64:ff9b::7f00:1", "::127.0.0.1", "2001:0:7f00:1::"]


@pytest.mark.parametrize("address", PRIVATE + NEVER + CARRYING)
def test_inner_addresses_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        check("https://innocent.example.org", resolve=resolving(PUBLIC, address))


@pytest.mark.parametrize("address", PRIVATE)
def test_the_own_network_can_be_allowed(address: str) -> None:
    check("http://gpu-host:8101/v1", True, resolve=resolving(address))


@pytest.mark.parametrize("address", NEVER)
def test_what_hands_out_keys_is_never_allowed(address: str) -> None:
    with pytest.raises(AddressRefused):
        check("http://gpu-host:8101/v1", True, resolve=resolving(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_other_ways_of_writing_the_own_machine_are_refused(host: str) -> None:
    def system(name: str, port: int, **_: Any) -> Any:
        return resolving(socket.inet_ntoa(socket.inet_aton(name)))(name, port)

    with pytest.raises(AddressRefused, match="private network"):
        check(f"http://{host}:8000", resolve=system)


def test_a_name_that_cannot_be_found_is_refused() -> None:
    with pytest.raises(AddressRefused, match="'gpu-host' cannot be found"):
        check("http://gpu-host:8101", resolve=missing)


def test_a_host_of_the_own_network_may_be_down_when_it_is_entered() -> None:
    assert check("http://gpu-host:8101/", True, resolve=missing) == "http://gpu-host:8101"


@pytest.mark.parametrize("allow_private", [False, True])
def test_a_name_that_points_elsewhere_by_now_is_refused_on_connecting(allow_private: bool) -> None:
    make = checked_socket(allow_private)
    with pytest.raises(AddressRefused):
        make((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80)))


def test_an_allowed_address_gets_its_socket() -> None:
    with checked_socket(True)(
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    ) as made:
        assert made.family == socket.AF_INET


@given(st.ip_addresses(v=4).filter(lambda each: not each.is_global))
def test_no_address_outside_the_internet_passes(address: Any) -> None:
    for text in (str(address), f"::ffff:{address}"):
        with pytest.raises(AddressRefused):
            check_ip(text, False)


@given(st.text(max_size=40))
def test_any_text_is_answered_with_a_decision(text: str) -> None:
    try:
        check(text, resolve=resolving(PUBLIC))
    except AddressRefused as refusal:
        assert str(refusal)
