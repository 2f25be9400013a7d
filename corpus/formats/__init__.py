"""The formats that prompts and pairs come in: one small module each, all of one shape. Pure."""

from corpus.formats import csv, jsonl, orbench, psychosafe, simplesafetytests, sorrybench, xstest
from corpus.formats.shape import Format, PairRow, PromptRow

PROMPT_FORMATS: dict[str, Format[PromptRow]] = {
    "jsonl": jsonl.PROMPTS,
    "csv": csv.PROMPTS,
    "xstest": xstest.PROMPTS,
    "simplesafetytests": simplesafetytests.PROMPTS,
    "orbench": orbench.PROMPTS,
    "sorrybench": sorrybench.PROMPTS,
}
PAIR_FORMATS: dict[str, Format[PairRow]] = {
    "jsonl": jsonl.PAIRS,
    "csv": csv.PAIRS,
    "psychosafe": psychosafe.PAIRS,
}

__all__ = ["PAIR_FORMATS", "PROMPT_FORMATS", "Format", "PairRow", "PromptRow"]
