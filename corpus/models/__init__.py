"""The corpus's tables."""

from corpus.models.approvals import Approval
from corpus.models.bulk import BulkChange, BulkRow
from corpus.models.checks import Band, CheckSetting, Sketch
from corpus.models.filters import SavedFilter
from corpus.models.pairs import Editor, Pair, Version
from corpus.models.prompts import Prompt, PromptSet, PromptSetEntry, Source
from corpus.models.references import Reference
from corpus.models.results import CheckResult
from corpus.models.taxonomy import Category, Domain, Strategy
from corpus.models.threads import Comment, CommentEvent
from corpus.models.uploads import Upload

__all__ = [
    "Approval",
    "Band",
    "BulkChange",
    "BulkRow",
    "Category",
    "CheckResult",
    "CheckSetting",
    "Comment",
    "CommentEvent",
    "Domain",
    "Editor",
    "Pair",
    "Prompt",
    "PromptSet",
    "PromptSetEntry",
    "Reference",
    "SavedFilter",
    "Sketch",
    "Source",
    "Strategy",
    "Upload",
    "Version",
]
