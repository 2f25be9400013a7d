"""Writes the files of a release or a study, and the README beside them.

A file appears under its name only when it is whole.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from annotation.models import Study
from exports import readme, sources, writers
from exports.formats import FORMATS
from exports.models import Release
from exports.readme import About, File
from exports.sources import Source, Table
from judging import words as judged

README = "README.md"
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
    """The files of a format in `folder`, made if it is missing; a README says what they are.

    Pairs and preferences of a release are a file for each split (`sft-train.jsonl`), each with its
    `split`; with `split`, that one alone. Older files of the same names are replaced; a README that
    is not ours is not.
    """
    refuse_withdrawn(source)
    tables = _wanted(source, form, split)
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(folder / README)
    files = [write_table(table, to, folder / f"{table.name}.{to}", on_rows) for table in tables]
    (folder / README).write_text(readme.text(about(source, form), files), encoding="utf-8")
    return files


def _wanted(source: Source, form: str, split: str) -> list[Table]:
    tables = sources.tables(source, form)
    if not tables:
        raise Unwilling(f"{source} holds no study, so there is nothing for format '{form}'.")
    wanted = [table for table in tables if split in ("", table.split)]
    if not wanted:
        there = ", ".join(table.split for table in tables if table.split) or "none"
        raise Unwilling(f"{source} has no rows of split '{split}'. There are: {there}.")
    return wanted


def refuse_withdrawn(source: Source) -> None:
    if isinstance(source, Release) and source.is_withdrawn:
        raise Withdrawn(
            f"{source} was withdrawn and is not given out any more: {source.withdrawn_reason}"
        )


def _refuse_foreign(path: Path) -> None:
    if path.exists() and readme.MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise Unwilling(f"{path} is somebody else's and would be lost. Choose another folder.")


def write_table(table: Table, to: str, path: Path, on_rows: Heard | None = None) -> File:
    """One file. It is written beside `path` and then takes its place."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w+b") as file:
            n = writers.write(to, file, table.columns, table.rows(), on_rows=on_rows)
            size = file.tell()
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return File(path.name, n, size, sha256, dict(table.left_out), table.part, table.split)


def about(source: Source, form: str) -> About:
    """What a README says of where the files come from."""
    words = FORMATS[form].words
    if isinstance(source, Release):
        return _about_release(source, words)
    return _about_study(source, words)


def _about_release(release: Release, words: str) -> About:
    facts = [
        ("Release", str(release)),
        ("Description", release.description),
        ("Chosen", release.filters),
        ("Pairs", f"{release.entries.count():,}"),
        ("Made on", release.created_at.date().isoformat()),
        ("Digest", release.digest),
        ("The digest", "covers each pair's id and digest, in order (columns id and digest)"),
    ]
    return About(str(release), facts, words, release.is_sample, has_raters=False)


def _about_study(study: Study, words: str) -> About:
    arms = study.arms.select_related("run__model", "run__condition", "run__prompt_set")
    facts = [
        ("Study", f"{study.name} ({study.slug})"),
        ("Rubric", f"{study.rubric} (digest {study.rubric.digest})"),
        ("State", study.state),
        ("Items", f"{study.n_items:,}"),
        *((f"Arm {place}", str(arm.run)) for place, arm in enumerate(arms, start=1)),
        *(("Judge", words) for words in judged.of_study(study)),
    ]
    return About(study.name, facts, words, study.is_sample, has_raters=True)
