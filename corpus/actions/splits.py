"""Where approved pairs stand: given once, kept, and moved only so that no family straddles."""

from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from accounts.actions import record
from accounts.models import User
from corpus import splits
from corpus.models import Pair, Sketch, Version
from corpus.splitting import assign, most_exposed, wanting

BATCH = 500


@transaction.atomic
def settle(version: Version) -> None:
    """Give the pair of a version that was just approved its place. Four queries.

    It goes where its family or its words stand. Where they stand in several splits, everything
    that is tied to it goes where a model has seen most of it.
    """
    ties = _ties([version.pair_id])
    tied = _tied(ties)
    found = _splits(tied)
    chosen = most_exposed(found) or wanting(*_filled(version))
    if len(found) > 1:
        _move(_closure({version.pair_id}), chosen)
    else:
        Pair.objects.filter(pk=version.pair_id).exclude(split=chosen).update(split=chosen)


@transaction.atomic
def mend(families: Collection[str]) -> None:
    """Families that became one must not straddle splits. Two queries where they do not."""
    for family in families:
        approved = Version.objects.approved().filter(sketch__family=family)
        pairs = Pair.objects.filter(pk__in=approved.values("pair"))
        found = _splits(pairs)
        if len(found) > 1:
            _move(_closure({pairs[0].pk}), most_exposed(found))


@transaction.atomic
def resplit(*, by: User | None = None) -> int:
    """Every approved pair placed by the whole corpus; how many have another place than before.

    What stands stays, as long as nothing ties it to a pair of another split.
    """
    approved = Version.objects.approved()
    stood = dict(Pair.objects.exclude(split="").values_list("pk", "split"))
    now = assign(splits.rows(approved), kept=stood)
    moved = {pk: split for pk, split in now.items() if stood.get(pk, "") != split}
    for split in set(moved.values()):
        _move([pk for pk, chosen in moved.items() if chosen == split], split)
    record(by=by, verb="splits placed anew", target="corpus", note=str(len(moved)))
    return len(moved)


def _splits(pairs: QuerySet[Pair]) -> set[str]:
    placed = pairs.exclude(split="").order_by()
    return set(placed.values_list("split", flat=True).distinct())


def _move(pairs: Collection[str], split: str) -> None:
    listed = sorted(pairs)
    for start in range(0, len(listed), BATCH):
        Pair.objects.filter(pk__in=listed[start : start + BATCH]).update(split=split)


def _ties(pairs: Collection[str]) -> tuple[set[str], set[str]]:
    """The families and the prompts of the approved versions of these pairs."""
    approved = Version.objects.approved().filter(pair__in=list(pairs))
    found = list(approved.values_list("sketch__family", "prompt__digest"))
    return {family for family, _ in found if family}, {prompt for _, prompt in found if prompt}


def _tied(ties: tuple[set[str], set[str]]) -> QuerySet[Pair]:
    """The pairs with an approved version of one of these families or prompts."""
    families, prompts = ties
    of_family = Sketch.objects.filter(family__in=families).values("version")
    approved = Version.objects.approved().filter(
        Q(pk__in=of_family) | Q(prompt__digest__in=prompts)
    )
    return Pair.objects.filter(pk__in=approved.values("pair"))


def _closure(pairs: set[str]) -> set[str]:
    """These pairs, with everything that is tied to them over any number of steps."""
    found: set[str] = set()
    while more := pairs - found:
        found |= more
        pairs = set()
        listed = sorted(more)
        for start in range(0, len(listed), BATCH):
            ties = _ties(listed[start : start + BATCH])
            pairs |= set(_tied(ties).values_list("pk", flat=True))
    return found


def _filled(version: Version) -> tuple[Counter[str], int]:
    """How many pairs of the version's domain stand in each split, and how many there are."""
    approved = Version.objects.approved().filter(domain=version.domain_id)
    counted = (
        Pair.objects.filter(pk__in=approved.values("pair"))
        .exclude(split="")
        .values_list("split")
        .annotate(n=Count("pk"))
        .order_by()
    )
    filled = Counter(dict(counted))
    return filled, filled.total() + 1
