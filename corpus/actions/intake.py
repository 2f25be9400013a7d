"""Where the rows of a file meet what the database knows: domains, strategies, ids that are taken.

Reading comes first and writes nothing: rows that stood the test wait in a spool.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from accounts.models import User
from corpus import conversation
from corpus.actions.refusals import NotNow, NotYours, Purged
from corpus.actions.sets import check_name
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, Format, PairRow, PromptRow
from corpus.models import Domain, Pair, PromptSet, Source, Strategy
from corpus.reading import BadFile, Place, Problem, Problems
from corpus.reading.mapping import Matched
from corpus.spool import Said, Spool

BATCH = 500
REPEATED_SHOWN = 10
# Hears after every batch how many rows are through the step, and how far that is, 0 to 1.
Heard = Callable[[int, float], None]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a file comes from; what is left empty, its format may know."""

    name: str = ""
    licence: str = ""
    url: str = ""
    revision: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be brought in, and how it is read."""

    what: str  # "prompts" or "pairs"
    by: User | None
    format: str
    origin: Origin = Origin()
    set_name: str = ""
    expected_action: str = ""
    matched: Matched = field(default_factory=Matched)
    split: str = ""

    @property
    def is_of_pairs(self) -> bool:
        return self.what == "pairs"

    @property
    def layout(self) -> Format[Any]:
        return PAIR_FORMATS[self.format] if self.is_of_pairs else PROMPT_FORMATS[self.format]

    @property
    def source_name(self) -> str:
        return self.origin.name.strip() or self.layout.source or self.set_name.strip()

    def source(self) -> Source:
        """The row with this name, or one that is not stored yet. Refuses a purged one."""
        name = self.source_name
        if not name:
            raise NotNow("Say where the file comes from: it needs the name of a source.")
        gone = Source.objects.filter(name__iexact=name, purged_at__isnull=False).first()
        if gone:
            raise Purged(gone)
        found = Source.objects.filter(name=name).first()
        if found is None:
            return Source(name=name, created_by=self.by, **self.terms())
        self._check_terms(found)
        return found

    def _check_terms(self, found: Source) -> None:
        """A source has one licence and one revision: what is said must be what is known."""
        for name in ("licence", "revision"):
            said, known = getattr(self.origin, name).strip(), getattr(found, name)
            if said and said != known:
                stands = f"with the {name} {known!r}" if known else f"without a {name}"
                raise NotNow(
                    f"The source {found.name!r} is known {stands}, and this file is said to have "
                    f"{said!r}. Give this file's source a name of its own, such as "
                    f"{f'{found.name} {said}'!r}, or correct the source first."
                )

    def terms(self) -> dict[str, str]:
        """What a new source is known by. A published format knows its own terms."""
        layout, origin = self.layout, self.origin
        is_known = self.source_name == layout.source
        return {
            "licence": origin.licence or (layout.licence if is_known else ""),
            "url": origin.url or (layout.url if is_known else ""),
            "revision": origin.revision,
        }

    def check(self) -> None:
        """Refuses before anything is read."""
        if self.is_of_pairs and not (self.by and self.by.can("pairs.write")):
            raise NotYours(f"{self.by} may not write pairs. Name a curator or an author.")
        if not self.is_of_pairs:
            check_name(self.set_name)
        if self.matched and not self.layout.is_ours:
            raise NotNow(f"{self.layout.label} has columns of its own; none are matched in it.")


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
