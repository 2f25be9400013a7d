"""Which stored texts may name a service: found quickly, and too many rather than too few. The
finder then decides. Pure.
"""

import re
from collections.abc import Callable, Iterator

from crisis import numbers, spoken
from crisis.entries import Channel, Entry
from crisis.lookup import DIALLED, address

DIGIT = re.compile(r"\d")
GROUPS = (2, 3, 4)


def normals(entry: Entry) -> set[str]:
    """How the finder may have written it down while nobody knew whose it is."""
    known = {address(entry.url)} if entry.url else set()
    if entry.channel in DIALLED:
        return known | numbers.spellings(entry.contact, entry.countries)
    return known | {address(entry.contact)}


def phrases(entry: Entry) -> list[str]:
    """For an index of words: one of these stands in nearly every text that names it."""
    found = [*_names(entry), *_addresses(entry)]
    if entry.channel in DIALLED:
        found.append(" ".join(re.findall(r"\d+", entry.contact)))
        found += [" ".join(_grouped(digits, n)) for digits in _shortest(entry) for n in GROUPS]
        found += _all(entry)
        found += [" ".join(words) for words in spoken.read_out(numbers.digits(entry.contact))]
    return list(dict.fromkeys(each for each in found if each))


def may_name(entry: Entry) -> Callable[[str], bool]:
    """A quick question to put to many texts."""
    words = {each.lower() for each in (*_names(entry), *_addresses(entry))}
    digits = _shortest(entry) if entry.channel in DIALLED else []
    if digits:
        said = spoken.read_out(numbers.digits(entry.contact))
        words |= {gap.join(one) for one in said for gap in (" ", "-", ", ")}

    def may(text: str) -> bool:
        lower = text.lower()
        if any(each in lower for each in words):
            return True
        if not digits or not DIGIT.search(text):
            return False
        typed = "".join(DIGIT.findall(text))
        return any(each in typed for each in digits)

    return may


def _names(entry: Entry) -> Iterator[str]:
    for name in (entry.name, *entry.alternate_names):
        yield name
        if "&" in name:
            yield name.replace("&", "and")
        if " and " in name:
            yield name.replace(" and ", " & ")


def _addresses(entry: Entry) -> Iterator[str]:
    if entry.url:
        yield address(entry.url)
    if entry.channel not in DIALLED | {Channel.IN_PERSON}:
        yield address(entry.contact)


def _all(entry: Entry) -> list[str]:
    return sorted({each.lstrip("+") for each in numbers.spellings(entry.contact, entry.countries)})


def _shortest(entry: Entry) -> list[str]:
    """The number without what may stand before it."""
    spelled = _all(entry)
    return [one for one in spelled if not any(other != one and other in one for other in spelled)]


def _grouped(digits: str, n: int) -> list[str]:
    return [digits[at : at + n] for at in range(0, len(digits), n)]
