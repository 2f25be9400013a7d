"""Where the rows of a file meet what the database knows: domains, strategies, ids that are taken.

Reading comes first and writes nothing: rows that stood the test wait in a spool.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from corpus import conversation
from corpus.actions.orders import Order
from corpus.formats import PairRow, PromptRow
from corpus.models import Domain, Pair, PromptSet, Source, Strategy
from corpus.reading import BadFile, Place, Problem, Problems
from corpus.spool import Said, Spool

BATCH = 500
REPEATED_SHOWN = 10
# Hears after every batch how many rows are through the step, and how far that is, 0 to 1.
Heard = Callable[[int, float], None]


@dataclass(kw_only=True)
class Imported:
    """What an import brought, in counts; in a trial, what it would have brought."""

    source: Source
    n_rows: int = 0
    n_repeated: int = 0
    repeated: list[int] = field(default_factory=list)  # the first of them, by row
    by_action: Counter[str] = field(default_factory=Counter)
    by_domain: Counter[str] = field(default_factory=Counter)
    by_origin: Counter[str] = field(default_factory=Counter)
    prompt_set: PromptSet | None = None
    is_trial: bool = False


def read(
    order: Order,
    place: Place,
    spool: Spool,
    *,
    heard: Heard = lambda n, share: None,
    keep: int = 20,
) -> Imported:
    """Every row checked and put into the spool. `BadFile` with its first problems if any is bad."""
    order.check()
    desk = Desk(order, keep)
    material = order.layout.material(place, order.split)
    rows = desk.rows(order.layout.rows(material, desk.problems, order.matched))
    while batch := list(islice(rows, BATCH)):
        spool.add(batch)
        heard(desk.n_read, material.share)
    desk.finish()
    return desk.summary


class Desk:
    """Holds each row against what is known, and counts."""

    def __init__(self, order: Order, keep: int) -> None:
        source = order.source()
        self.expected_action = order.expected_action or (
            "" if order.is_of_pairs else order.layout.expected_action
        )
        self.problems = Problems(keep)
        self._theirs = order.matched.theirs
        self.summary = Imported(source=source)
        self.n_read = 0
        stored = Pair.objects.filter(source__name=source.name).exclude(external_id="")
        self._taken = (
            set(stored.values_list("external_id", flat=True)) if order.is_of_pairs else set()
        )
        self._first_row: dict[str, int] = {}
        self._said: set[int] = set()
        self._domains = _by_slug_and_name(Domain.objects.all())
        self._strategies = _by_slug_and_name(Strategy.objects.all())

    def rows(self, found: Iterator[PromptRow]) -> Iterator[Said]:
        """The rows without a problem. After the first problem the rest is read, not kept."""
        for row in found:
            self.n_read += 1
            self._check(row)
            if self.problems.total == 0:
                digest = conversation.content_digest(row.messages)
                self._count(row, digest)
                yield self._kept(row, digest)

    def finish(self) -> None:
        self.problems.raise_if_any()
        if not self.summary.n_rows:
            raise BadFile([Problem(None, "", "The file has a header and no rows.")])

    def _check(self, row: PromptRow) -> None:
        if row.domain and row.domain.lower() not in self._domains:
            self._unknown(row, "domain", row.domain, self._domains)
        strategy = getattr(row, "strategy", "")
        if strategy and strategy.lower() not in self._strategies:
            self._unknown(row, "strategy", strategy, self._strategies)
        if not row.external_id:
            return
        if row.external_id in self._taken:
            self.problems.add(
                row.number,
                self._theirs("id"),
                f"{row.external_id!r} was imported from this source before.",
            )
        first = self._first_row.setdefault(row.external_id, row.number)
        if first != row.number:
            self.problems.add(
                row.number,
                self._theirs("id"),
                f"{row.external_id!r} stands in row {first} already.",
            )

    def _unknown(
        self,
        row: PromptRow,
        column: str,
        word: str,
        known: "dict[str, Domain] | dict[str, Strategy]",
    ) -> None:
        listed = ", ".join(sorted({entry.slug for entry in known.values()}))
        hint = f"Use one of: {listed}." if listed else f"There is no {column} yet; make one first."
        self.problems.add(row.number, self._theirs(column), f"{word[:60]!r} is not known. {hint}")

    def _count(self, row: PromptRow, digest: str) -> None:
        summary, said = self.summary, int(digest[:16], 16)
        summary.n_rows += 1
        if said in self._said:
            summary.n_repeated += 1
            summary.repeated += [row.number] if len(summary.repeated) < REPEATED_SHOWN else []
        summary.by_action[row.expected_action or self.expected_action] += 1
        if row.domain:
            summary.by_domain[self._domains[row.domain.lower()].name] += 1
        if row.origin:
            summary.by_origin[row.origin] += 1
        self._said.add(said)

    def _kept(self, row: PromptRow, digest: str) -> Said:
        domain = self._domains.get(row.domain.lower())
        said: Said = {
            "external_id": row.external_id,
            "messages": row.messages,
            "language": row.language,
            "country": row.country,
            "domain_id": domain and domain.pk,
            "category": row.category,
            "expected_action": row.expected_action or self.expected_action,
        }
        if isinstance(row, PairRow):
            strategy = self._strategies.get(row.strategy.lower())
            return {**said, "strategy_id": strategy and strategy.pk, "response": row.response}
        return {**said, "digest": digest}


N = TypeVar("N", Domain, Strategy)


def _by_slug_and_name(rows: Iterable[N]) -> dict[str, N]:
    found: dict[str, N] = {}
    for row in rows:
        found[row.slug.lower()] = found[row.name.lower()] = row
    return found
