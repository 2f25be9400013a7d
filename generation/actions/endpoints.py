"""Endpoints and models: where answers come from."""

import re

from django.conf import settings
from django.db import transaction

from accounts.actions import record
from accounts.models import User
from gate.text import accept
from generation import addresses
from generation.actions.refusals import Refusal, name_taken_unless_unique
from generation.models import Endpoint, LanguageModel

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
    name = named(name, "An endpoint", limit=80)
    if kind not in Endpoint.Kind.values:
        allowed = ", ".join(Endpoint.Kind.values)
        raise Refusal(f"The kind {kind!r} is not known. Use one of: {allowed}.")
    if max_in_flight is not None and not 1 <= max_in_flight <= 1024:
        raise Refusal("An endpoint takes 1 to 1024 requests at once. Leave it empty for no limit.")
    is_external = kind == Endpoint.Kind.EXTERNAL
    endpoint = Endpoint(
        name=name,
        kind=kind,
        base_url=_checked_url(base_url) if is_external else "",
        api_key_variable=_key_variable(api_key_variable) if is_external else "",
        max_in_flight=max_in_flight if is_external else None,
        created_by=by,
    )
    with name_taken_unless_unique("An endpoint", name):
        endpoint.save(force_insert=True)
    record(by=by, verb="endpoint registered", target=endpoint.pk, note=f"{name}, {kind}")
    return endpoint


@transaction.atomic
def register_model(
    *,
    by: User | None,
    name: str,
    endpoint: Endpoint | None = None,
    served_name: str = "",
    revision: str = "",
    adapter_digest: str = "",
    family: str = "",
) -> LanguageModel:
    """Weights under a name. Without an endpoint their answers can only be imported."""
    name = named(name, "A model", limit=120)
    if endpoint and not served_name.strip():
        raise Refusal(f"Say under which name the endpoint '{endpoint}' serves this model.")
    if adapter_digest and not re.fullmatch(r"[0-9a-f]{64}", adapter_digest):
        raise Refusal("The adapter's digest is a SHA-256: 64 characters 0-9 and a-f.")
    model = LanguageModel(
        name=name,
        endpoint=endpoint,
        served_name=accept(served_name.strip(), where="The served name", limit=300),
        revision=accept(revision.strip(), where="The revision", limit=120),
        adapter_digest=adapter_digest,
        family=accept(family.strip(), where="The family", limit=60),
        created_by=by,
    )
    with name_taken_unless_unique("A model", name):
        model.save(force_insert=True)
    record(by=by, verb="model registered", target=model.pk, note=name)
    return model


def named(name: str, what: str, *, limit: int) -> str:
    name = accept(name.strip(), where="The name", limit=limit)
    if not name:
        raise Refusal(f"{what} needs a name.")
    return name


def _checked_url(base_url: str) -> str:
    base_url = accept(base_url.strip(), where="The address", limit=500)
    try:
        return addresses.check(base_url, settings.ALLOW_PRIVATE_ENDPOINTS)
    except addresses.AddressRefused as error:
        raise Refusal(str(error)) from None


def _key_variable(name: str) -> str:
    name = name.strip()
    if name and not (KEY_VARIABLE.fullmatch(name) and len(name) <= 80):
        raise Refusal(
            "Give the name of the environment variable that holds the key, not the key itself. "
            "It is written in capitals and ends with _API_KEY, for example OPENAI_API_KEY."
        )
    return name
