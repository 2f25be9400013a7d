"""Endpoints: where answers come from."""

import re

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from gate.text import accept
from generation import addresses
from generation.actions.refusals import Refusal, name_taken_unless_unique, named
from generation.models import AllowedAddress, Endpoint

# Nobody can have another secret of this machine, such as SECRET_KEY, sent to a server of theirs.
KEY_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*_API_KEY")


@transaction.atomic
def register_endpoint(
    *,
    by: User | None,
    name: str,
    kind: str,
    base_url: str = "",
    api_key_variable: str = "",
    max_in_flight: int | None = None,
) -> Endpoint:
    """A place where models answer. Its address is checked now and at every connection."""
    name = named(name, _("An endpoint needs a name."), limit=80)
    if kind not in Endpoint.Kind.values:
        allowed = ", ".join(Endpoint.Kind.values)
        raise Refusal(
            _("The kind '%(kind)s' is not known. Use one of: %(allowed)s.")
            % {"kind": kind, "allowed": allowed}
        )
    if max_in_flight is not None and not 1 <= max_in_flight <= 1024:
        raise Refusal(
            _("An endpoint takes 1 to 1024 requests at once. Leave it empty for no limit.")
        )
    is_external = kind == Endpoint.Kind.EXTERNAL
    endpoint = Endpoint(
        name=name,
        kind=kind,
        base_url=_checked_url(base_url) if is_external else "",
        api_key_variable=_key_variable(api_key_variable) if is_external else "",
        max_in_flight=max_in_flight if is_external else None,
        created_by=by,
    )
    taken = _("An endpoint named '%(name)s' is there already. Choose another name.") % {
        "name": name
    }
    with name_taken_unless_unique(taken):
        endpoint.save(force_insert=True)
    record(by=by, verb="endpoint registered", target=endpoint.pk, note=f"{name}, {kind}")
    return endpoint


def _checked_url(base_url: str) -> str:
    base_url = accept(base_url.strip(), where=_("The address"), limit=500)
    try:
        return addresses.check(
            base_url, settings.ALLOW_PRIVATE_ENDPOINTS, allowed=AllowedAddress.objects.places()
        )
    except addresses.AddressRefused as error:
        raise Refusal(str(error)) from None


def _key_variable(name: str) -> str:
    name = name.strip()
    if name and not (KEY_VARIABLE.fullmatch(name) and len(name) <= 80):
        raise Refusal(
            _(
                "Give the name of the environment variable that holds the key, not the key itself. "
                "It is written in capitals and ends with _API_KEY, for example OPENAI_API_KEY."
            )
        )
    return name
