"""Where the rows of a file meet what the database knows: domains, ids that are taken, prompts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Generic, TypeVar

from corpus import conversation
from corpus.formats import Format, PairRow, PromptRow
from corpus.models import Domain, Pair, Prompt, PromptSet, Source, Strategy, Version
from corpus.reading import BadFile, Problem, Problems
from gate.text import digest

BATCH = 500
R = TypeVar("R", bound=PromptRow)


@dataclass(kw_only=True)
class Imported:
    """What an import brought, in counts; in a trial, what it would have brought."""

    source: Source
    n_rows: int = 0
    n_repeated: int = 0
    by_action: Counter[str] = field(default_factory=Counter)
    by_domain: Counter[str] = field(default_factory=Counter)
    prompt_set: PromptSet | None = None
    is_trial: bool = False


class Desk(Generic[R]):
    """Where rows meet what the database knows: domains, strategies, ids that are taken."""

    def __init__(self, source: Source, layout: Format[R], expected_action: str) -> None:
        self.layout = layout
        self.expected_action = expected_action or layout.expected_action
        self.problems = Problems()
        self.summary = Imported(source=source)
        self.taken: set[str] = set()
        self._first_row: dict[str, int] = {}
        self._said: set[str] = set()
        self._domains = _by_slug_and_name(Domain.objects.all())
        self._strategies = _by_slug_and_name(Strategy.objects.all())

    def batches(self, file: BinaryIO) -> Iterator[list[R]]:
        """The rows, some hundreds at a time."""
        rows = self._rows(file)
        while batch := list(islice(rows, BATCH)):
            yield batch

    def _rows(self, file: BinaryIO) -> Iterator[R]:
        """The rows without a problem. After the first problem the rest is read, not written."""
        for row in self.layout.rows(self.layout.material(file), self.problems):
            self._check(row)
            if self.problems.total == 0:
                self._count(row)
                yield row

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
        if row.external_id in self.taken:
            self.problems.add(
                row.number, "id", f"{row.external_id!r} was imported from this source before."
            )
        first = self._first_row.setdefault(row.external_id, row.number)
        if first != row.number:
            self.problems.add(
                row.number, "id", f"{row.external_id!r} stands in row {first} already."
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
        self.problems.add(row.number, column, f"{word[:60]!r} is not known. {hint}")

    def _count(self, row: PromptRow) -> None:
        said = conversation.content_digest(row.messages)
        self.summary.n_rows += 1
        self.summary.n_repeated += said in self._said
        self.summary.by_action[row.expected_action or self.expected_action] += 1
        if row.domain:
            self.summary.by_domain[self._domains[row.domain.lower()].name] += 1
        self._said.add(said)

    def prompt(self, row: PromptRow) -> Prompt:
        return Prompt(
            messages=row.messages,
            digest=conversation.content_digest(row.messages),
            language=row.language,
            country=row.country,
            domain=self._domains.get(row.domain.lower()),
            category=row.category,
            expected_action=row.expected_action or self.expected_action,
            source=self.summary.source,
        )

    def version(self, row: PairRow, pair: Pair, at: datetime) -> Version:
        return Version(
            pair=pair,
            number=1,
            author=pair.created_by,
            saved_at=at,
            messages=row.messages,
            language=row.language,
            country=row.country,
            domain=self._domains.get(row.domain.lower()),
            category=row.category,
            strategy=self._strategies.get(row.strategy.lower()),
            expected_action=row.expected_action,
            response=row.response,
        )


N = TypeVar("N", Domain, Strategy)


def _by_slug_and_name(rows: Iterable[N]) -> dict[str, N]:
    found: dict[str, N] = {}
    for row in rows:
        found[row.slug.lower()] = found[row.name.lower()] = row
    return found


class Shelf:
    """The prompts of a source: identical ones are used again, each once a file."""

    def __init__(self, source: Source) -> None:
        self._free: defaultdict[str, list[str]] = defaultdict(list)
        columns = (
            "pk",
            "digest",
            "language",
            "country",
            "domain_id",
            "category",
            "expected_action",
        )
        for pk, *rest in source.prompts.order_by("-created_at", "id").values_list(*columns):
            self._free[digest(rest)].append(pk)

    def place(self, prompts: list[Prompt]) -> list[Prompt]:
        """Every prompt stored, in the same order."""
        fresh = []
        for prompt in prompts:
            key = [prompt.digest, prompt.language, prompt.country, prompt.domain_id,
                   prompt.category, prompt.expected_action]  # fmt: skip
            known = self._free[digest(key)]
            if known:
                prompt.pk = known.pop()
            else:
                fresh.append(prompt)
        Prompt.objects.bulk_create(fresh)
        return prompts
