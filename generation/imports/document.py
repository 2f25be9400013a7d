"""A JSON document of any size, read piece by piece: what nobody asks for is passed over unread.

Memory holds one value that was asked for, of a bounded length. NaN and Infinity, which some tools
write for what was not scored, become null.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext

from corpus.reading import Problems, RowProblem
from corpus.reading.lines import MAX_ROW, pieces

SPACE = re.compile(r"[ \t\r\n]*")
SCALAR = re.compile(r"[^\s,\]}]*")
# Whole strings and everything else up to the next bracket, or to a string that goes on.
OUTSIDE = re.compile(r'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
INSIDE = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)


class Document:
    """Walks through a document. `row` is named in refusals.

    Each name of `members` and each turn of `entries` stands before a value: take it with `value`,
    walk into it, or leave it. A walk that was begun goes on to its end.
    """

    def __init__(self, file: BinaryIO, problems: Problems) -> None:
        self.row: int | None = None
        self._problems = problems
        self._source = pieces(file, problems)
        self._text, self._at = "", 0
        self._waits = False

    def peek(self) -> str:
        """The next character that is no space, or "" at the end."""
        while True:
            found = SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def members(self) -> Iterator[str]:
        """The names of an object."""
        for _ in self._walk("{", "}"):
            name = self._parsed(self._swallow(1_000) or '""')
            self._take(":")
            if not isinstance(name, str):
                self._problems.stop(self.row, gettext("A name in quotes should stand here."))
            self._waits = True
            yield name
            self._leave()

    def entries(self) -> Iterator[int]:
        """The places of a list, from 1."""
        for number in self._walk("[", "]"):
            self._waits = True
            yield number
            self._leave()

    def objects(self) -> Iterator[int]:
        """The places of the objects of a list, or of JSON Lines. Each is the `row` meanwhile."""
        if self.peek() == "[":
            for number in self.entries():
                self.row = number
                yield number
            return
        self.row = 0
        while self.peek():
            self.row += 1
            self._waits = True
            yield self.row
            self._leave()

    def value(self, what: str, *, limit: int = MAX_ROW) -> Any:
        """The next value whole; `RowProblem` for one that is too long, which is passed over."""
        self._waits = False
        raw = self._swallow(limit)
        if raw is None:
            raise RowProblem(
                what, gettext("It is longer than %(limit)s characters.") % {"limit": f"{limit:,}"}
            )
        return self._parsed(raw)

    def some(self, names: Collection[str]) -> dict[str, Any]:
        """Of an object the members with these names; null and other values have none."""
        if self.peek() != "{":
            self._leave()
            return {}
        return {name: self.value(name) for name in self.members() if name in names}

    def _walk(self, opening: str, closing: str) -> Iterator[int]:
        self._waits = False
        self._take(opening)
        number = 0
        while self.peek() != closing:
            if number:
                self._take(",")
            number += 1
            yield number
        self._take(closing)

    def _leave(self) -> None:
        if self._waits:
            self._waits = False
            self._swallow(0)

    def _take(self, character: str) -> None:
        if self.peek() != character:
            said = (
                gettext("'%(character)s' should stand here, and something else does.")
                if self.peek()
                else gettext("'%(character)s' should stand here, and the file ends.")
            )
            self._problems.stop(self.row, said % {"character": character})
        self._at += 1

    def _swallow(self, limit: int) -> str | None:
        """Go behind the next value. Its text, or None if it is longer than `limit`."""
        kept: list[str] = []
        size, walk = 0, _Walk(self.peek())
        while True:
            start = self._at
            self._at = walk.step(self._text, start)
            size += self._at - start
            if size <= limit:
                kept.append(self._text[start : self._at])
            if walk.is_whole and not size:
                self._problems.stop(self.row, gettext("A value should stand here."))
            if walk.is_whole:
                return "".join(kept) if size <= limit else None
            if not self._more():
                if walk.is_scalar and size:
                    return "".join(kept)
                self._problems.stop(self.row, gettext("The file ends in the middle of a value."))

    def _parsed(self, raw: str) -> Any:
        try:
            return json.loads(raw, parse_constant=lambda _: None)
        except (ValueError, RecursionError) as error:
            self._problems.stop(
                self.row, gettext("This is not JSON: %(error)s.") % {"error": error}
            )

    def _more(self) -> bool:
        piece = next(self._source, "")
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)


class _Walk:
    """Where a value ends, over pieces of text that may break anywhere."""

    def __init__(self, first: str) -> None:
        self.is_scalar = first not in ("{", "[", '"')
        self.is_whole = False
        self._is_new = True
        self._depth = 0
        self._in_string = False

    def step(self, text: str, at: int) -> int:
        """How far the value reaches in this text."""
        if self.is_scalar:
            found = SCALAR.match(text, at)
            end = found.end() if found else at
            self.is_whole = end < len(text)
            return end
        while at < len(text) and not self.is_whole:
            before, at = at, self._next(text, at)
            if at == before:  # half of an escape: it goes on in the next piece
                break
        return at

    def _next(self, text: str, at: int) -> int:
        pattern = INSIDE if self._in_string else OUTSIDE
        if not self._is_new:
            found = pattern.match(text, at)
            at = found.end() if found else at
        self._is_new = False
        if at >= len(text) or (self._in_string and text[at] == "\\"):
            return at
        self._enter_or_leave(text[at])
        self.is_whole = self._depth == 0 and not self._in_string
        return at + 1

    def _enter_or_leave(self, mark: str) -> None:
        if mark == '"':
            self._in_string = not self._in_string
        else:
            self._depth += 1 if mark in "{[" else -1
