"""How far a file has been read, on a terminal; nothing where the output is kept."""

from typing import BinaryIO, TextIO

from django.core.management.base import OutputWrapper


class Progress:
    """A file that says how far it has been read, each time a whole percent more."""

    def __init__(self, file: BinaryIO, size: int, out: TextIO | OutputWrapper) -> None:
        self.file, self.size, self.out = file, size, out
        self.n_read = 0
        self.shown = -1

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        self.n_read += len(chunk)
        percent = 100 * self.n_read // self.size if self.size else 100
        if self.out.isatty() and percent != self.shown:
            self.shown = percent
            end = "\n" if not chunk else ""
            self.out.write(f"\r{'#' * (percent // 4):<25} {percent:3d} %{end}")
            self.out.flush()
        return chunk

    def seek(self, place: int) -> int:
        self.n_read = place
        return self.file.seek(place)
