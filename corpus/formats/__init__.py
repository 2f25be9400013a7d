"""The formats that prompts and pairs come in: one small module each, all of one shape. Pure."""

from collections.abc import Collection

from corpus.formats import csv, jsonl, orbench, psychosafe, simplesafetytests, sorrybench, xstest
from corpus.formats.shape import Format, PairRow, PromptRow
from corpus.reading import Place

PROMPT_FORMATS: dict[str, Format[PromptRow]] = {
    **jsonl.PROMPTS,
    "csv": csv.PROMPTS,
    "xstest": xstest.PROMPTS,
    "simplesafetytests": simplesafetytests.PROMPTS,
    "orbench": orbench.PROMPTS,
    "sorrybench": sorrybench.PROMPTS,
    **sorrybench.OF_VERSION,
}
PAIR_FORMATS: dict[str, Format[PairRow]] = {
    **jsonl.PAIRS,
    "csv": csv.PAIRS,
    "psychosafe": psychosafe.PAIRS,
}
# Columns that no other file has. OR-Bench has none of its own: its name must be said.
SIGNATURES: dict[str, dict[str, set[str]]] = {
    "prompts": {
        "xstest": {"id", "prompt", "type", "label", "focus"},
        "simplesafetytests": {"id", "harm_area", "prompts_final"},
        "sorrybench": {"question_id", "category", "turns", "prompt_style"},
    },
    "pairs": {"psychosafe": {"risk cluster"}},
}


def recognise(names: Collection[str], what: str) -> str:
    """The published format with these columns, or ""."""
    found = (name for name, columns in SIGNATURES[what].items() if columns <= set(names))
    return next(found, "")


def settled(format: str, place: Place, *, revision: str = "", name: str = "") -> str:
    """The format by which this very file is read: of a benchmark with versions, its version's.

    `BadFile` where the version is in doubt.
    """
    if PROMPT_FORMATS.get(format) is not sorrybench.PROMPTS:
        return format
    return f"{format}-{sorrybench.version_of(place, revision, name)}"


__all__ = [
    "PAIR_FORMATS",
    "PROMPT_FORMATS",
    "Format",
    "PairRow",
    "PromptRow",
    "recognise",
    "settled",
]
