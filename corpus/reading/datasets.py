"""Which files of a data set folder make up which split.

`save_to_disk` writes state.json beside Arrow files; the hub has README `configs`, or file names
that say their split. Splits of several configurations are called `configuration/split`.
"""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any

import yaml
from django.utils.translation import gettext as _

from corpus.reading.folders import Folder, start_of
from corpus.reading.problems import Problems

LAYOUTS = {
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
}
NOT_DATA = {"state.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json"}
SPLIT_WORDS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
}
ALL = "all"
Splits = dict[str, list[str]]


def layout_of(name: str) -> str:
    """How a file is laid out, by its ending; "" for files that hold no rows."""
    path = PurePosixPath(name)
    return "" if path.name in NOT_DATA else LAYOUTS.get(path.suffix.lower(), "")


def splits_of(folder: Folder, problems: Problems) -> Splits:
    """The files of each split, in order."""
    found = _saved(folder, problems) or _configured(folder, problems) or _named(folder)
    found = {name: files for name, files in found.items() if files}
    if not found:
        listed = ", ".join(sorted(folder.sizes)[:5]) or "nothing"
        problems.stop(
            None,
            _("The folder has no data files (Parquet, Arrow, JSON Lines, CSV). It has: %(files)s.")
            % {"files": listed},
        )
    return found


def _saved(folder: Folder, problems: Problems) -> Splits:
    """`save_to_disk`: one data set, or one folder a split."""
    states = [name for name in folder.sizes if PurePosixPath(name).name == "state.json"]
    found: Splits = {}
    for name in sorted(states):
        state = _object(folder, name, problems)
        if state.get("_indices_data_files") or state.get("_indices_files"):
            problems.stop(
                None,
                _("%(name)s: a selection was saved. Call flatten_indices() first.")
                % {"name": name},
            )
        parent = PurePosixPath(name).parent
        files = [
            str(parent / str(each.get("filename")))
            for each in state.get("_data_files") or []
            if isinstance(each, dict)
        ]
        missing = [each for each in files if each not in folder.sizes]
        if missing:
            problems.stop(
                None,
                _("%(name)s names a file that is not there: %(missing)s.")
                % {"name": name, "missing": missing[0]},
            )
        known = parent.as_posix() if parent.parts else str(state.get("_split") or ALL)
        found[known] = files
    return found


def _object(folder: Folder, name: str, problems: Problems) -> dict[str, Any]:
    try:
        value = json.loads(start_of(folder, name))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        problems.stop(None, _("%(name)s is not the JSON that the library writes.") % {"name": name})
    return value


def _configured(folder: Folder, problems: Problems) -> Splits:
    """The `configs` in the README's first block, as the hub reads them."""
    configs = _card(folder, problems).get("configs")
    found: Splits = {}
    if not isinstance(configs, list):
        return found
    for config in configs:
        if not isinstance(config, dict):
            continue
        prefix = f"{config.get('config_name', 'default')}/" if len(configs) > 1 else ""
        below = str(config.get("data_dir") or "")
        for split, pattern in _data_files(config.get("data_files")):
            found.setdefault(prefix + split, []).extend(_matching(folder, below, pattern))
    return found


def _card(folder: Folder, problems: Problems) -> dict[str, Any]:
    if "README.md" not in folder.sizes:
        return {}
    block = re.match(r"\ufeff?---\r?\n(.*?)\r?\n---\s", start_of(folder, "README.md"), re.DOTALL)
    if not block:
        return {}
    try:
        value = yaml.safe_load(block[1])
    except (yaml.YAMLError, RecursionError):
        problems.stop(None, _("README.md: the block between the lines of --- is not YAML."))
    return value if isinstance(value, dict) else {}


def _data_files(value: Any) -> Iterator[tuple[str, str]]:
    """Split and pattern; a list without splits is one split."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield "train", each
        elif isinstance(each, dict):
            paths = each.get("path")
            for path in paths if isinstance(paths, list) else [paths]:
                if isinstance(path, str):
                    yield str(each.get("split", "train")), path


def _matching(folder: Folder, below: str, pattern: str) -> list[str]:
    wanted = (PurePosixPath(below) / pattern).as_posix().removeprefix("./")
    loose = wanted.replace("**/", "*")
    return [
        name
        for name in sorted(folder.sizes)
        if layout_of(name) and (name == wanted or fnmatch(name, wanted) or fnmatch(name, loose))
    ]


def _named(folder: Folder) -> Splits:
    """By folder or file name; the data folder goes before others, one kind of file before mixes."""
    data = [name for name in sorted(folder.sizes) if layout_of(name)]
    inside = [name for name in data if name.startswith("data/")] or data
    kinds = [layout_of(name) for name in inside]
    kind = next((each for each in LAYOUTS.values() if each in kinds), "")
    found: Splits = {}
    for name in inside:
        if layout_of(name) == kind:
            found.setdefault(_split_in(name), []).append(name)
    return found


def _split_in(name: str) -> str:
    words = re.split(r"[^a-z]+", name.lower().removeprefix("data/"))
    return next((SPLIT_WORDS[word] for word in words if word in SPLIT_WORDS), ALL)
