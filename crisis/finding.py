"""Every helpline, number, address and named service in a text, and whether it fits the country.

`find` is pure: it reads the text and the directory it is given, nothing else.
"""

import re
from collections.abc import Iterator, Sequence

from crisis import contexts, numbers, patterns, verdicts
from crisis.entries import Entry, Finding, Kind
from crisis.lookup import Lookup, address
from crisis.normal import Normal, normalise

BLANK = "\x00"


def find(text: str, country: str, directory: Sequence[Entry] | Lookup) -> list[Finding]:
    """References in the order of the text. For many texts hand over a `Lookup`, made once."""
    lookup = directory if isinstance(directory, Lookup) else Lookup(directory)
    search = _Search(normalise(text), text, country.upper(), lookup)
    return sorted(search.everything(), key=lambda found: (found.start, -found.end, found.kind))


class _Search:
    """One text. What was taken as an address is hidden from the search for numbers."""

    def __init__(self, normal: Normal, source: str, country: str, lookup: Lookup) -> None:
        self.normal, self.source, self.country, self.lookup = normal, source, country, lookup
        self.text = normal.text
        self.taken: list[tuple[int, int]] = []

    def everything(self) -> Iterator[Finding]:
        yield from self.addresses()
        yield from self.names()
        yield from self.numbers()

    def finding(
        self,
        span: tuple[int, int],
        kind: Kind,
        normal: str,
        matches: list[Entry],
        keyword: str = "",
    ) -> Finding:
        start, end = self.normal.source(*span)
        verdict, entry = verdicts.judge(kind, matches, self.country, keyword)
        passage = self.source[start:end]
        return Finding(start, end, passage, kind, normal, verdict, entry, keyword)

    def addresses(self) -> Iterator[Finding]:
        for hit in patterns.EMAIL.finditer(self.text):
            self.taken.append(hit.span())
            said = hit.group().lower()
            yield self.finding(hit.span(), Kind.EMAIL, said, self.lookup.site(said))
        for hit in patterns.URL.finditer(self.text):
            start, end = hit.start(), hit.start() + len(hit.group().rstrip(patterns.URL_TAIL))
            if self.is_free(start, end):
                self.taken.append((start, end))
                said = self.text[start:end]
                yield self.finding((start, end), Kind.URL, address(said), self.lookup.site(said))

    def names(self) -> Iterator[Finding]:
        pattern = self.lookup.names
        for hit in pattern.finditer(self.text) if pattern else ():
            if self.is_free(*hit.span()) and contexts.is_whole_name(self.text, *hit.span()):
                said = " ".join(hit.group().split())
                yield self.finding(hit.span(), Kind.NAME, said, self.lookup.named(said))

    def numbers(self) -> Iterator[Finding]:
        if not re.search(r"\d", self.text):
            return
        blinded = self.blinded()
        used: list[tuple[int, int]] = []
        for start, end, said in _candidates(blinded):
            if any(start < till and end > since for since, till in used):
                continue
            known = self.lookup.number(said)
            place = contexts.Place(blinded, start, end)
            if place.is_number(said, is_known=bool(known)):
                used.append((start, end))
                yield self.number(place, said, known)

    def number(self, place: "contexts.Place", said: str, known: list[Entry]) -> Finding:
        is_text = place.is_for_texts
        kind = Kind.PHONE if len(said) >= numbers.LONG else Kind.SHORT_CODE
        start, keyword = place.keyword if is_text else (place.start, "")
        kind = Kind.TEXT_LINE if is_text else kind
        return self.finding((start, place.end), kind, said, known, keyword)

    def is_free(self, start: int, end: int) -> bool:
        return not any(start < till and end > since for since, till in self.taken)

    def blinded(self) -> str:
        """The text with addresses and everything that only looks like a number blanked out."""
        text = self.text
        for start, end in self.taken:
            text = text[:start] + BLANK * (end - start) + text[end:]
        for pattern in patterns.BLIND:
            text = pattern.sub(_blank, text)
        return text


def _blank(hit: re.Match[str]) -> str:
    """Digits go, words stay: the context is still read."""
    return re.sub(r"\d", BLANK, hit.group())


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of digits that could be dialled: place and digits, the longest reading first."""
    for hit in patterns.VANITY.finditer(text):
        yield *hit.span(), numbers.digits(hit.group().translate(patterns.KEYPAD))
    for hit in patterns.LONG.finditer(text):
        said = numbers.digits(hit.group())
        if numbers.LONG <= len(said.lstrip("+")) <= 15:
            yield *hit.span(), said
    for hit in patterns.SHORT.finditer(text):
        said = numbers.digits(hit.group())
        if 3 <= len(said) <= 6:
            yield *hit.span(), said
