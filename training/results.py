"""What the harness found: scores with their intervals, from its results and samples. Pure.

A metric that is 0 or 1 for each document gets Wilson's interval; one with several values a document
the interval over documents; any other one the interval that its standard error gives. A task with
several filters has a row for each, over the same answers.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agreement import clustered, wilson
from training.task_folder import WEIGHING

Z = 1.959963984540054
MAX_LINE = 20_000_000
BY_WILSON = "wilson"
BY_ERROR = "standard error"
BY_DOCUMENT = "documents as clusters"
# (task, metric, filter)
Key = tuple[str, str, str]


class NoResults(ValueError):
    """The folder holds no results that can be read; the message says why."""


@dataclass(frozen=True)
class Score:
    """One figure. Without `low` and `high`, `note` says why; with them, how they were made."""

    task: str
    metric: str
    filter: str
    value: float
    low: float | None
    high: float | None
    n: int  # documents
    note: str
    is_group: bool = False
    higher_is_better: bool = True


@dataclass(frozen=True)
class Results:
    """All that one evaluation found."""

    version: str
    scores: tuple[Score, ...]
    weighs: Mapping[str, bool]  # by task
    n_shots: Mapping[str, int]
    versions: Mapping[str, str]  # of the tasks
    path: Path
    samples: tuple[Path, ...]


@dataclass
class Tally:
    """A metric over the documents of a task under a filter."""

    n: int = 0
    total: float = 0.0
    is_binary: bool = True
    in_unit: bool = True
    seen: set[str] = field(default_factory=set)
    lists: list[list[float]] = field(default_factory=list)  # where a document has several values

    def take(self, document: str, given: Any) -> None:
        """Each document once: a file that was appended to says some twice."""
        value = _number(given)
        several = [_number(each) for each in given] if isinstance(given, list) else []
        if document in self.seen or (value is None and not several):
            return
        self.seen.add(document)
        self.n += 1
        if value is None:
            self.lists.append([each for each in several if each is not None])
            return
        self.total += value
        self.is_binary &= value in (0.0, 1.0)
        self.in_unit &= 0.0 <= value <= 1.0


def read(folder: Path) -> Results:
    """The newest results below the folder, with the samples that were written beside them."""
    found = sorted(folder.rglob("results_*.json"), key=lambda path: path.name)
    if not found:
        raise NoResults("The harness wrote no results.")
    said = _document(found[-1])
    date = found[-1].stem.removeprefix("results_")
    samples = tuple(sorted(found[-1].parent.glob(f"samples_*_{date}.jsonl")))
    tallies: dict[Key, Tally] = {}
    for path in samples:
        task = path.stem.removeprefix("samples_").removesuffix(f"_{date}")
        _tally(task, path, tallies)
    weighs = {
        task: config.get("output_type") in WEIGHING
        for task, config in _objects(said, "configs").items()
    }
    return Results(
        version=str(said.get("lm_eval_version") or ""),
        scores=tuple(_scores(said, tallies)),
        weighs=weighs,
        n_shots={task: n for task, n in _mapping(said.get("n-shot")).items() if isinstance(n, int)},
        versions={task: str(v) for task, v in _mapping(said.get("versions")).items()},
        path=found[-1],
        samples=samples,
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NoResults(f"{path.name} cannot be read: {error}") from None
    if not isinstance(said, dict) or not isinstance(said.get("results"), dict):
        raise NoResults(f"{path.name} holds no results.")
    return said


def _tally(task: str, path: Path, tallies: dict[Key, Tally]) -> None:
    with path.open("rb") as lines:
        while line := lines.readline(MAX_LINE):
            try:
                row = json.loads(line)
            except ValueError:
                raise NoResults(f"{path.name} has a line that cannot be read.") from None
            filter_name, document = str(row.get("filter", "none")), str(row.get("doc_id"))
            for metric in row.get("metrics") or ():
                tally = tallies.setdefault((task, str(metric), filter_name), Tally())
                tally.take(document, row.get(metric))


def _scores(said: Mapping[str, Any], tallies: Mapping[Key, Tally]) -> Iterator[Score]:
    """In the order of the file; a group, which has no documents of its own, counts its tasks'."""
    groups = _mapping(said.get("group_subtasks"))
    better = _objects(said, "higher_is_better")
    sizes = {task: int(n.get("effective") or 0) for task, n in _objects(said, "n-samples").items()}
    for task, values in _objects(said, "results").items():
        members = groups.get(task) or []
        n = sizes.get(task) or sum(sizes.get(each, 0) for each in _leaves(task, groups))
        for name, value in values.items():
            metric, comma, filter_name = name.partition(",")
            number = _number(value)
            if not comma or number is None or metric.endswith("_stderr"):
                continue
            tally = tallies.get((task, metric, filter_name))
            error = _number(values.get(f"{metric}_stderr,{filter_name}"))
            low, high, note = _interval(number, tally, error)
            yield Score(
                *(task, metric, filter_name, number, low, high, tally.n if tally else n, note),
                is_group=bool(members),
                higher_is_better=better.get(task, {}).get(metric) is not False,
            )


def _interval(
    value: float, tally: Tally | None, error: float | None
) -> tuple[float | None, float | None, str]:
    """Wilson's only where the documents' own values make up the figure that is stated."""
    if tally and tally.n and tally.lists:
        return _of_lists(value, tally)
    if tally and tally.n and tally.is_binary and _is(tally.total / tally.n, value):
        low, high = wilson.bounds(value, tally.n)
        return low, high, BY_WILSON
    if error is None:
        return None, None, "the harness states no standard error"
    if not error:
        return None, None, "every document has the same score"
    low, high = value - Z * error, value + Z * error
    if tally is None or tally.in_unit:
        is_share = 0.0 <= value <= 1.0
        low, high = (max(low, 0.0), min(high, 1.0)) if is_share else (low, high)
    return low, high, BY_ERROR


def _of_lists(value: float, tally: Tally) -> tuple[float | None, float | None, str]:
    """The mean over all values, such as the instructions of IFEval; those of a document cling."""
    values = np.array([each for many in tally.lists for each in many])
    owners = np.repeat(np.arange(len(tally.lists)), [len(many) for many in tally.lists])
    found = clustered.mean(values, owners)
    if found.value is None or not _is(found.value, value) or found.interval is None:
        return None, None, "the harness states no standard error"
    low, high = found.interval
    if values.min() >= 0 and values.max() <= 1:
        low, high = max(low, 0.0), min(high, 1.0)
    return low, high, BY_DOCUMENT


def _is(found: float, stated: float) -> bool:
    return math.isclose(found, stated, abs_tol=1e-6)


def _leaves(name: str, groups: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    members = groups.get(name) if depth < 10 else None
    if not isinstance(members, list) or not members:
        yield name
        return
    for each in members:
        yield from _leaves(str(each), groups, depth + 1)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(said: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {key: each for key, each in _mapping(said.get(name)).items() if isinstance(each, dict)}


def _number(value: Any) -> float | None:
    """A finite number, or nothing: the harness writes NaN and "N/A" too."""
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
