"""What rows are read from: a file of any layout, or a folder of a data set. Knows how far it is."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from corpus.reading import datasets, folders
from corpus.reading.arrow import ArrowRows
from corpus.reading.problems import BadFile, Problem, Problems
from corpus.reading.records import json_rows, jsonl_rows
from corpus.reading.tables import csv_rows
from corpus.reading.values import Row

LAYOUTS = {
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "json": "JSON list",
    "parquet": "Parquet",
    "dataset": "Data set folder (zip)",
}
Place = Path | BinaryIO


def sniff(place: Place) -> str:
    """The layout, by what the file begins with."""
    if isinstance(place, Path) and place.is_dir():
        return "dataset"
    with _opened(place) as file:
        start = file.read(4096)
        file.seek(0)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "dataset"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return "jsonl"
    return "json" if re.match(rb"\[\s*(\{|\]|$)", text) else "csv"


def splits(place: Place, problems: Problems) -> list[str]:
    """The splits of a data set folder, in its order."""
    with folders.opened(place, problems) as folder:
        return list(datasets.splits_of(folder, problems))


class Material:
    """Rows of one place. `share` says how much of it has been read, 0 to 1."""

    def __init__(self, place: Place, layout: str = "", split: str = "") -> None:
        self.place = place
        self.layout = layout or sniff(place)
        self.split = split
        # Of the file that is being read: how much of it, its size, and what came before it.
        self.inner, self._size, self._before, self._whole = 0.0, 1, 0, 1

    @property
    def share(self) -> float:
        return min((self._before + self.inner * self._size) / self._whole, 1.0)

    def rows(
        self,
        problems: Problems,
        *,
        required: Sequence[str] = (),
        optional: Sequence[str] | None = None,
    ) -> Iterator[Row]:
        """Every row that could be read; the others are in `problems`."""
        if self.layout == "dataset":
            yield from self._of_folder(problems, required, optional)
            return
        with _opened(self.place) as file:
            size = _size(file)
            yield from self._of_file(file, size, self.layout, problems, required, optional)

    def _of_file(
        self,
        file: BinaryIO,
        size: int,
        layout: str,
        problems: Problems,
        required: Sequence[str],
        optional: Sequence[str] | None,
    ) -> Iterator[Row]:
        if layout in ("parquet", "arrow"):
            found = ArrowRows(file, problems, is_parquet=layout == "parquet")
            for row in found.rows(required=required, optional=optional):
                self.inner = found.share
                yield row
            return
        counted = cast(BinaryIO, _Counted(file, size, self))
        if layout == "csv":
            yield from csv_rows(counted, problems, required=required, optional=optional)
        else:
            yield from (json_rows if layout == "json" else jsonl_rows)(counted, problems)

    def _of_folder(
        self, problems: Problems, required: Sequence[str], optional: Sequence[str] | None
    ) -> Iterator[Row]:
        with folders.opened(self.place, problems) as folder:
            files = self._chosen(datasets.splits_of(folder, problems), problems)
            self._whole = sum(folder.sizes[name] for name in files) or 1
            number = 0
            for name in files:
                inner, self.inner, self._size = Problems(problems.limit), 0.0, folder.sizes[name]
                with _told(inner, problems, name, len(files), number), folder.open(name) as file:
                    layout = datasets.layout_of(name)
                    for row in self._of_file(file, self._size, layout, inner, required, optional):
                        number += 1
                        yield Row(number, row.values)
                self._before += self._size
                self._size = 0

    def _chosen(self, found: datasets.Splits, problems: Problems) -> list[str]:
        if self.split in found:
            return found[self.split]
        listed = ", ".join(found)
        if self.split:
            problems.stop(
                None,
                _("There is no split %(split)s. It has: %(splits)s.")
                % {"split": repr(self.split[:60]), "splits": listed},
            )
        if len(found) > 1:
            problems.stop(
                None,
                _("The data set has several splits. Choose one of: %(splits)s.")
                % {"splits": listed},
            )
        return next(iter(found.values()))


@contextmanager
def _told(
    inner: Problems, problems: Problems, name: str, n_files: int, before: int
) -> Iterator[None]:
    """Problems of one file of several, by the file's name and by the row in it."""
    try:
        yield
    except BadFile as stopped:
        _pass_on(inner, problems, name, n_files, before)
        raise BadFile(problems.kept, problems.total) from stopped
    _pass_on(inner, problems, name, n_files, before)


def _pass_on(inner: Problems, problems: Problems, name: str, n_files: int, before: int) -> None:
    for each in inner.kept:
        row = each.row + before if each.row else None
        problems.add(row, each.column, _placed(each, name) if n_files > 1 else each.message)
    problems.total += inner.total - len(inner.kept)


def _placed(problem: Problem, name: str) -> str:
    said = _("%(name)s, row %(row)s: %(message)s") if problem.row else "%(name)s: %(message)s"
    return said % {"name": name, "row": problem.row, "message": problem.message}


class _Counted:
    """A file that tells its material how far it has been read."""

    def __init__(self, file: BinaryIO, size: int, material: Material) -> None:
        self.file, self.size, self.material = file, size, material
        self.n_read = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.n_read += len(chunk)
        self.material.inner = min(self.n_read / self.size, 1.0) if self.size else 1.0
        return chunk


@contextmanager
def _opened(place: Place) -> Iterator[BinaryIO]:
    if isinstance(place, Path):
        with place.open("rb") as file:
            yield file
    else:
        yield place


def _size(file: BinaryIO) -> int:
    try:
        size = file.seek(0, 2)
        file.seek(0)
    except (OSError, AttributeError, TypeError):
        return 0
    return size


__all__ = ["LAYOUTS", "Material", "Place", "Problem", "sniff", "splits"]
