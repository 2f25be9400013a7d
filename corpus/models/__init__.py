"""The corpus's tables."""

from corpus.models.checks import Band, CheckSetting, Sketch
from corpus.models.pairs import Comment, Pair, Version
from corpus.models.prompts import Prompt, PromptSet, PromptSetEntry, Source
from corpus.models.taxonomy import Category, Domain, Strategy

__all__ = [
    "Band",
    "Category",
    "CheckSetting",
    "Comment",
    "Domain",
    "Pair",
    "Prompt",
    "PromptSet",
    "PromptSetEntry",
    "Sketch",
    "Source",
    "Strategy",
    "Version",
]
