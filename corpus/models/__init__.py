"""The corpus's tables."""

from corpus.models.pairs import Comment, Pair, Version
from corpus.models.prompts import Prompt, PromptSet, PromptSetEntry, Source
from corpus.models.taxonomy import Category, Domain, Strategy

__all__ = [
    "Category",
    "Comment",
    "Domain",
    "Pair",
    "Prompt",
    "PromptSet",
    "PromptSetEntry",
    "Source",
    "Strategy",
    "Version",
]
