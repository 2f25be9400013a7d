"""Private places: which of them model servers may have. Administrators alone decide."""

import socket
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from accounts.actions import record
from accounts.models import User
from gate.text import accept
from generation import addresses
from generation.actions.refusals import NameTaken, Refusal
from generation.models import AllowedAddress


@transaction.atomic
def allow_address(
    *,
    by: User,
    host: str,
    port: int,
    reason: str,
    at: datetime,
    resolve: addresses.Resolve = socket.getaddrinfo,
) -> AllowedAddress:
    """Let endpoints be at this place. Of a name, the addresses that it has now are allowed."""
    host = accept(host.strip().strip("[]").lower(), where="The host", limit=253)
    reason = accept(reason.strip(), where="The reason", limit=300)
    if not reason:
        raise Refusal("Say why it is allowed, for whoever asks later.")
    allowed = AllowedAddress(
        host=host,
        port=port,
        found=_found(host, port, resolve),
        reason=reason,
        created_at=at,
        created_by=by,
    )
    try:
        with transaction.atomic():
            allowed.save(force_insert=True)
    except IntegrityError:
        raise NameTaken(f"{host}:{port} is allowed already.") from None
    record(by=by, verb="address allowed", target=allowed.pk, note=f"{allowed}, {allowed.found}")
    return allowed


@transaction.atomic
def look_up_again(
    *, by: User, allowed: AllowedAddress, resolve: addresses.Resolve = socket.getaddrinfo
) -> None:
    """The addresses that the name has by now take the place of the earlier ones."""
    found = _found(allowed.host, allowed.port, resolve)
    AllowedAddress.objects.filter(pk=allowed.pk).update(found=found)
    record(by=by, verb="address looked up", target=allowed.pk, note=f"{allowed}, {found}")
    allowed.refresh_from_db()


@transaction.atomic
def disallow_address(*, by: User, allowed: AllowedAddress) -> None:
    """Endpoints there are not asked any more, from the next connection on."""
    record(by=by, verb="address disallowed", target=allowed.pk, note=f"{allowed}, {allowed.found}")
    allowed.delete()


def _found(host: str, port: int, resolve: addresses.Resolve) -> str:
    """The private addresses of the host, or why it cannot be allowed."""
    if not 1 <= port <= 65535:
        raise Refusal("A port is a number from 1 to 65,535.")
    url = f"http://{_bracketed(host)}:{port}"
    try:
        addresses.check(url, True, resolve)
        if urlsplit(url).hostname != host:
            raise addresses.AddressRefused("Give the host alone, without http:// and without path.")
        found = addresses.resolved(host, port, resolve)
        for each in found:
            addresses.check_ip(each, True, host=host)
    except addresses.AddressRefused as error:
        raise Refusal(str(error)) from None
    private = [str(each) for each in map(addresses.plain, found) if not each.is_global]
    if not private:
        raise Refusal(f"{host} is on the internet: it needs no permission.")
    if len(" ".join(private)) > 500:
        raise Refusal(f"{host} has {len(private)} addresses. Allow them one by one.")
    return " ".join(private)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
