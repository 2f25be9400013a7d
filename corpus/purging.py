"""What goes when a source is purged: said beforehand, in numbers and names.

Apps above this one hang their tables on prompts and pairs. The walk finds those by itself; what an
app must say is which tables are lists that may be emptied (`holds`), which hold copies (`copies`),
and what is to be mended or deleted besides rows (`on_purge`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus import doomed
from corpus.doomed import Doomed, Holder, Kind, Loss
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, Format
from corpus.kinds import plural
from corpus.models import Pair, Prompt, PromptSet, Source, Upload

NAMED = 200


@dataclass(frozen=True)
class Purge:
    """One purge, as those who mend see it: rows are gone, the transaction is still open."""

    source: Source
    by: User
    reason: str
    at: datetime
    losses: dict[Kind, list[Loss]] = field(default_factory=dict)

    def kept(self, model: Kind) -> list[Any]:
        """Keys of those that lost rows and are still there."""
        return [loss.pk for loss in self.losses.get(model, ()) if not loss.goes]

    def touched(self, model: Kind) -> list[Any]:
        """Keys of all that lost rows, gone or not."""
        return [loss.pk for loss in self.losses.get(model, ())]


Mend = Callable[[Purge], None]
Find = Callable[[Source], QuerySet[Any]]
_holders: list[Holder] = [
    Holder(PromptSet, "entries", fate=_("Keeps the rest; its digest is made anew"))
]
_menders: list[Mend] = []
_finders: list[Find] = []


def holds(
    model: Kind,
    rows: str,
    *,
    fate: str | Promise,
    related: tuple[str, ...] = (),
    stays: bool = False,
) -> None:
    """This table's rows are lists; one that has lost everything goes, unless it `stays`.

    `fate` says what becomes of one that keeps rows; `related` is what its name is made of.
    """
    holder = Holder(model, rows, related, stays, fate)
    if all(known.model is not model for known in _holders):
        _holders.append(holder)


def on_purge(mend: Mend) -> None:
    """Call `mend` in every purge, after the rows are gone and before it is settled."""
    if mend not in _menders:
        _menders.append(mend)


def copies(find: Find) -> None:
    """`find` gives rows that hold a copy of the source's text without pointing at its rows."""
    if find not in _finders:
        _finders.append(find)


def menders() -> tuple[Mend, ...]:
    return tuple(_menders)


@dataclass(frozen=True)
class Named:
    """A list with a name that loses rows."""

    name: str
    n_lost: int
    n_all: int
    goes: bool
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Lists of one kind: those that people know by name."""

    title: str
    fate: str | Promise
    named: list[Named]
    n_more: int = 0


@dataclass(frozen=True)
class Report:
    """What goes, or went."""

    counts: dict[str, int]
    groups: list[Group] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """For templates: one of the kinds is called items, which a template takes for a method."""
        return list(self.counts.items())


def report(source: Source) -> Report:
    """What a purge of the source would take. Changes nothing; queries do not grow with rows."""
    with found(source) as rows:
        return Report(counts(rows), groups(rows))


@contextmanager
def found(source: Source) -> Iterator[Doomed]:
    """Everything that hangs on the source, except the source itself."""
    seeds = [
        source.prompts.all(),
        # A pair of another source would go with a version that holds a prompt of this one.
        Pair.objects.filter(Q(source=source) | Q(versions__prompt__source=source)).distinct(),
        source.prompt_sets.all(),
        Upload.objects.filter(Q(source=source) | _on_its_way_from(source)),
        *(find(source) for find in _finders),
    ]
    with doomed.found(seeds, _holders) as rows:
        yield rows


def _on_its_way_from(source: Source) -> Q:
    """Files whose source it will be: said so, known by the format, or else named like their set."""
    layouts: dict[str, Format[Any]] = {**PROMPT_FORMATS, **PAIR_FORMATS}
    published = {name: known.source.lower() for name, known in layouts.items() if known.source}
    its = [name for name, known in published.items() if known == source.name.lower()]
    unsaid = Q(origin_name="") & (
        Q(format__in=its) | (Q(set_name__iexact=source.name) & ~Q(format__in=list(published)))
    )
    return Q(origin_name__iexact=source.name) | unsaid


def counts(rows: Doomed) -> dict[str, int]:
    """By the table's name in words, prompts and pairs first."""
    found = rows.counts()
    order = [Prompt, Pair, *(kind for kind in found if kind not in (Prompt, Pair))]
    return {plural(kind): found[kind] for kind in order if kind in found}


def losses(rows: Doomed) -> dict[Kind, list[Loss]]:
    """Lists that lose rows, by table."""
    return {holder.model: rows.losses(holder) for holder in _holders}


def groups(rows: Doomed) -> list[Group]:
    """The same for people."""
    made = (_group(holder, rows.losses(holder)) for holder in _holders)
    return [group for group in made if group.named]


def _group(holder: Holder, found: list[Loss]) -> Group:
    shown = found[:NAMED]
    objects = holder.model._default_manager.select_related(*holder.related).in_bulk(
        [loss.pk for loss in shown]
    )
    named = [
        Named(str(objects[loss.pk]), loss.n_lost, loss.n_all, loss.goes, _url(objects[loss.pk]))
        for loss in shown
        if loss.pk in objects
    ]
    named.sort(key=lambda each: (not each.goes, each.name))
    title = plural(holder.model).capitalize()
    return Group(title, holder.fate, named, len(found) - len(shown))


def _url(row: Any) -> str:
    return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""
