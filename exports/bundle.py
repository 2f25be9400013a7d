"""Writes the files of a release or a study into a folder, and the card beside them.

A file appears under its name only when it is whole. A folder may hold several formats: the card
tells of all of them, so it holds files of one release or study, and of one kind.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from exports import card, citation, croissant, describing, sources, writers
from exports.described import About, File
from exports.formats import FORMATS, label_studio, llama_factory
from exports.models import Release
from exports.sources import Source, Table, answers
from exports.sources.scope import scopes_of

README, MANIFEST = "README.md", "manifest.json"
CROISSANT, CITATION = "croissant.json", "CITATION.cff"
Heard = Callable[[int], None]


class Unwilling(Exception):
    """The files are not written; the message says why and what to do."""

    http_status = 409


class Withdrawn(Unwilling):
    """Files of a withdrawn release are not given out."""

    http_status = 410


def write(
    source: Source,
    *,
    form: str,
    to: str,
    folder: Path,
    split: str = "",
    on_rows: Heard | None = None,
) -> list[File]:
    """The files of a format in `folder`, made if it is missing; README.md says what they are.

    Pairs and preferences of a release are a file for each split (`sft-train.jsonl`), each with its
    `split`; with `split`, that one alone. Files of the same names are replaced, other formats that
    were written here stay; a README that is not ours is not touched.
    """
    refuse_withdrawn(source)
    tables = _wanted(source, form, split)
    if to not in FORMATS[form].to:
        known = ", ".join(FORMATS[form].to)
        raise Unwilling(
            _("Format '%(form)s' cannot be %(to)s. Write it to: %(known)s.")
            % {"form": form, "to": to, "known": known}
        )
    told = describing.about(source)
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _earlier(folder, told, to)
    files = [_file(table, form, to, folder, on_rows) for table in tables]
    names = {file.name for file in files}
    every = _ordered([*files, *(file for file in earlier if file.name not in names)])
    _tell(folder, source, told, every)
    return files


def _wanted(source: Source, form: str, split: str) -> list[Table]:
    tables = sources.tables(source, form)
    if not tables:
        raise Unwilling(
            _("%(source)s holds no study, so there is nothing for format '%(form)s'.")
            % {"source": source, "form": form}
        )
    wanted = [table for table in tables if split in ("", table.split)]
    if not wanted:
        there = ", ".join(table.split for table in tables if table.split) or _("none")
        raise Unwilling(
            _("%(source)s has no rows of split '%(split)s'. There are: %(there)s.")
            % {"source": source, "split": split, "there": there}
        )
    return wanted


def refuse_withdrawn(source: Source) -> None:
    if isinstance(source, Release) and source.is_withdrawn:
        raise Withdrawn(
            _("%(source)s was withdrawn and is not given out any more: %(reason)s")
            % {"source": source, "reason": source.withdrawn_reason}
        )


def _earlier(folder: Path, told: About, to: str) -> list[File]:
    """What was written here before and is still here; refused where it cannot stand beside."""
    readme = folder / README
    if readme.exists() and card.MARK not in readme.read_text(encoding="utf-8", errors="replace"):
        raise Unwilling(
            _("%(readme)s is somebody else's and would be lost. Choose another folder.")
            % {"readme": readme}
        )
    manifest = folder / MANIFEST
    if not manifest.exists():
        return []
    said = json.loads(manifest.read_text(encoding="utf-8"))
    if said["of"] != told.identity:
        raise Unwilling(
            _("%(folder)s holds files of %(title)s. Choose another folder.")
            % {"folder": folder, "title": said["title"]}
        )
    files = [File.from_json(each) for each in said["files"]]
    here = [file for file in files if (folder / file.name).exists()]
    # `datasets` reads a folder by the kind of its first file.
    other = next((file.name for file in here if _family(file.suffix) != _family(to)), "")
    if other:
        raise Unwilling(
            _(
                "%(folder)s holds %(other)s, and a folder is loaded as one kind of file. Choose "
                "another folder for %(to)s."
            )
            % {"folder": folder, "other": other, "to": to}
        )
    return here


def _family(suffix: str) -> str:
    return "json" if suffix == "jsonl" else suffix


def _ordered(files: Sequence[File]) -> list[File]:
    """By format, as they are listed; within a format as they were made."""
    forms = list(FORMATS)
    return sorted(files, key=lambda file: forms.index(file.form))


def _file(table: Table, form: str, to: str, folder: Path, on_rows: Heard | None) -> File:
    made = write_table(table, to, folder / f"{table.name}.{to}", on_rows)
    return File(
        **{
            **vars(made),
            "form": form,
            "media_type": writers.WRITERS[to].media_type,
            "columns": tuple(table.columns),
        }
    )


def write_table(table: Table, to: str, path: Path, on_rows: Heard | None = None) -> File:
    """One file. It is written beside `path` and then takes its place."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    frame = writers.Frame(table.key, table.head)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            n = writers.write(to, file, table.columns, table.rows(), on_rows=on_rows, frame=frame)
            size = file.tell()
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    left_out = dict(table.left_out)
    return File(
        path.name, n, size, sha256, left_out, part=table.part, split=table.split, key=table.key
    )


def _tell(folder: Path, source: Source, told: About, files: Sequence[File]) -> None:
    """The card, and what programs read beside it. The manifest comes last: it vouches for all."""
    beside = {
        **_beside(source, told, files),
        README: card.text(told, files),
        CROISSANT: croissant.text(told, files),
        CITATION: citation.text(told),
        MANIFEST: _json(
            {
                "of": told.identity,
                "title": told.title,
                "files": [file.as_json() for file in files],
            }
        ),
    }
    for name, said in beside.items():
        (folder / name).write_text(said, encoding="utf-8")


def _beside(source: Source, told: About, files: Sequence[File]) -> dict[str, str]:
    """What some programs want beside the data: an index, a labelling interface."""
    found = {}
    indexed = [
        (file.name.rpartition(".")[0], file.name, file.part)
        for file in files
        if file.form.startswith("llama_factory")
    ]
    if indexed:
        found[llama_factory.INDEX] = _json(llama_factory.listing(indexed))
    if any(file.form == "label_studio" for file in files):
        for scope in scopes_of(source):
            asked = [each for each in answers.criteria_of(scope) if each.about == "answer"]
            found[f"label_studio-{scope.study.slug}.xml"] = label_studio.config(asked)
    return found


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
