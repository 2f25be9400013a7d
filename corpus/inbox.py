"""Where files lie until they are in: a folder each, named after its upload, deleted with it."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings


def folder(upload_id: str) -> Path:
    """The folder of an upload. Ids are ours: letters, digits, `-` and `_`."""
    return Path(settings.IMPORT_DIR) / upload_id


def file(upload_id: str) -> Path:
    """The file itself; its own name never becomes a path."""
    return folder(upload_id) / "file"


def store(upload_id: str, chunks: Iterable[bytes]) -> str:
    """Keep a file; its SHA-256."""
    folder(upload_id).mkdir(mode=0o700, parents=True)
    made = sha256()
    with file(upload_id).open("wb") as kept:
        for chunk in chunks:
            made.update(chunk)
            kept.write(chunk)
    return made.hexdigest()


def remove(upload_id: str) -> None:
    """The file, and what was made on the way."""
    shutil.rmtree(folder(upload_id), ignore_errors=True)


def forgotten(at: datetime, *, needed: Iterable[str]) -> Iterator[str]:
    """Folders that no upload needs, and that are old enough not to be just arriving."""
    known = set(needed)
    oldest = (at - timedelta(hours=1)).timestamp()
    for path in Path(settings.IMPORT_DIR).iterdir():
        if path.is_dir() and path.name not in known and path.stat().st_mtime < oldest:
            yield path.name
