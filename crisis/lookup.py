"""The directory as a text is searched for it: by digits, by address, by name."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from crisis import numbers
from crisis.entries import Channel, Entry
from crisis.normal import normalise

DIALLED = {Channel.PHONE, Channel.TEXT}


def address(url: str) -> str:
    """ "https://www.Example.org/chat/" as "example.org/chat"."""
    plain = re.sub(r"^[a-z]+://", "", url.strip(), flags=re.IGNORECASE)
    host, slash, path = plain.partition("/")
    path = re.split(r"[?#]", path)[0]
    host = re.split(r"[?#]", host)[0].lower().removeprefix("www.")
    return f"{host}{slash}{path}".rstrip("/")


class Lookup:
    """Built once for a directory and used for many texts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_digits: dict[str, list[Entry]] = defaultdict(list)
        self.by_address: dict[str, list[Entry]] = defaultdict(list)
        self.by_name: dict[str, list[Entry]] = defaultdict(list)
        self.spelled: set[str] = set()
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        if entry.channel in DIALLED:
            for spelling in numbers.spellings(entry.contact, entry.countries):
                self.by_digits[spelling].append(entry)
        elif entry.channel != Channel.IN_PERSON:
            self.by_address[address(entry.contact)].append(entry)
        if entry.url and address(entry.url) != address(entry.contact):
            self.by_address[address(entry.url)].append(entry)
        for name in {entry.name, *entry.alternate_names}:
            if re.search(r"[^\W\d_]", name):  # digits alone are a number, not a name
                self.spelled.add(" ".join(name.split()))
                self.by_name[folded(name)].append(entry)

    def number(self, typed: str) -> list[Entry]:
        return self.by_digits.get(typed, [])

    def site(self, url: str) -> list[Entry]:
        return self.by_address.get(address(url), [])

    def named(self, name: str) -> list[Entry]:
        return self.by_name.get(folded(name), [])

    @cached_property
    def names(self) -> re.Pattern[str] | None:
        """Any name of the directory, the longest first; one that is one word as it is spelled."""
        listed = sorted(self.spelled, key=len, reverse=True)
        if not listed:
            return None
        return re.compile(
            rf"(?<![\w.@/-])(?:{'|'.join(map(_pattern, listed))})(?![\w@]|\.\w)", re.I
        )


def folded(name: str) -> str:
    """Names that are said alike: without case, "&" as "and", one space for any gap."""
    plain = normalise(name).text.casefold().replace("&", " and ")
    return " ".join(re.split(r"[\s-]+", plain.strip()))


def _pattern(name: str) -> str:
    parts = re.split(r"[\s-]+", name)
    if len(parts) == 1:  # an everyday word, or the keyword of a text line, unless spelled as a name
        spellings = {re.escape(name), re.escape(name.capitalize())}
        return f"(?-i:{'|'.join(sorted(spellings))})"
    joins = {"and": "(?:and|&)", "&": "(?:and|&)"}
    return r"[ -]+".join(joins.get(part.lower(), re.escape(part)) for part in parts)
