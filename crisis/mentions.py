"""Which stored texts may name a service: a search for the database. The finder then decides.

Digits are found however they are grouped, names and addresses as they are spelled, and numbers in
words as they are read out digit by digit.
"""

import re

from django.db.models import Q

from crisis import numbers, spoken
from crisis.entries import Channel, Entry
from crisis.lookup import DIALLED, address

GAP = r"[^0-9A-Za-z]{0,3}"


def likely(entry: Entry, column: str) -> Q:
    """Rows whose text in `column` may name it. A search through all of them."""
    found = Q()
    for words in _words(entry):
        found |= Q(**{f"{column}__icontains": words})
    for pattern in _digits(entry):
        found |= Q(**{f"{column}__regex": pattern})
    return found


def normals(entry: Entry) -> set[str]:
    """How the finder may have written it down while nobody knew whose it is."""
    known = {address(each) for each in (entry.contact, entry.url) if each}
    if entry.channel in DIALLED:
        known = known - {address(entry.contact)} | numbers.spellings(entry.contact, entry.countries)
    return known


def _words(entry: Entry) -> list[str]:
    found = {entry.name, *entry.alternate_names}
    found |= {name.replace(" & ", " and ") for name in found}
    if entry.url:
        found.add(address(entry.url))
    if entry.channel not in DIALLED | {Channel.IN_PERSON}:
        found.add(address(entry.contact))
    if entry.channel in DIALLED:
        found |= set(spoken.read_out(numbers.digits(entry.contact)))
    return sorted(words for words in found if words)


def _digits(entry: Entry) -> list[str]:
    """The number as people group it; what stands before its national part is left out."""
    if entry.channel not in DIALLED:
        return []
    spellings = {each.lstrip("+") for each in numbers.spellings(entry.contact, entry.countries)}
    shortest = {one for one in spellings if not any(o != one and o in one for o in spellings)}
    return [GAP.join(map(re.escape, digits)) for digits in sorted(shortest)]
