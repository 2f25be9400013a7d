"""Bounded reading of CSV, JSON lines and JSON: what is malformed is refused by row and column.

Rows are counted as a spreadsheet shows them: the header is row 1.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from gate.text import MAX_TEXT, BadText, accept, accept_document, read_json
from generation.imports.found import BadFile

MAX_LINE = 4 * MAX_TEXT


def csv_rows(path: Path, *, needed: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(where, row) for each row; line breaks inside quoted cells are kept."""
    check_size(path)
    csv.field_size_limit(MAX_LINE)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, [])
            _check_columns(header, needed)
            for number, cells in enumerate(reader, start=2):
                if cells:
                    yield f"Row {number}", _row(f"Row {number}", header, cells)
        except csv.Error as error:
            raise BadFile(f"Line {reader.line_num} is not CSV: {error}.") from None
        except UnicodeDecodeError as error:
            raise BadFile(f"The file is not UTF-8 (near byte {error.start + 1}).") from None


def json_lines(path: Path, *, needed: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, object) for each line that is not empty."""
    check_size(path)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            where = f"Line {number}"
            row = _gated(line, where)
            if not isinstance(row, dict):
                raise BadFile(f"{where} is not a JSON object.")
            missing = [name for name in needed if name not in row]
            if missing:
                raise BadFile(f"{where} has no field '{missing[0]}'. It has: {_names(row)}.")
            yield where, row


def json_document(path: Path) -> Any:
    """A whole JSON file. NaN, which Inspect writes for what was not scored, becomes null."""
    check_size(path)
    try:
        document = json.loads(path.read_bytes(), parse_constant=lambda _: None)
        return accept_document(document, where="The file", depth=100)
    except (BadText, RecursionError) as error:
        raise BadFile(str(error)) from None
    except ValueError as error:
        raise BadFile(f"The file is not JSON: {error}.") from None


def check_size(path: Path) -> None:
    if not path.is_file():
        raise BadFile("There is no such file.")
    size = path.stat().st_size
    if size > settings.MAX_IMPORT_BYTES:
        raise BadFile(
            f"The file has {size:,} bytes; at most {settings.MAX_IMPORT_BYTES:,} are taken."
        )


def _gated(line: bytes, where: str) -> Any:
    try:
        return read_json(line, where=where)
    except BadText as error:
        raise BadFile(str(error)) from None


def _check_columns(header: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise BadFile(f"Row 1 has no column '{missing[0]}'. It has: {_names(header)}.")
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise BadFile(f"Row 1 has the column '{twice[0]}' twice.")


def _row(where: str, header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadFile(f"{where} has {len(cells)} cells where the header has {len(header)}.")
    for name, cell in zip(header, cells, strict=True):
        try:
            accept(cell, where=f"{where}, column '{name}'")
        except BadText as error:
            raise BadFile(str(error)) from None
    return dict(zip(header, cells, strict=True))


def _names(found: Sequence[str] | dict[str, Any]) -> str:
    return ", ".join(f"'{name}'" for name in list(found)[:12]) or "nothing"
