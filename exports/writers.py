"""Writes rows as JSONL, JSON, CSV or Parquet: memory is flat, equal rows make equal bytes.

CSV follows RFC 4180 in UTF-8. A text cell that a spreadsheet could run gets one apostrophe in
front, and so does one that begins with an apostrophe: to read exactly what was written, take one
leading apostrophe away from every cell that has one (`unguarded`). JSONL and Parquet are exact.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from exports.formats.columns import Column, Row

BATCH = 2_000

Heard = Callable[[int], None]
Batches = Iterator[list[Row]]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

_FORMULA = "=+\\-@＝＋－＠"
_RISKY = re.compile(rf"['\t\r\n\0]|[\s\0\ufeff\u200b\"]+[{_FORMULA}]|[{_FORMULA}]")
# Most cells are settled by their first character.
_SUSPECT = frozenset(
    [*"=+-@＝＋－＠'\"\0\ufeff\u200b", *(chr(n) for n in range(0x3001) if chr(n).isspace())]
)

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
TURN = pa.struct([("from", pa.string()), ("value", pa.string())])
TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "integers": pa.list_(pa.int64()),
    "numbers": pa.list_(pa.float64()),
    "message": MESSAGE,
    "messages": pa.list_(MESSAGE),
    "turn": TURN,
    "turns": pa.list_(TURN),
}
# What stands as JSON in a cell of CSV.
NESTED = ("integers", "numbers", "message", "messages", "turn", "turns", "json")


@dataclass(frozen=True)
class Frame:
    """What stands around the rows of a JSON file: of a list nothing, of an object its beginning."""

    key: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)


PLAIN = Frame()


@dataclass(frozen=True)
class Writer:
    """A kind of file."""

    suffix: str
    media_type: str
    title: str
    write: Callable[[BinaryIO, Sequence[Column], Batches, Frame], None]


def write(
    to: str,
    file: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    on_rows: Heard | None = None,
    frame: Frame = PLAIN,
) -> int:
    """How many rows were written. `on_rows` hears the count so far after each batch."""
    n = 0

    def counted() -> Batches:
        nonlocal n
        given = iter(rows)
        while batch := list(islice(given, BATCH)):
            yield batch
            n += len(batch)
            if on_rows:
                on_rows(n)

    WRITERS[to].write(file, columns, counted(), frame)
    return n


def _jsonl(file: BinaryIO, columns: Sequence[Column], batches: Batches, _: Frame) -> None:
    names = [column.name for column in columns]
    for batch in batches:
        lines = [_encode(dict(zip(names, row, strict=True))) for row in batch]
        lines.append("")
        file.write(_one_line_each("\n".join(lines)).encode())


def _json(file: BinaryIO, columns: Sequence[Column], batches: Batches, frame: Frame) -> None:
    """A list, an element a line; or an object whose last member it is."""
    names = [column.name for column in columns]
    begin, end = "[", "\n]\n"
    if frame.key:
        begin = _encode({**frame.head, frame.key: []})[:-2]
        end = "\n]}\n"
    file.write(begin.encode())
    before = "\n"
    for batch in batches:
        lines = (_encode(dict(zip(names, row, strict=True))) for row in batch)
        file.write((before + ",\n".join(lines)).encode())
        before = ",\n"
    file.write(end.encode())


def _one_line_each(text: str) -> str:
    """Line ends of Unicode, which some readers split at, are written as escapes."""
    if text.isascii():
        return text
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def guarded(text: str | None) -> str | None:
    """The cell as a spreadsheet shows it without running it."""
    if text and text[0] in _SUSPECT and _RISKY.match(text):
        return f"'{text}"
    return text


def unguarded(cell: str) -> str:
    """What the cell said before it was guarded."""
    return cell[1:] if cell.startswith("'") else cell


def _truth(value: bool | None) -> str:
    return "" if value is None else ("true" if value else "false")


CELLS: dict[str, Callable[[Any], Any]] = {
    "text": guarded,
    "boolean": _truth,
    **dict.fromkeys(NESTED, _encode),
}


def _csv(file: BinaryIO, columns: Sequence[Column], batches: Batches, _: Frame) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    out = csv.writer(text)
    out.writerow([guarded(column.name) for column in columns])
    changes = [(n, CELLS[c.kind]) for n, c in enumerate(columns) if c.kind in CELLS]
    for batch in batches:
        cells: list[Iterable[Any]] = list(zip(*batch, strict=True))
        for n, change in changes:
            cells[n] = map(change, cells[n])
        out.writerows(zip(*cells, strict=True))
    text.detach()


def _parquet(file: BinaryIO, columns: Sequence[Column], batches: Batches, _: Frame) -> None:
    schema = pa.schema([(column.name, TYPES[column.kind]) for column in columns])
    with pq.ParquetWriter(file, schema) as out:
        for batch in batches:
            cells = zip(zip(*batch, strict=True), schema, strict=True)
            arrays = [pa.array(values, type=field.type) for values, field in cells]
            out.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


WRITERS = {
    "jsonl": Writer("jsonl", "application/x-ndjson", "JSONL", _jsonl),
    "json": Writer("json", "application/json", "JSON", _json),
    "csv": Writer("csv", "text/csv; charset=utf-8", "CSV", _csv),
    "parquet": Writer("parquet", "application/vnd.apache.parquet", "Parquet", _parquet),
}
