"""Which addresses a model server may have.

Whoever may enter an endpoint could otherwise make the server read its own network. The same rule
is asked twice: when the address is entered, and again for every connection, because a name may
point elsewhere by then.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]

SHARED = ipaddress.ip_network("100.64.0.0/10")
PORTS = {"http": 80, "https": 443}


class AddressRefused(ValueError):
    """An address that this installation does not talk to; the message says why."""


def check(base_url: str, allow_private: bool = False, resolve: Resolve = socket.getaddrinfo) -> str:
    """`base_url` without a trailing slash, or `AddressRefused`. Resolves the name once.

    With `allow_private`, the own machine and network are allowed, and a name that cannot be found
    now is left to the connection. Link-local addresses, where clouds hand out keys, never are.
    """
    parts = _parts(base_url)
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme.lower()]
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        if allow_private:
            return base_url.rstrip("/")
        raise AddressRefused(f"The host '{host}' cannot be found. Check its spelling.") from None
    for *_, address in found:
        check_ip(str(address[0]), allow_private, host=host)
    return base_url.rstrip("/")


def check_ip(text: str, allow_private: bool, *, host: str = "") -> None:
    """Refuse an IP address, also when an IPv6 address carries a refused IPv4 address inside."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        raise AddressRefused(f"'{text}' is not an IP address.") from None
    for each in (address, *_carried(address)):
        reason = _reason(each, allow_private)
        if reason:
            shown = f"{host} ({text})" if host and host != text else text
            raise AddressRefused(f"The address {shown} {reason}.")


def checked_socket(allow_private: bool) -> Callable[[Any], socket.socket]:
    """A socket factory for aiohttp's connector that refuses at the moment of connecting."""

    def make(addr_info: Any) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        check_ip(str(address[0]), allow_private)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def _parts(base_url: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in base_url):
        raise AddressRefused("The address has a space or an invisible character in it.")
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        raise AddressRefused(f"'{base_url}' is not an address.") from None
    problem = _problem(base_url, parts, port)
    if problem:
        raise AddressRefused(problem)
    return parts


def _problem(base_url: str, parts: SplitResult, port: int | None) -> str | None:
    if parts.scheme.lower() not in PORTS:
        return "The address must begin with http:// or https://."
    if "@" in parts.netloc or "\\" in base_url:
        return (
            "The address must not contain a user name or password; give the key in its own field."
        )
    if not parts.hostname or "%" in parts.netloc:
        return "The address has no readable host name."
    if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
        return "The address must end with its path: leave out '?' and '#' and what follows."
    return "Port 0 cannot be used." if port == 0 else None


def _carried(address: IPAddress) -> Iterator[IPAddress]:
    """IPv4 addresses inside an IPv6 one: mapped and 6to4. Other forms are reserved."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour


def _reason(address: IPAddress, allow_private: bool) -> str | None:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return None  # judged by the address that it carries
    if address.is_loopback or _is_private_network(address):
        return None if allow_private else "is inside a private network, which is not allowed here"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return "is reserved and cannot be a model server"
    return None


def _is_private_network(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        return address in ipaddress.ip_network("fc00::/7")
    return address in SHARED or any(address in each for each in _PRIVATE_V4)


_PRIVATE_V4 = tuple(
    ipaddress.ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
