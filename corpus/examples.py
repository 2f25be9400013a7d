"""A response that follows a strategy, to write beside: an approved one, else one of the sample."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Case, Value, When

from corpus.conversation import Message
from corpus.loading import SAMPLE
from corpus.models import Version
from corpus.models.prompts import ExpectedAction


@dataclass(frozen=True)
class Example:
    """A pair to read; `url` leads to an approved one, `is_sample` tells that it was made."""

    messages: list[Message]
    response: str
    language: str
    url: str = ""
    is_sample: bool = False


def of(version: Version) -> Example | None:
    """Of the version's strategy, from another pair, in its language where there is one.

    One query. Without a strategy: of a pair of the sample that is answered, where this one is.
    """
    if version.strategy is None:
        return _of_sample("") if version.expected_action == ExpectedAction.ANSWER else None
    in_language = Case(When(language=version.language, then=Value(0)), default=Value(1))
    approved = (
        Version.objects.current()
        .filter(strategy=version.strategy)
        .exclude(pair=version.pair_id)
        .select_related("pair__source")
        .order_by(in_language, "-saved_at", "id")
        .first()
    )
    return _of_corpus(approved) if approved else _of_sample(version.strategy.slug)


def _of_corpus(version: Version) -> Example:
    source = version.pair.source
    return Example(
        messages=version.messages,
        response=version.response,
        language=version.language,
        url=version.get_absolute_url(),
        is_sample=bool(source and source.is_sample),
    )


def _of_sample(strategy: str) -> Example | None:
    row = _sample().get(strategy)
    if row is None:
        return None
    return Example(row["messages"], row["response"], row["language"], is_sample=True)


@cache
def _sample() -> dict[str, dict[str, Any]]:
    """One shipped pair a strategy, by slug; refusals before others. "" is of a pair to answer."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(_rows(), key=lambda row: row["expected_action"] != "refuse"):
        found.setdefault(row.get("strategy") or "", row)
    return found


def _rows() -> list[dict[str, Any]]:
    """The sample's pairs, and examples of strategies that none of them follows."""
    paths = [*sorted((SAMPLE / "pairs").glob("*.jsonl")), SAMPLE / "examples.jsonl"]
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
