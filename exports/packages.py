"""A format's files as one: what `export` writes into a folder, with its card, in a zip.

Equal material makes equal bytes: members stand in the order of their names, and carry no time.
"""

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

from exports import bundle
from exports.sources import Source

SUFFIX, MEDIA_TYPE = "zip", "application/zip"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
READABLE = 0o644 << 16


def write(source: Source, form: str, to: str, path: Path) -> str:
    """The zip at `path`; its SHA-256. In it lies a folder of the format's name."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as made:
        folder = Path(made) / form
        bundle.write(source, form=form, to=to, folder=folder)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for member in sorted(folder.iterdir()):
                _add(packed, member, f"{form}/{member.name}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(packed: zipfile.ZipFile, member: Path, name: str) -> None:
    told = zipfile.ZipInfo(name, NO_TIME)
    told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, READABLE
    told.file_size = member.stat().st_size  # so that one of many GB is written as such
    with member.open("rb") as read, packed.open(told, "w") as to:
        shutil.copyfileobj(read, to)
