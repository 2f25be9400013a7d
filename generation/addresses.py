"""Which addresses a model server may have.

Whoever may enter an endpoint could otherwise make the server read its own network. The same rule
is asked twice: when the address is entered, and again for every connection, because a name may
point elsewhere by then.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext, gettext_lazy

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]
# Private places that an administrator allows: the address itself, never the name it was found by.
Allowed = Collection[tuple[IPAddress, int]]

SHARED = ipaddress.ip_network("100.64.0.0/10")
PORTS = {"http": 80, "https": 443}
PRIVATE = gettext_lazy(
    "The address %(shown)s is inside a private network, which is not allowed here. An "
    "administrator can allow it under Addresses."
)
RESERVED = gettext_lazy("The address %(shown)s is reserved and cannot be a model server.")


class AddressRefused(ValueError):
    """An address that this installation does not talk to; the message says why."""


def check(
    base_url: str,
    allow_private: bool = False,
    resolve: Resolve = socket.getaddrinfo,
    *,
    allowed: Allowed = (),
) -> str:
    """`base_url` without a trailing slash, or `AddressRefused`. Resolves the name once.

    With `allow_private`, the own machine and network are allowed, and a name that cannot be found
    now is left to the connection. Link-local addresses, where clouds hand out keys, never are.
    """
    parts = _parts(base_url)
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme.lower()]
    try:
        found = resolved(host, port, resolve)
    except AddressRefused:
        if allow_private:
            return base_url.rstrip("/")
        raise
    for address in found:
        check_ip(address, allow_private, host=host, port=port, allowed=allowed)
    return base_url.rstrip("/")


def resolved(host: str, port: int, resolve: Resolve = socket.getaddrinfo) -> list[str]:
    """The addresses of a name now, each once."""
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(
            gettext("The host '%(host)s' cannot be found. Check its spelling.") % {"host": host}
        ) from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def check_ip(
    text: str, allow_private: bool, *, host: str = "", port: int = 0, allowed: Allowed = ()
) -> None:
    """Refuse an IP address, also when an IPv6 address carries a refused IPv4 address inside."""
    address = plain(text)
    may_be_private = allow_private or (address, port) in allowed
    for each in (address, *_carried(address)):
        reason = _reason(each, may_be_private)
        if reason:
            shown = f"{host} ({text})" if host and host != text else text
            raise AddressRefused(reason % {"shown": shown})


def plain(text: str) -> IPAddress:
    """The address; one that only carries an IPv4 address is that address."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        raise AddressRefused(gettext("'%(text)s' is not an IP address.") % {"text": text}) from None
    return getattr(address, "ipv4_mapped", None) or address


def checked_socket(allow_private: bool, allowed: Allowed = ()) -> Callable[[Any], socket.socket]:
    """A socket factory for aiohttp's connector that refuses at the moment of connecting."""

    def make(addr_info: Any) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        check_ip(str(address[0]), allow_private, port=int(address[1]), allowed=allowed)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def _parts(base_url: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in base_url):
        raise AddressRefused(gettext("The address has a space or an invisible character in it."))
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        raise AddressRefused(
            gettext("'%(base_url)s' is not an address.") % {"base_url": base_url}
        ) from None
    problem = _problem(base_url, parts, port)
    if problem:
        raise AddressRefused(problem)
    return parts


def _problem(base_url: str, parts: SplitResult, port: int | None) -> str | None:
    if parts.scheme.lower() not in PORTS:
        return gettext("The address must begin with http:// or https://.")
    if "@" in parts.netloc or "\\" in base_url:
        return gettext(
            "The address must not contain a user name or password; give the key in its own field."
        )
    if not parts.hostname or "%" in parts.netloc:
        return gettext("The address has no readable host name.")
    if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
        return gettext(
            "The address must end with its path: leave out '?' and '#' and what follows."
        )
    return gettext("Port 0 cannot be used.") if port == 0 else None


def _carried(address: IPAddress) -> Iterator[IPAddress]:
    """IPv4 addresses inside an IPv6 one: 6to4. Mapped ones are made plain; others are reserved."""
    if isinstance(address, ipaddress.IPv6Address) and address.sixtofour:
        yield address.sixtofour


def _reason(address: IPAddress, allow_private: bool) -> str | None:
    if address.is_loopback or _is_private_network(address):
        return None if allow_private else str(PRIVATE)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return str(RESERVED)
    return None


def _is_private_network(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        return address in ipaddress.ip_network("fc00::/7")
    return address in SHARED or any(address in each for each in _PRIVATE_V4)


_PRIVATE_V4 = tuple(
    ipaddress.ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
