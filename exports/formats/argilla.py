"""Argilla records: what people said as responses, what a judge said as a suggestion with its agent.

A question holds one suggestion, so the first judge by name that gave a value speaks. Users are made
from pseudonyms as UUIDs, which Argilla asks for; `metadata.raters` says which is which.
"""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from exports.formats.columns import Row, columns
from exports.formats.rated import Rated
from exports.formats.ratings import NONE, VALUE, Said

COLUMNS = columns(
    id="code",
    status="code",
    fields="json",
    metadata="json",
    suggestions="json",
    responses="json",
)


def row(it: Rated) -> Row:
    """The answer as a record."""
    responses: dict[str, list[dict[str, Any]]] = {}
    raters: dict[str, str] = {}
    for rater, given in it.people:
        user = str(uuid5(NAMESPACE_OID, rater))
        for asked, said in given:
            if said[0] == VALUE:
                raters[user] = rater
                answer = {"value": _value(said), "user_id": user}
                responses.setdefault(asked.criterion, []).append(answer)
    metadata = {
        **{name: getattr(it.shown, name) for name in ("study", "item", "prompt", "run")},
        "model": it.shown.model,
        "condition": it.shown.condition,
        "raters": [f"{user} {rater}" for user, rater in raters.items()],
    }
    status = "completed" if responses else "pending"
    fields = {"conversation": it.messages, "answer": it.text}
    return (it.shown.completion, status, fields, metadata, _suggestions(it), responses)


def _suggestions(it: Rated) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for judge, given in it.judges:
        for asked, said in given:
            if said[0] == VALUE and asked.criterion not in found:
                found[asked.criterion] = {"value": _value(said), "score": None, "agent": judge}
    return found


def _value(said: Said) -> Any:
    _, value, picked, words, *_ = said
    if value is not None:
        return value
    return ([] if picked == NONE else picked.split("|")) if picked else words
