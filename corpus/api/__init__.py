"""REST places of the corpus."""

from rest_framework.viewsets import ViewSetMixin

from corpus.api.pairs import Pairs
from corpus.api.prompts import Prompts, PromptSets
from corpus.api.resources import Resources
from corpus.api.sources import Sources
from corpus.api.taxonomy import Domains, Strategies
from corpus.api.threads import Threads
from corpus.api.versions import Versions

# (prefix, viewset, basename), registered under /api/v1/.
ROUTES: list[tuple[str, type[ViewSetMixin], str]] = [
    ("domains", Domains, "domain"),
    ("strategies", Strategies, "strategy"),
    ("pairs", Pairs, "pair"),
    ("versions", Versions, "version"),
    ("threads", Threads, "thread"),
    ("sources", Sources, "source"),
    ("prompt-sets", PromptSets, "prompt-set"),
    ("prompts", Prompts, "prompt"),
    ("resources", Resources, "resource"),
]
