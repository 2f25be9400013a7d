"""Training, validation and test: stratified by domain, fixed by digest, families kept whole. Pure.

A response that is nearly one of the training split would flatter whoever is measured on it, so
pairs that are tied - one family of near copies, or one prompt - go to one split together. Where a
pair once stood it stays. Of what has no place yet, the digest decides, not a random draw: the same
corpus is split alike on every machine, and in whatever order it is given.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gate.text import digest

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SHARES: Mapping[str, float] = {TRAIN: 0.8, VALIDATION: 0.1, TEST: 0.1}
# What a model may have seen of a text, the most first: it trained on it, it was chosen by it.
EXPOSURE = (TRAIN, VALIDATION, TEST)


@dataclass(frozen=True)
class Row:
    """What decides where a pair goes: a row for each of its texts. Tied pairs stay together."""

    id: str
    domain: str
    family: str
    prompt: str = ""  # the conversation's digest: the same words never stand on both sides


def assign(
    rows: Iterable[Row],
    *,
    kept: Mapping[str, str] | None = None,
    shares: Mapping[str, float] = SHARES,
) -> dict[str, str]:
    """The split of each pair. `kept` says where pairs stand already.

    A group with members in `kept` goes where they stand; newcomers to it follow. Where they stand
    in several splits, because a text came that ties them, the whole group goes where a model has
    seen most of it: a text that was trained on is never tested on. The others are taken by their
    digest, domain by domain, each to where most pairs are wanting: a split misses its share by
    less than the size of one group, as far as `kept` leaves a choice. A group that holds several
    domains counts with the domain of most of its rows.
    """
    stands = kept or {}
    by_domain: defaultdict[str, list[list[Row]]] = defaultdict(list)
    for group in _groups(list(rows)):
        by_domain[main_domain(group)].append(group)
    split: dict[str, str] = {}
    for domain in sorted(by_domain):
        split |= _assign(by_domain[domain], stands, shares)
    return split


def most_exposed(splits: Iterable[str]) -> str:
    """Where pairs of these splits go together; "" where none stands anywhere yet."""
    found = set(splits)
    return next((name for name in EXPOSURE if name in found), "")


def wanting(filled: Mapping[str, int], total: int, shares: Mapping[str, float] = SHARES) -> str:
    """The split that misses most of its share of `total`; of equals, the first."""
    return max(shares, key=lambda name: total * shares[name] - filled.get(name, 0))


def main_domain(group: Iterable[Row]) -> str:
    """The domain of most of these rows; of equals, the first by name."""
    counted = Counter(row.domain for row in group)
    return min(counted, key=lambda domain: (-counted[domain], domain))


def _assign(
    groups: list[list[Row]], stands: Mapping[str, str], shares: Mapping[str, float]
) -> dict[str, str]:
    total = sum(len(_ids(group)) for group in groups)
    filled: Counter[str] = Counter()
    split: dict[str, str] = {}
    free = []
    for group in groups:
        chosen = most_exposed(stands.get(name, "") for name in _ids(group))
        if chosen:
            _put(group, chosen, filled, split)
        else:
            free.append(group)
    for group in sorted(free, key=_key):
        _put(group, wanting(filled, total, shares), filled, split)
    return split


def _put(group: list[Row], chosen: str, filled: Counter[str], split: dict[str, str]) -> None:
    names = _ids(group)
    filled[chosen] += len(names)
    split |= dict.fromkeys(names, chosen)


def _ids(group: list[Row]) -> set[str]:
    return {row.id for row in group}


def _key(group: list[Row]) -> str:
    """By content alone: ids differ from one installation to the next."""
    return digest(sorted({row.family for row in group}), sorted({row.prompt for row in group}))


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Rows that are tied by a pair, a family or a prompt, over any number of steps."""
    root = {row.id: row.id for row in rows}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    first: dict[tuple[str, str], str] = {}
    for row in rows:
        for tie in (("family", row.family), ("prompt", row.prompt)):
            if tie[1]:
                root[find(row.id)] = find(first.setdefault(tie, row.id))
    tied: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        tied[find(row.id)].append(row)
    return list(tied.values())
