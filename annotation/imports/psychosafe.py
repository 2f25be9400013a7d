"""PsychoSafe's annotation files: what an annotator filled in, or the merged result.

Answers are matched by their text, because the annotator's file hides where they come from. The
fields are called criterion_N or criteria_N, N counting the rubric's criteria from 1.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from annotation.imports.found import Found, Target, first, words
from corpus.reading import Problems, json_rows

NAMES = re.compile(r"criteri(?:on|a)_(\d+)\Z")


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    number = 0
    for row in json_rows(file, problems):
        rater = first(row.values, "annotator", "rater") or "annotator_1"
        for example in _examples(row.values):
            number += 1
            yield from _ratings(number, example, rater)
    if not number:
        problems.stop(None, "The file has neither 'paired_responses' nor 'rows'.")


def _examples(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every answer that was rated, with its values."""
    for pair in _objects(document.get("paired_responses")):
        yield from _objects([pair.get("a"), pair.get("b")])
    yield from _objects(document.get("rows"))
    if any(NAMES.match(name) for name in document):
        yield document


def _objects(values: Any) -> list[dict[str, Any]]:
    return [value for value in values or [] if isinstance(value, dict)]


def _ratings(number: int, example: dict[str, Any], rater: str) -> Iterator[Found]:
    target = _target(example)
    for name, value in example.items():
        match = NAMES.match(name)
        if match and value not in (None, ""):
            reason = words(example.get(f"justification_{match.group(1)}"))
            yield Found(number, name, target, rater, value, f"#{match.group(1)}", reason)


def _target(example: dict[str, Any]) -> Target:
    whole = example.get("full_example")
    shown = whole if isinstance(whole, dict) else example
    return Target(
        item=first(example, "source_index"),
        run=first(example, "run"),
        prompt=first(shown, "prompt", "instruction", "input"),
        answer=first(shown, "answer", "response", "completion", "output"),
    )
