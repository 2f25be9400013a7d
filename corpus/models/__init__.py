"""The corpus's tables."""

from corpus.models.checks import Band, CheckSetting, Sketch
from corpus.models.pairs import Pair, Version
from corpus.models.prompts import Prompt, PromptSet, PromptSetEntry, Source
from corpus.models.taxonomy import Category, Domain, Strategy
from corpus.models.threads import Comment, CommentEvent

__all__ = [
    "Band",
    "Category",
    "CheckSetting",
    "Comment",
    "CommentEvent",
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
