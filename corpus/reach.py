"""Which responses name a service."""

from datetime import date

from django.db.models import Q

from corpus.models import Version
from crisis.entries import Channel
from crisis.finding import find
from crisis.lookup import Lookup
from crisis.models import Resource

SHOWN = 50
LOOKED_AT = 500


def naming(resource: Resource, on: date) -> list[Version]:
    """Current versions whose response names it; of many, the first. One query.

    Looked for as the row spells it, so a number written in words is not among them.
    """
    lookup = Lookup([resource.entry(on)])
    likely = Version.objects.current().filter(_spelled(resource)).select_related("pair", "domain")
    found = [
        version
        for version in likely.order_by("-created_at", "id")[:LOOKED_AT]
        if any(each.entry for each in find(version.response, version.country, lookup))
    ]
    return found[:SHOWN]


def _spelled(resource: Resource) -> Q:
    contact = resource.contact
    spellings = {contact, resource.name}
    if resource.channel in (Channel.PHONE, Channel.TEXT):
        spellings |= {contact.replace(" ", ""), contact.replace(" ", "-")}
    query = Q()
    for spelling in sorted(spellings):
        query |= Q(response__icontains=spelling)
    return query
