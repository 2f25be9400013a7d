"""Zip files whose members may be packed with Zstandard, which Python reads from 3.14 on only.

Members are read where they lie, piece by piece, and never beyond the size that they state.
"""

import zipfile
import zlib
from typing import Any, BinaryIO, cast

import pyarrow as pa
from django.utils.translation import gettext as _

from corpus.reading import Problems

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
MAX_MEMBERS = 500_000
MAX_UNPACKED = 4_000_000_000
HEADER = 30  # bytes of a member's own header before its name
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def is_zip(file: BinaryIO) -> bool:
    start = file.read(2)
    file.seek(0)
    return start == b"PK"


class Packed:
    """The members by name; of several with one name the last counts."""

    def __init__(self, file: BinaryIO, problems: Problems) -> None:
        self._file, self._problems = file, problems
        try:
            self._zip = zipfile.ZipFile(file)
        except DAMAGED as error:
            problems.stop(
                None, _("The file cannot be unpacked: %(error)s. Is it whole?") % {"error": error}
            )
        self.members = {each.filename: each for each in self._zip.infolist()}
        self._check()

    def open(self, name: str) -> BinaryIO:
        """The member's bytes; whatever is wrong with them is told with its name."""
        return cast(BinaryIO, _Member(self._zip, self._file, self.members[name], self._problems))

    def _check(self) -> None:
        found = list(self.members.values())
        if len(found) > MAX_MEMBERS:
            self._problems.stop(
                None, _("The file has more than %(most)s members.") % {"most": f"{MAX_MEMBERS:,}"}
            )
        size = sum(each.file_size for each in found)
        if size > MAX_UNPACKED:
            most = MAX_UNPACKED // 1_000_000
            self._problems.stop(
                None,
                _("It unpacks to %(size)s MB; at most %(most)s MB are taken.")
                % {"size": f"{size // 1_000_000:,}", "most": f"{most:,}"},
            )
        for each in found:
            if each.compress_type not in (STORED, DEFLATED, ZSTANDARD) or each.flag_bits & 1:
                self._problems.stop(
                    None,
                    _("%(filename)s is packed in a way that is not read here.")
                    % {"filename": each.filename[:80]},
                )


class _Member:
    """Reads at most as many bytes as the member states, and checks them at the end."""

    def __init__(
        self, whole: zipfile.ZipFile, file: BinaryIO, stated: zipfile.ZipInfo, problems: Problems
    ) -> None:
        self._stated, self._problems = stated, problems
        self._left, self._sum = stated.file_size, 0
        try:
            self._stream: Any = (
                pa.CompressedInputStream(_Slice(file, stated), "zstd")
                if stated.compress_type == ZSTANDARD
                else whole.open(stated)
            )
        except DAMAGED as error:
            self._refuse(str(error))

    def read(self, size: int = -1) -> bytes:
        try:
            chunk: bytes = self._stream.read(65_536 if size < 0 else size)
        except DAMAGED as error:
            self._refuse(str(error))
        self._left -= len(chunk)
        self._sum = zlib.crc32(chunk, self._sum)
        if self._left < 0:
            self._refuse(_("it is longer than it states"))
        if not chunk and (self._left or self._sum != self._stated.CRC):
            self._refuse(_("it is damaged"))
        return chunk

    def _refuse(self, reason: str) -> None:
        self._problems.stop(
            None,
            _("%(filename)s cannot be unpacked: %(reason)s.")
            % {"filename": self._stated.filename[:80], "reason": reason},
        )


class _Slice:
    """The packed bytes of one member, as a file of their own."""

    def __init__(self, file: BinaryIO, stated: zipfile.ZipInfo) -> None:
        file.seek(stated.header_offset)
        header = file.read(HEADER)
        if len(header) < HEADER or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("its header is damaged")
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        self._file = file
        self._at = stated.header_offset + HEADER + lengths
        self._end = self._at + stated.compress_size
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        chunk = self._file.read(left if size < 0 else min(size, left))
        self._at += len(chunk)
        return chunk

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
