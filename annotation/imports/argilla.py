"""Argilla's records as JSON: question names are criterion keys, responses are the ratings.

`metadata` holds `completion_id`, or `external_id` (and `run`); else the record's id is the
prompt's. A question named `KEY_rationale` is the reason. Suggestions are a machine's: left out.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from annotation.imports.found import Found, Target, first, words
from corpus.reading import Problems, json_rows

REASON = "_rationale"


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    for row in json_rows(file, problems):
        responses = row.values.get("responses")
        if not isinstance(responses, dict):
            problems.add(row.number, "responses", "A record needs 'responses'.")
            continue
        reasons = {
            (name.removesuffix(REASON), words(each.get("user_id"))): words(each.get("value"))
            for name, given in responses.items()
            if name.endswith(REASON)
            for each in _given(given)
        }
        for name, given in responses.items():
            if not name.endswith(REASON):
                for each in _given(given):
                    user = words(each.get("user_id"))
                    reason = reasons.get((name, user), "")
                    yield Found(
                        row.number, name, _target(row.values), user, each["value"], name, reason
                    )


def _given(given: Any) -> list[dict[str, Any]]:
    answers = given if isinstance(given, list) else []
    return [
        each
        for each in answers
        if isinstance(each, dict) and each.get("value") is not None and words(each.get("user_id"))
    ]


def _target(record: dict[str, Any]) -> Target:
    metadata = record.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return Target(
        completion=first(metadata, "completion_id", "completion"),
        item=first(metadata, "external_id", "item") or first(record, "id"),
        run=first(metadata, "run"),
    )
