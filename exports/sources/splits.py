"""The splits of a release: what a model may be trained on, and what it is measured with.

They were frozen with the release. An item of a study stands where the pair with the same
conversation stands; of what is no pair of the release nobody knows whether a model may see it.
"""

from annotation.models import Item
from corpus.splitting import EXPOSURE
from exports.models import Release, ReleaseEntry
from exports.sources.scope import Scope

UNASSIGNED = "unassigned"
ORDER = (*EXPOSURE, UNASSIGNED)
# By the digest of a conversation.
Stands = dict[str, str]


def named(split: str) -> str:
    """As files and rows say it."""
    return split or UNASSIGNED


def of_pairs(release: Release) -> list[str]:
    """Those that the release has pairs in, training first. One query."""
    found = release.entries.order_by().values_list("split", flat=True).distinct()
    return _ordered({named(split) for split in found})


def by_prompt(release: Release) -> Stands:
    """Where the conversations of the release stand. One query."""
    entries = ReleaseEntry.objects.filter(release=release).order_by()
    pairs = entries.values_list("version__prompt__digest", "split").iterator(2_000)
    return {prompt: named(split) for prompt, split in pairs if prompt}


def of_items(scopes: list[Scope], stands: Stands) -> list[str]:
    """Those that the studies have items in. One query."""
    items = Item.objects.filter(study__in=[scope.study for scope in scopes]).order_by()
    found = items.values_list("prompt__digest", flat=True).distinct()
    return _ordered({stands.get(prompt, UNASSIGNED) for prompt in found})


def _ordered(found: set[str]) -> list[str]:
    return [split for split in ORDER if split in found]
