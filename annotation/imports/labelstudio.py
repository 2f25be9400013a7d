"""Label Studio's JSON export: control names are criterion keys, `data` says what was rated.

`data` holds `completion_id`, or `external_id` (and `run`). A text area named `KEY_rationale` is
the reason. Cancelled annotations are skips and are left out.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from annotation.imports.found import Found, Target, first, words
from corpus.reading import Problems, json_rows

VALUES = {"rating": "rating", "number": "number"}


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    for row in json_rows(file, problems):
        data = row.values.get("data")
        if not isinstance(data, dict) or not isinstance(row.values.get("annotations"), list):
            problems.add(row.number, "data", "A task needs 'data' and 'annotations'.")
            continue
        target = Target(
            completion=first(data, "completion_id", "completion"),
            item=first(data, "external_id", "item", "id"),
            run=first(data, "run"),
        )
        for annotation in row.values["annotations"]:
            if isinstance(annotation, dict) and not annotation.get("was_cancelled"):
                yield from _ratings(row.number, target, annotation)


def _ratings(number: int, target: Target, annotation: dict[str, Any]) -> Iterator[Found]:
    results = [each for each in annotation.get("result") or [] if isinstance(each, dict)]
    reasons = {words(each.get("from_name")): _text(each) for each in results}
    rater = _rater(annotation.get("completed_by"))
    for each in results:
        name, value = words(each.get("from_name")), _value(each)
        if value is not None:
            reason = reasons.get(f"{name}_rationale", "")
            yield Found(number, name, target, rater, value, name, reason)


def _rater(completed_by: Any) -> str:
    if isinstance(completed_by, dict):
        return first(completed_by, "email", "id") or "annotator"
    return f"annotator {words(completed_by)}".strip()


def _value(result: dict[str, Any]) -> Any:
    value, kind = result.get("value"), result.get("type")
    if not isinstance(value, dict):
        return None
    if kind == "choices":
        chosen = value.get("choices")
        return chosen[0] if isinstance(chosen, list) and len(chosen) == 1 else None
    return value.get(VALUES.get(str(kind), ""))


def _text(result: dict[str, Any]) -> str:
    value = result.get("value")
    text = value.get("text") if isinstance(value, dict) else None
    return " ".join(words(part) for part in text) if isinstance(text, list) else words(text)
