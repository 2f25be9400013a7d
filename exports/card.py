"""The dataset card that lies beside exported files: what, from where, with what care. Pure.

It carries no date of writing, so that equal material makes equal files. Its head names the files so
that `datasets` loads the folder as it is.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from exports.described import About, File
from exports.formats import FORMATS
from exports.formats.columns import Column

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
RELEASED_RATERS = (
    "Raters appear under pseudonyms of this release alone: they cannot be joined to another "
    "release or to a study's own files. Times are days. Words in which a pattern finds an address, "
    "a number or a name of a person are left out, and counted; patterns miss much, so read them "
    "before you pass the files on. Who withdrew before the release was made is not in it."
)
CSV = (
    "A text cell that a spreadsheet could run as a formula has one apostrophe in front, and so "
    "has one that begins with an apostrophe. To read exactly what was written, take one leading "
    "apostrophe away from every text cell that begins with one. JSONL and Parquet need nothing. "
    "Conversations are JSON within their cell; empty cells are missing values or empty text."
)
LIMITS = (
    "What is right to say to a person in crisis differs by country, service and time: an ideal "
    "response is one that clinicians here approved on its day, not the only one.",
    "Most cases are written for this corpus; they are not a sample of what people send to models.",
    "Values of judges are those of models: use them beside people's, not instead.",
    "Splits keep near copies together within this corpus; they cannot know what a model was "
    "trained on before.",
)
WITHDRAWAL = (
    "A release is never changed. If it must not be used any more, it is withdrawn with a reason: "
    "look at its page in the Studio, or at withdrawn_at in its manifest over REST, before you "
    "train or publish."
)
KNOWN_LICENCES = ("cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc0-1.0", "mit", "apache-2.0")
# As `datasets` names what a column holds.
MESSAGE = [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]
TURN = [{"name": "from", "dtype": "string"}, {"name": "value", "dtype": "string"}]
FEATURES: dict[str, dict[str, Any]] = {
    "text": {"dtype": "string"},
    "code": {"dtype": "string"},
    "integer": {"dtype": "int64"},
    "number": {"dtype": "float64"},
    "boolean": {"dtype": "bool"},
    "integers": {"list": "int64"},
    "numbers": {"list": "float64"},
    "message": {"struct": MESSAGE},
    "messages": {"list": MESSAGE},
    "turn": {"struct": TURN},
    "turns": {"list": TURN},
}
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))


def text(about: About, files: Sequence[File]) -> str:
    """Markdown below a head of YAML."""
    parts = [_head(about, files), MARK, f"# {_plain(about.title)}"]
    if about.is_sample:
        parts.append(SAMPLE)
    parts += [*_formats(files), f"## Before you read\n\n{WARNING}"]
    if about.has_raters:
        parts.append(RELEASED_RATERS if about.is_release else RATERS)
    parts += [f"## {title}\n\n{body}" for title, body in _sections(about, files) if body]
    return "\n\n".join(parts) + "\n"


def _formats(files: Sequence[File]) -> Iterator[str]:
    for form in dict.fromkeys(file.form for file in files):
        yield f"**{form}.** {FORMATS[form].words}"


def _sections(about: About, files: Sequence[File]) -> Iterator[tuple[str, str]]:
    yield "Where it comes from", _facts(about.facts)
    yield "Licences", _listed(_licences(about))
    yield "How it was rated", _listed(about.protocol)
    yield "Agreement", _listed(about.agreement)
    yield "Judges", _listed(about.judges) if about.is_release else ""
    yield (
        "What a curator let pass",
        _listed(
            f"{each.what} ({each.n_rows:,}): {_plain(each.reason)} ({each.day})"
            for each in about.passed
        ),
    )
    yield "Files", _table(files)
    yield "Left out", _left_out(files)
    yield "Limits", _listed(LIMITS)
    if any(file.suffix == "csv" for file in files):
        yield "Reading the CSV", CSV
    yield "Withdrawal", WITHDRAWAL if about.is_release else ""
    yield "Citation", "See CITATION.cff. croissant.json says all this for programs."


def _licences(about: About) -> Iterator[str]:
    for each in about.licences:
        yield f"{_plain(each.source)}: {each.n:,}" + (
            f", {_plain(each.licence)}" if each.licence else ""
        )


# The head


def _head(about: About, files: Sequence[File]) -> str:
    held = [file for file in files if file.n_rows]
    parts = [(part, list(of_part)) for part, of_part in groupby(held, key=lambda file: file.part)]
    told = {
        "pretty_name": _plain(about.title),
        "language": list(about.languages),
        **licence(about),
        "annotations_creators": ["expert-generated"],
        "task_categories": ["text-generation"],
        "tags": ["safety", "refusal", "mental-health", "not-for-all-audiences"],
        "size_categories": [_size(sum(file.n_rows for file in held))],
        "configs": [
            {"config_name": part, **_files(of_part), **({"default": True} if n == 0 else {})}
            for n, (part, of_part) in enumerate(parts)
        ],
        "dataset_info": [_info(part, of_part) for part, of_part in parts],
    }
    return "\n".join(["---", *_yaml({key: value for key, value in told.items() if value}), "---"])


def licence(about: About) -> dict[str, str]:
    """One that everything has and the hub knows, else that there are several."""
    named = {each.licence.lower() for each in about.licences}
    if len(named) == 1 and next(iter(named)) in KNOWN_LICENCES:
        return {"license": next(iter(named))}
    return {"license": "other", "license_name": "see-the-licences-below"}


def _size(n: int) -> str:
    return next((name for limit, name in SIZES if n < limit), "1M<n<10M")


def _files(files: Sequence[File]) -> dict[str, Any]:
    paths = [{"split": file.split_name, "path": file.name} for file in files]
    return {"data_files": paths, **({"field": files[0].key} if files[0].key else {})}


def _info(part: str, files: Sequence[File]) -> dict[str, Any]:
    size = sum(file.n_bytes for file in files)
    splits = [
        {"name": file.split_name, "num_bytes": file.n_bytes, "num_examples": file.n_rows}
        for file in files
    ]
    features = _features(files[0].columns, files[0].suffix)
    return {
        "config_name": part,
        **({"features": features} if features else {}),
        "splits": splits,
        "download_size": size,
        "dataset_size": size,
    }


def _features(columns: Sequence[Column], suffix: str) -> list[dict[str, Any]]:
    """Nothing where a column holds what only its format can say. A cell of CSV is one value."""
    if any(column.kind == "json" for column in columns):
        return []
    told = []
    for column in columns:
        kind = FEATURES[column.kind]
        told.append(
            {
                "name": column.name,
                **(kind if "dtype" in kind or suffix != "csv" else FEATURES["text"]),
            }
        )
    return told


def _yaml(said: Any, depth: int = 0) -> Iterator[str]:
    """Dictionaries, lists and plain values; text in JSON's quotes, which YAML reads alike."""
    pad = "  " * depth
    for key, value in said.items():
        if isinstance(value, dict):
            yield f"{pad}{key}:"
            yield from _yaml(value, depth + 1)
        elif isinstance(value, list):
            yield f"{pad}{key}:"
            for each in value:
                yield from _item(each, depth)
        else:
            yield f"{pad}{key}: {json.dumps(value, ensure_ascii=False)}"


def _item(each: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if not isinstance(each, dict):
        yield f"{pad}- {json.dumps(each, ensure_ascii=False)}"
        return
    first, *others = _yaml(each, depth + 1)
    yield f"{pad}- {first.lstrip()}"
    yield from others


# The body


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return _listed(f"{name}: {_plain(value)}" for name, value in facts if value)


def _listed(said: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(each)}" for each in said)


def _table(files: Sequence[File]) -> str:
    lines = ["| file | split | rows | bytes | SHA-256 |", "|---|---|---:|---:|---|"]
    lines += [
        f"| {f.name} | {f.split or '–'} | {f.n_rows:,} | {f.n_bytes:,} | {f.sha256} |"
        for f in files
    ]
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
