"""Which versions the list shows: its filters as reads that stay fast in a large corpus.

A filter that few versions pass is looked up first, and only those are ordered. Where every filter
passes many, the list walks an index in its order and asks each row: its page is soon full.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from corpus import search, words
from corpus.models import CheckResult, CheckSetting, Pair, Sketch, Version
from corpus.models.pairs import Status, VersionQuerySet

FEW = 3000
COUNTED = 10_000
ANY = "any"
COLUMNS = ("author", "domain", "strategy", "language", "country", "expected_action")
OF_PAIR = ("source", "split")


@dataclass(frozen=True)
class Filter:
    """What a row must be, and how some rows that are so are found by themselves."""

    keep: Callable[[VersionQuerySet], VersionQuerySet]
    some: Callable[[int], Sequence[str]]  # the ids of so many, in no order
    column: str = "pk"


def filtered(asked: Mapping[str, Any], *, user: User, on: date) -> VersionQuerySet:
    """One version a pair of what the user may read: its current one where approved is asked for,
    else its newest. One query for each filter, until one is found that few versions pass.
    """
    is_current = asked.get("status") == Status.APPROVED
    rows = Version.objects.current() if is_current else Version.objects.newest_for(user)
    return narrowed(rows, asked, user=user, on=on)


def narrowed(
    rows: VersionQuerySet, asked: Mapping[str, Any], *, user: User, on: date
) -> VersionQuerySet:
    """Of these versions, those that every filter passes."""
    are_few = False
    for each in _filters(asked, user=user, on=on):
        if not are_few and len(found := each.some(FEW + 1)) <= FEW:
            rows, are_few = rows.filter(**{f"{each.column}__in": found}), True
        else:
            rows = each.keep(rows)
    return rows


def count(rows: VersionQuerySet) -> int:
    """How many there are; COUNTED + 1 where there are more. One query."""
    return rows.order_by()[: COUNTED + 1].count()


def _filters(asked: Mapping[str, Any], *, user: User, on: date) -> Iterator[Filter]:
    """What most likely passes few comes first."""
    if family := asked.get("family"):
        yield _found_by(Sketch.objects.filter(family=family))
    if typed := asked.get("q"):
        yield from _saying(words.read(typed))
    if asked.get("mine"):
        yield _of(author=user)
    if of_pair := {name: asked[name] for name in OF_PAIR if name in asked}:
        yield _of_pair(Pair.objects.filter(**of_pair))
    if check := asked.get("check"):
        yield _warned(check)
    if asked.get("stale"):
        yield Filter(lambda rows: rows.stale(on), lambda n: _stale(on, n))
    for name in COLUMNS:
        if name in asked:
            yield _of(**{name: asked[name]})
    if status := asked.get("status"):
        yield _of(status=status)


def _ids(rows: QuerySet[Any], column: str, n: int) -> list[str]:
    return list(rows.order_by().values_list(column, flat=True)[:n])


def _stale(on: date, n: int) -> list[str]:
    """Past their day, and naming a service that is worn: each by its index."""
    past = _ids(Version.objects.filter(best_before__lt=on), "pk", n)
    return list({*past, *_ids(Version.objects.naming_stale(on), "pk", n)})


def _of(**values: Any) -> Filter:
    """Versions with this value in a column of theirs."""
    return Filter(
        lambda rows: rows.filter(**values),
        lambda n: _ids(Version.objects.filter(**values), "pk", n),
    )


def _of_pair(pairs: QuerySet[Pair]) -> Filter:
    """Versions of these pairs. Asked of each row: a join would be walked from the other end."""
    return Filter(
        lambda rows: rows.filter(Exists(pairs.filter(pk=OuterRef("pair")))),
        lambda n: _ids(pairs, "pk", n),
        "pair",
    )


def _found_by(asked: QuerySet[Any], listed: QuerySet[Any] | None = None) -> Filter:
    """Versions that rows of another table speak of; `listed` are the same rows, said otherwise."""
    return Filter(
        lambda rows: rows.filter(Exists(asked.filter(version=OuterRef("pk")))),
        lambda n: _ids(asked if listed is None else listed, "version", n),
    )


def _warned(check: str) -> Filter:
    """What this check found; or any warning, of the checks that a curator left on."""
    if check != ANY:
        return _found_by(CheckResult.objects.filter(key=check))
    current = CheckSetting.objects.current()
    warnings = CheckResult.objects.filter(level="warn")
    off = [key for key, setting in current.items() if not setting.is_on]
    return _found_by(
        warnings.exclude(key__in=off), warnings.filter(key__in=current.keys() - set(off))
    )


def _saying(asked: words.Words) -> Iterator[Filter]:
    if asked:
        says = search.saying(asked)
        yield Filter(
            lambda rows: rows.filter(says),
            lambda n: [""] * n if asked.is_negative else search.ids(asked, n),
        )
