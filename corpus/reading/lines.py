"""Bytes to text: strict UTF-8, no NUL, never more than one row of at most 5 MB held."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from corpus.reading.problems import Problems

MAX_ROW = 5_000_000
CHUNK = 65_536


def pieces(file: BinaryIO, problems: Problems) -> Iterator[str]:
    """The text in pieces of some size; a byte order mark is passed over."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    start = 0
    while True:
        chunk = file.read(CHUNK)
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            byte = start - waiting + error.start + 1
            problems.stop(
                None,
                _("The file is not UTF-8 at byte %(byte)s. Save it as UTF-8 and try again.")
                % {"byte": f"{byte:,}"},
            )
        if "\x00" in text:
            byte = start - waiting + len(text[: text.index("\x00")].encode()) + 1
            problems.stop(
                None,
                _("The file has a NUL character at byte %(byte)s. Is it a text file?")
                % {"byte": f"{byte:,}"},
            )
        if start == 0:
            text = text.removeprefix("\ufeff")
        start += len(chunk)
        if text:
            yield text
        if not chunk:
            return


def lines(file: BinaryIO, problems: Problems) -> Iterator[str]:
    """The lines with their ends (LF or CRLF)."""
    held: list[str] = []
    size, number = 0, 1
    for piece in pieces(file, problems):
        *whole, rest = piece.split("\n")
        for line in whole:
            yield "".join([*held, line, "\n"])
            held, size, number = [], 0, number + 1
        held.append(rest)
        size += len(rest)
        if size > MAX_ROW:
            problems.stop(
                number, _("The line is longer than %(n)s characters.") % {"n": f"{MAX_ROW:,}"}
            )
    if size:
        yield "".join(held)
