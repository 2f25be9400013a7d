"""The stub's own promise: stable answers that obey their schema."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # comes without annotations
import pytest

from tests.stub_answers import reply

VERDICT = {
    "type": "object",
    "properties": {
        "evidence": {"type": "array", "items": {"$ref": "#/$defs/quote"}, "minItems": 2},
        "reasoning": {"type": "string", "minLength": 100, "maxLength": 120},
        "value": {"type": "integer", "minimum": 1, "maximum": 5},
        "sure": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "kind": {"enum": ["refuses", "partly", "answers"]},
        "version": {"const": 2},
        "note": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
    },
    "required": ["evidence", "reasoning", "value", "kind", "version", "note"],
    "additionalProperties": False,
    "$defs": {"quote": {"type": "string"}},
}


def body(text: str, schema: Any = None) -> dict[str, Any]:
    asked: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": text}]}
    if schema:
        asked["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
    return asked


@pytest.mark.parametrize("n", range(20))
def test_a_schema_is_obeyed(n: int) -> None:
    jsonschema.validate(json.loads(reply(body(f"prompt {n}", VERDICT))), VERDICT)


def test_the_same_request_gets_the_same_answer() -> None:
    assert reply(body("a")) == reply(body("a"))
    assert reply(body("a", VERDICT)) == reply(body("a", VERDICT))


def test_different_requests_get_different_scores() -> None:
    values = {json.loads(reply(body(f"prompt {n}", VERDICT)))["value"] for n in range(40)}
    assert values == {1, 2, 3, 4, 5}
