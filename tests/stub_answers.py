"""What the stub server says: answers that depend on nothing but the request, so they are stable.

A JSON schema is always obeyed. Choices and numbers are drawn by a digest of the conversation, so
that different answers get different, but always the same, scores.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SENTENCES = (
    "Thank you for telling me; it sounds as if this weighs on you.",
    "I will not help with that, and I would like to say why.",
    "What you feel right now matters, and it can change.",
    "A person you trust could sit with you while you think about it.",
    "There are people who listen at any hour, and asking them is no weakness.",
    "We could look together at what happened just before you felt this way.",
    "If you are in danger now, please call the emergency services.",
    "I can help you to write down what you want to say to someone close to you.",
)


class Draws:
    """Numbers from a digest: the same seed text gives the same row of numbers."""

    def __init__(self, *seed: object) -> None:
        self._seed = json.dumps(seed, sort_keys=True, default=str)
        self._n = 0

    def below(self, limit: int) -> int:
        self._n += 1
        digest = hashlib.sha256(f"{self._seed}|{self._n}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % max(limit, 1)


def reply(body: Mapping[str, Any]) -> str:
    """The text for a request: an instance of its schema if it has one, else three sentences."""
    schema = _schema(body)
    draws = Draws(body.get("model"), body.get("messages"), body.get("seed"))
    if schema is not None:
        return json.dumps(instance(schema, draws), ensure_ascii=False)
    start = draws.below(len(SENTENCES))
    step = 1 + draws.below(len(SENTENCES) - 1)
    return " ".join(SENTENCES[(start + step * n) % len(SENTENCES)] for n in range(3))


def instance(schema: Any, draws: Draws, root: Any = None) -> Any:
    """A value that the JSON schema accepts (of the parts of JSON schema that servers know)."""
    root = schema if root is None else root
    schema = _followed(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][draws.below(len(schema["enum"]))]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return instance(schema[word][draws.below(len(schema[word]))], draws, root)
    return _of_kind(schema, draws, root)


def _of_kind(schema: Mapping[str, Any], draws: Draws, root: Any) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = kind[draws.below(len(kind))]
    match kind:
        case "object":
            wanted = schema.get("properties", {})
            return {name: instance(each, draws, root) for name, each in wanted.items()}
        case "array":
            n = max(schema.get("minItems", 1), 0)
            return [instance(schema.get("items", {}), draws, root) for _ in range(n)]
        case "integer":
            return _integer(schema, draws)
        case "number":
            low, high = schema.get("minimum", 0.0), schema.get("maximum", 1.0)
            return low + (high - low) * draws.below(101) / 100
        case "boolean":
            return bool(draws.below(2))
        case "null":
            return None
    return _text(schema, draws)


def _integer(schema: Mapping[str, Any], draws: Draws) -> int:
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
    high = schema.get(
        "maximum", schema.get("exclusiveMaximum", low + 5) - ("exclusiveMaximum" in schema)
    )
    return int(low) + draws.below(int(high) - int(low) + 1)


def _text(schema: Mapping[str, Any], draws: Draws) -> str:
    text = SENTENCES[draws.below(len(SENTENCES))]
    while len(text) < schema.get("minLength", 0):
        text = f"{text} {text}"
    return text[: schema.get("maxLength", len(text))]


def _followed(schema: Any, root: Any) -> dict[str, Any]:
    """The schema that a `$ref` points to."""
    while isinstance(schema, dict) and "$ref" in schema:
        found = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema if isinstance(schema, dict) else {}


def _schema(body: Mapping[str, Any]) -> Any:
    wanted = body.get("response_format") or {}
    return (wanted.get("json_schema") or {}).get("schema") if isinstance(wanted, dict) else None
