"""Data set folders as the Hugging Face library writes and reads them: on disk, or as a zip.

Nothing is unpacked: members are read where they lie, and only those that the folder itself lists.
"""

import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from django.utils.translation import gettext

from corpus.reading.problems import Problems

MAX_MEMBERS = 5_000
MAX_UNPACKED = 2_000_000_000
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
HIDDEN = ("__MACOSX", ".git", ".cache")


class Folder(Protocol):
    """Files by their path inside the folder, with `/` between its parts."""

    sizes: dict[str, int]

    def open(self, name: str) -> "Member":
        """The file, at its start; it can be wound back."""


class Member:
    """A context that closes the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __enter__(self) -> BinaryIO:
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.close()


class Directory:
    """A folder on this machine. Links are followed: the library's own cache is made of them."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        self.sizes = {}
        for path in files:
            name = path.relative_to(root).as_posix()
            if not _is_hidden(name):
                self.sizes[name] = path.stat().st_size
            if len(self.sizes) > MAX_MEMBERS:
                problems.stop(
                    None,
                    gettext("The folder has more than %(n)s files.") % {"n": f"{MAX_MEMBERS:,}"},
                )

    def open(self, name: str) -> Member:
        if name not in self.sizes:
            raise KeyError(name)
        return Member((self.root / name).open("rb"))


class Zipped:
    """A zip of a folder; the folder that all of it lies in counts as its root."""

    def __init__(self, file: BinaryIO, problems: Problems) -> None:
        self.problems = problems
        try:
            self.zip = zipfile.ZipFile(file)
        except (*DAMAGED, ValueError) as error:
            problems.stop(None, gettext("The zip cannot be opened: %(error)s.") % {"error": error})
        found = [each for each in self.zip.infolist() if not each.is_dir()]
        _check_members(found, problems)
        shown = [each for each in found if not _is_hidden(each.filename)]
        root = _common_root([each.filename for each in shown])
        self.members = {each.filename[len(root) :]: each for each in shown}
        self.sizes = {name: each.file_size for name, each in self.members.items()}

    def open(self, name: str) -> Member:
        """A copy without a name of its own: no path of the zip ever becomes a path here."""
        copy = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115  # closed by Member
        try:
            # No more than it said it would be: the zip refuses what is longer.
            with self.zip.open(self.members[name]) as packed:
                shutil.copyfileobj(packed, copy, 1 << 20)
        except DAMAGED as error:
            self.problems.stop(
                None,
                gettext("%(name)s cannot be unpacked: %(error)s.") % {"name": name, "error": error},
            )
        copy.seek(0)
        return Member(cast(BinaryIO, copy))


def _check_members(found: list[zipfile.ZipInfo], problems: Problems) -> None:
    if len(found) > MAX_MEMBERS:
        problems.stop(
            None, gettext("The zip has more than %(n)s files.") % {"n": f"{MAX_MEMBERS:,}"}
        )
    unpacked = sum(each.file_size for each in found)
    if unpacked > MAX_UNPACKED:
        problems.stop(
            None,
            gettext("The zip unpacks to %(size)s MB; at most %(most)s MB are taken.")
            % {"size": f"{unpacked // 1_000_000:,}", "most": f"{MAX_UNPACKED // 1_000_000:,}"},
        )
    for each in found:
        path = PurePosixPath(each.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            problems.stop(
                None,
                gettext("The zip names a place outside itself: %(name)s.")
                % {"name": repr(each.filename[:120])},
            )
        if each.flag_bits & 1:
            problems.stop(None, gettext("The zip is locked with a password. Send it without one."))


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in HIDDEN for part in parts) or parts[-1].startswith("._")


def _common_root(names: list[str]) -> str:
    tops = {name.split("/", 1)[0] for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""


@contextmanager
def opened(place: Path | BinaryIO, problems: Problems) -> Iterator[Folder]:
    """The folder for as long as it is read."""
    if isinstance(place, Path) and place.is_dir():
        yield Directory(place, problems)
        return
    file = place.open("rb") if isinstance(place, Path) else place
    try:
        yield Zipped(file, problems)
    finally:
        if isinstance(place, Path):
            file.close()


def start_of(folder: Folder, name: str, limit: int = 1_000_000) -> str:
    """The beginning of a small text file; unreadable characters are replaced."""
    with folder.open(name) as file:
        return io.TextIOWrapper(file, "utf-8", errors="replace").read(limit)
