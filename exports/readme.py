"""The README that lies beside exported files: what, from where, how many, and with what care. Pure.

It carries no date of writing, so that equal material makes equal files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

MARK = "<!-- Written by PsychoSafe Studio beside the files that it describes. -->"

WARNING = (
    "These files hold messages of people in crisis and answers to them: self-harm, violence, "
    "abuse, drugs, weapons. Read them when you are well, and not alone for long. They are made "
    "for research on how models decline; they are no advice for anybody who needs help."
)
SAMPLE = (
    "**Made for the sample.** The people, cases, texts and ratings in these files were made up to "
    "show the Studio. They must not be used as data about people or models."
)
RATERS = (
    "Raters appear under pseudonyms that are different in every study. What they wrote as their "
    "reasons is kept word for word: read it before you pass the files on."
)
CSV = (
    "A text cell that a spreadsheet could run as a formula has one apostrophe in front, and so "
    "has one that begins with an apostrophe. To read exactly what was written, take one leading "
    "apostrophe away from every text cell that begins with one. JSONL and Parquet need nothing. "
    "Conversations are JSON within their cell; empty cells are missing values or empty text."
)


@dataclass(frozen=True)
class File:
    """A written file. `left_out` counts by reason what gave no row.

    Files of one `part` are a dataset; `split` says which of its splits one holds, if it has any.
    """

    name: str
    n_rows: int
    n_bytes: int
    sha256: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    part: str = ""
    split: str = ""


@dataclass(frozen=True)
class About:
    """What the files were made of."""

    title: str
    facts: Sequence[tuple[str, str]]
    words: str
    is_sample: bool
    has_raters: bool


def text(about: About, files: Sequence[File]) -> str:
    """Markdown, with the files named so that `datasets` can load the folder."""
    parts = [_configs(files), MARK, f"# {_plain(about.title)}"]
    if about.is_sample:
        parts.append(SAMPLE)
    parts += [about.words, f"## Before you read\n\n{WARNING}"]
    if about.has_raters:
        parts.append(RATERS)
    parts.append("## Where it comes from\n\n" + _facts(about.facts))
    parts.append("## Files\n\n" + _table(files))
    if left_out := _left_out(files):
        parts.append("## Left out\n\n" + left_out)
    if any(file.name.endswith(".csv") for file in files):
        parts.append(f"## Reading the CSV\n\n{CSV}")
    return "\n\n".join(parts) + "\n"


def _configs(files: Sequence[File]) -> str:
    lines = ["---", "configs:"]
    for part, of_part in groupby(files, key=lambda file: file.part):
        lines += [f"- config_name: {part}", "  data_files:"]
        for file in of_part:
            lines += [f"  - split: {file.split or 'train'}", f"    path: {file.name}"]
    return "\n".join([*lines, "---"])


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"- {name}: {_plain(value)}" for name, value in facts if value)


def _table(files: Sequence[File]) -> str:
    lines = ["| file | rows | bytes | SHA-256 |", "|---|---:|---:|---|"]
    lines += [f"| {f.name} | {f.n_rows:,} | {f.n_bytes:,} | {f.sha256} |" for f in files]
    return "\n".join(lines)


def _left_out(files: Sequence[File]) -> str:
    return "\n".join(
        f"- {file.name}: {n:,} because {reason}"
        for file in files
        for reason, n in sorted(file.left_out.items())
    )


def _plain(value: str) -> str:
    """On one line."""
    return " ".join(value.split())
