"""Private places: which of them model servers may have. Administrators alone decide."""

import socket
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

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
    host = accept(host.strip().strip("[]").lower(), where=_("The host"), limit=253)
    reason = accept(reason.strip(), where=_("The reason"), limit=300)
    if not reason:
        raise Refusal(_("Say why it is allowed, for whoever asks later."))
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
        raise NameTaken(
            _("%(host)s:%(port)s is allowed already.") % {"host": host, "port": port}
        ) from None
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
        raise Refusal(_("A port is a number from 1 to 65,535."))
    url = f"http://{_bracketed(host)}:{port}"
    try:
        addresses.check(url, True, resolve)
        if urlsplit(url).hostname != host:
            raise addresses.AddressRefused(
                _("Give the host alone, without http:// and without path.")
            )
        found = addresses.resolved(host, port, resolve)
        for each in found:
            addresses.check_ip(each, True, host=host)
    except addresses.AddressRefused as error:
        raise Refusal(str(error)) from None
    private = [str(each) for each in map(addresses.plain, found) if not each.is_global]
    if not private:
        raise Refusal(_("%(host)s is on the internet: it needs no permission.") % {"host": host})
    if len(" ".join(private)) > 500:
        raise Refusal(
            _("%(host)s has %(n)s addresses. Allow them one by one.")
            % {"host": host, "n": len(private)}
        )
    return " ".join(private)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
