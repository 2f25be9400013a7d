"""Parquet files and Arrow streams, some rows at a time; class labels are read as their names."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from corpus.reading.problems import Problems
from corpus.reading.tables import check_columns
from corpus.reading.values import Row
from gate.text import BadText, accept_document

# Few rows at a time: a cell that repeats takes no room in the file, and its full size here.
BATCH = 64
MAX_GROUP = 1_000_000_000
Names = dict[str, list[str]]


class ArrowRows:
    """The rows of one Parquet file or Arrow stream, numbered from 1; `share` says how far."""

    def __init__(self, file: BinaryIO, problems: Problems, *, is_parquet: bool) -> None:
        self.problems = problems
        self.share = 0.0
        try:
            self._open(file, is_parquet)
        except (pa.ArrowException, OSError, ValueError) as error:
            problems.stop(
                None,
                _("The file cannot be read as %(kind)s: %(error)s")
                % {"kind": self._kind(is_parquet), "error": error},
            )

    def _open(self, file: BinaryIO, is_parquet: bool) -> None:
        if is_parquet:
            # Buffered: pages are read as they are needed, never a whole row group at once.
            parquet = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
            _check_groups(parquet.metadata, self.problems)
            self.schema, self.n_rows = parquet.schema_arrow, parquet.metadata.num_rows
            self.batches = parquet.iter_batches(batch_size=BATCH, use_threads=False)
        else:
            self.schema, self.batches = _stream(file)
            self.n_rows = 0

    @staticmethod
    def _kind(is_parquet: bool) -> str:
        return "Parquet" if is_parquet else _("an Arrow stream")

    def rows(
        self, *, required: Sequence[str] = (), optional: Sequence[str] | None = None
    ) -> Iterator[Row]:
        """`required` and `optional` are checked against the schema, as a CSV header is."""
        check_columns(self.schema.names, self.problems, required, optional, row=None)
        labels = _labels(self.schema)
        number = 0
        for values in self._values():
            number += 1
            self.share = number / self.n_rows if self.n_rows else 0.0
            try:
                said = {name: _plain(value, labels.get(name)) for name, value in values.items()}
                yield Row(number, accept_document(said, where=_("The row")))
            except BadText as error:
                self.problems.add(number, "", str(error))
        if not number:
            self.problems.stop(None, _("The file has columns and no rows."))

    def _values(self) -> Iterator[dict[str, Any]]:
        try:
            for batch in self.batches:
                for start in range(0, batch.num_rows, BATCH):
                    yield from batch.slice(start, BATCH).to_pylist()
        except (pa.ArrowException, OSError, ValueError) as error:
            self.problems.stop(None, _("The file is damaged: %(error)s") % {"error": error})


def _check_groups(metadata: Any, problems: Problems) -> None:
    """A page is unpacked whole: what says it is larger than memory allows is not opened."""
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group)
        sizes = [found.column(n).total_uncompressed_size for n in range(found.num_columns)]
        if sum(sizes) > MAX_GROUP:
            problems.stop(
                None,
                _(
                    "Row group %(number)s unpacks to %(size)s MB; at most %(most)s MB are taken. "
                    "Write it with smaller row groups."
                )
                % {
                    "number": group + 1,
                    "size": f"{sum(sizes) // 1_000_000:,}",
                    "most": f"{MAX_GROUP // 1_000_000:,}",
                },
            )


def _stream(file: BinaryIO) -> tuple[Any, Iterator[Any]]:
    """`datasets` writes the stream form; the file form is read as well."""
    start = file.read(6)
    file.seek(0)
    if start == b"ARROW1":
        stored = pa.ipc.open_file(file)
        return stored.schema, (stored.get_batch(n) for n in range(stored.num_record_batches))
    reader = pa.ipc.open_stream(file)
    return reader.schema, iter(reader)


def _labels(schema: Any) -> Names:
    """`datasets` keeps class labels as numbers, and their names beside the schema."""
    try:
        kept = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = kept.get("info", {}).get("features", {})
        return {
            name: [str(each) for each in feature["names"]]
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}


def _plain(value: Any, names: list[str] | None = None) -> Any:
    """As JSON would hold it; what is no text, number, list or object is written out."""
    if names is not None and isinstance(value, int):
        return names[value] if 0 <= value < len(names) else None
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    if isinstance(value, bytes):
        raise BadText(_("The row has bytes where text is needed."))
    return value
