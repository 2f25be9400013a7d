"""JSON Lines, and JSON lists of objects however their lines are broken."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from corpus.reading.lines import MAX_ROW, lines, pieces
from corpus.reading.problems import Problems
from corpus.reading.values import Row
from gate.text import BadText, accept_document, read_json

SPACE = " \t\r\n"


def jsonl_rows(file: BinaryIO, problems: Problems) -> Iterator[Row]:
    """One object a line. Empty lines are passed over; a line that is no object is a problem."""
    number = 0
    for number, line in enumerate(lines(file, problems), start=1):
        if not line.strip():
            continue
        try:
            value = read_json(line, where=_("The line"))
        except BadText as error:
            problems.add(number, "", str(error))
        else:
            yield from _row(number, value, problems)
    if not number:
        problems.stop(None, _("The file is empty. It needs at least one row."))


def json_rows(file: BinaryIO, problems: Problems) -> Iterator[Row]:
    """The objects of one JSON list; a JSON Lines file is read as well."""
    source = _Buffer(pieces(file, problems))
    if not source.peek():
        problems.stop(None, _("The file is empty. It needs at least one row."))
    is_list = source.take("[")
    number = 0
    while source.peek() and not (is_list and source.peek() == "]"):
        number += 1
        yield from _row(number, _entry(source, number, problems), problems)
        if is_list and not source.take(",") and source.peek() != "]":
            problems.stop(number + 1, _("A comma or the end of the list should stand here."))
    if is_list and not source.take("]"):
        problems.stop(number + 1, _("The file ends in the middle of the list."))


class _Buffer:
    """Text that is read further as it is needed."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.text = ""
        self.at = 0

    def peek(self) -> str:
        """The next character that is no space, or "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, character: str) -> bool:
        found = self.peek() == character
        self.at += found
        return found

    @property
    def held(self) -> int:
        return len(self.text) - self.at

    def double(self) -> bool:
        """Hold twice as much, so that a long entry is not tried once a piece."""
        wanted = 2 * self.held
        grew = self.more()
        while self.held < wanted and self.more():
            pass
        return grew

    def more(self) -> bool:
        piece = next(self.source, "")
        self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)


def _entry(source: _Buffer, number: int, problems: Problems) -> Any:
    """The next object. It is tried again with twice the text until it is whole."""
    if source.peek() != "{":
        problems.stop(number, _("There must be a JSON object with named values."))
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    while True:
        try:
            value, source.at = decoder.raw_decode(source.text, source.at)
            return accept_document(value, where=_("The entry"))
        except BadText as error:
            problems.stop(number, str(error))
        except (ValueError, RecursionError) as error:
            reason = str(error)
        if source.held > MAX_ROW or not source.double():
            problems.stop(
                number,
                _("The entry is not JSON, or longer than 5 MB: %(reason)s.") % {"reason": reason},
            )


def _no_constant(name: str) -> float:
    raise ValueError(_("%(name)s is not allowed") % {"name": name})


def _row(number: int, value: Any, problems: Problems) -> Iterator[Row]:
    if isinstance(value, dict):
        yield Row(number, value)
    else:
        problems.add(number, "", _("There must be a JSON object with named values."))
