"""A first guess at which of a file's columns is which of ours, and what its words mean. Pure.

A guess is shown and corrected, never acted on unseen: numbers in a label column say nothing of
which way round they run, so they are never guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus import places
from corpus.reading.mapping import OURS, WITH_MEANINGS, Matched, turns_in, word_of
from corpus.reading.values import Row

N_READ, N_SAMPLES, N_WORDS = 500, 3, 20
# The likeliest first. Names are compared in lower case with `_` between words.
NAMES: dict[str, tuple[str, ...]] = {
    "prompt": ("prompt", "question", "instruction", "user_prompt", "prompt_text", "query", "goal",
               "behavior", "behaviour", "request", "user_input", "user_message", "prompts_final",
               "forbidden_prompt", "input", "user", "text", "content"),
    "messages": ("messages", "conversations", "conversation", "turns", "dialogue", "dialog",
                 "chat", "prompt", "chosen"),
    "response": ("response", "answer", "output", "completion", "ideal_response",
                 "expected_response", "chosen_response", "chosen", "assistant", "reply", "target",
                 "gpt", "model_output"),
    "id": ("id", "uid", "uuid", "external_id", "prompt_id", "question_id", "example_id",
           "sample_id", "row_id", "release_prompt_id", "idx", "index", "key"),
    "expected_action": ("expected_action", "expected", "should_refuse", "expected_behavior",
                        "label", "prompt_label", "action", "safety", "is_safe", "safe"),
    "domain": ("domain", "risk_cluster", "risk_domain", "cluster", "risk", "risk_area", "hazard",
               "harm_area", "hazard_category"),
    "strategy": ("strategy", "intervention", "technique", "method_name"),
    "category": ("category", "risk_category", "sub_category", "subcategory", "type", "harm_type",
                 "topic", "tag", "tags", "subject"),
    "language": ("language", "lang", "locale", "language_code"),
    "country": ("country", "country_code", "nation"),
}  # fmt: skip
ACTIONS: dict[str, tuple[str, ...]] = {
    "refuse": ("refuse", "refusal", "full_refusal", "unsafe", "harmful", "toxic", "reject",
               "decline", "block", "should_refuse"),
    "partial": ("partial", "partially", "partial_refusal", "in part", "borderline", "caution"),
    "answer": ("answer", "comply", "compliance", "full_compliance", "safe", "benign", "harmless",
               "allow", "help"),
}  # fmt: skip
CUES: dict[str, str] = {
    "suicide-self-harm": r"suicid|self[\W_]*(harm|injur)|selfharm",
    "substance-use": r"substance|drug|alcohol|cannabis|tobacco|narcotic|opioid",
    "sexual-crimes": r"sex|rape|csam|grooming|csae",
    "weapons": r"weapon|firearm|gun\b|explosive|cbrne?",
    "violence": r"violen|assault|abuse\b|threat",
}


@dataclass(frozen=True)
class Column:
    """A column of a file: some of what stands in it, and its words if they are few."""

    name: str
    samples: tuple[str, ...]
    words: tuple[str, ...] = ()
    holds: str = "text"  # "text", "turns", "number" or "nothing"


@dataclass(frozen=True)
class Known:
    """What words can stand for here: short names with what people call them."""

    domains: Mapping[str, str]
    strategies: Mapping[str, str]

    def of(self, ours: str) -> Mapping[str, str]:
        """The words of one of our columns, and their names."""
        return {
            "domain": self.domains,
            "strategy": self.strategies,
            "language": places.LANGUAGES,
            "country": places.COUNTRIES,
            "expected_action": {"refuse": "refuse", "partial": "partial", "answer": "answer"},
        }[ours]


def columns_of(rows: Iterable[Row]) -> list[Column]:
    """What the first rows show, column by column, in the order in which they appear."""
    seen: dict[str, list[Any]] = {}
    for row in islice(rows, N_READ):
        for name, value in row.values.items():
            seen.setdefault(name, []).append(value)
    return [_column(name, values) for name, values in seen.items()]


def _column(name: str, values: Sequence[Any]) -> Column:
    said = [value for value in values if value not in (None, "", [], {})]
    words = {word_of(value): None for value in said if isinstance(value, str | int | float)}
    few = len(words) <= N_WORDS and all(len(word) <= 80 for word in words)
    repeats = len(words) < max(len(said), 2) or len(said) <= N_WORDS
    shown = list(dict.fromkeys(_shown(value) for value in said))[:N_SAMPLES]
    return Column(name, tuple(shown), tuple(words) if few and repeats else (), _holds(said))


def _holds(said: Sequence[Any]) -> str:
    if not said:
        return "nothing"
    if all(turns_in(value) is not None for value in said[:N_SAMPLES]):
        return "turns"
    return "number" if all(isinstance(value, int | float) for value in said) else "text"


def _shown(value: Any, limit: int = 160) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else text[:limit] + "…"


def guess(columns: Sequence[Column], what: str, known: Known) -> Matched:
    """Each column of ours takes the likeliest that is free; a conversation goes before a text."""
    free = {column.name: column for column in columns if column.holds != "nothing"}
    found: dict[str, str] = {}
    for ours in sorted(OURS[what], key=lambda ours: ours != "messages"):
        if ours == "prompt" and "messages" in found:
            continue
        named = [column for column in free.values() if _fits(column, ours)]
        best = min(named, key=lambda column: _rank(column, ours), default=None)
        if best is not None:
            found[ours] = best.name
            del free[best.name]
    by_name = {column.name: column for column in columns}
    return Matched(
        columns=found,
        meanings={
            ours: meant
            for ours in WITH_MEANINGS
            if ours in found and (meant := meanings(by_name[found[ours]], ours, known))
        },
    )


def _fits(column: Column, ours: str) -> bool:
    if _rank(column, ours) < 0:
        return False
    if ours == "messages":
        return column.holds == "turns"
    if ours == "prompt":
        return column.holds == "text"
    return ours == "id" or column.holds in ("text", "number", "turns")


def _rank(column: Column, ours: str) -> int:
    name = simple(column.name)
    return NAMES[ours].index(name) if name in NAMES[ours] else -1


def simple(name: str) -> str:
    """`riskCluster`, `Risk cluster` and `risk_cluster` are one."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\W_]+", "_", apart).strip("_").lower()


def meanings(column: Column, ours: str, known: Known) -> dict[str, str]:
    """What each word of the column probably stands for; "" where that is not clear."""
    return {word: _meaning(word, ours, known.of(ours)) for word in column.words}


def _meaning(word: str, ours: str, names: Mapping[str, str]) -> str:
    said = word.strip().lower()
    for short, name in names.items():
        if said in (short.lower(), name.lower()):
            return short
    if ours == "expected_action":
        plain = re.sub(r"^\d+[\W_]+", "", said).replace(" ", "_").replace("-", "_")
        return next((ours for ours, words in ACTIONS.items() if plain in words), "")
    if ours == "domain":
        cues = [short for short, cue in CUES.items() if short in names and re.search(cue, said)]
        return cues[0] if len(cues) == 1 else ""
    if ours == "language":
        short = re.split(r"[-_]", said)[0]
        return short if short in names else ""
    return ""
