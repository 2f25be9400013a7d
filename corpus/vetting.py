"""What waits for a reviewer's signature: where help is needed, and what is known of each version.

Everything is read in a fixed number of queries, however long the queue is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.models import User
from corpus import places
from corpus.checks import CHECKS
from corpus.models import Approval, CheckResult, CheckSetting, Comment, Version
from corpus.models.pairs import VersionQuerySet

# The languages that the reviewer reads come first, then whatever waits longest.
ORDER = ("is_elsewhere", "submitted_at", "id")


@dataclass(frozen=True)
class Group:
    """What waits in one domain and language."""

    domain: str
    name: str
    language: str
    n: int
    oldest: datetime

    @property
    def spoken(self) -> str:
        return language_name(self.language)


@dataclass(frozen=True)
class Row:
    """A domain, with a cell a language."""

    domain: str
    name: str
    cells: list[Group | None]

    @property
    def n(self) -> int:
        return sum(cell.n for cell in self.cells if cell)

    @property
    def oldest(self) -> datetime:
        return min(cell.oldest for cell in self.cells if cell)


@dataclass
class Waiting:
    """A version of the queue, with what a reviewer asks before opening it."""

    version: Version
    n_requests: int = 0
    n_blocking: int = 0
    n_warnings: int = 0
    n_notes: int = 0
    warned_by: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        return language_name(self.version.language)

    @property
    def needs_second(self) -> bool:
        """Somebody signed it, and the domain asks for two people."""
        return bool(vars(self.version)["is_half_signed"])

    @property
    def is_remarkable(self) -> bool:
        """Whether anything is known of it that a card shows."""
        return self.needs_second or bool(self.n_requests or self.n_warnings or self.n_notes)


@dataclass(frozen=True)
class Needed:
    """Where help is needed: a row a domain, a column a language."""

    languages: list[str]
    rows: list[Row]

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code in self.languages]

    @property
    def n(self) -> int:
        return sum(row.n for row in self.rows)


def queue(reviewer: User) -> VersionQuerySet:
    """What the reviewer may decide on or sign, their own language first."""
    return (
        Version.objects.waiting_for(reviewer)
        .annotate(is_half_signed=Exists(_signatures()), is_elsewhere=_is_elsewhere(reviewer))
        .order_by(*ORDER)
    )


def half_signed(rows: VersionQuerySet) -> VersionQuerySet:
    """What somebody signed and somebody else must sign as well."""
    return rows.filter(Exists(_signatures()))


def groups(rows: VersionQuerySet) -> list[Group]:
    """How many wait in each domain and language. One query."""
    counted = (
        rows.order_by()
        .values("domain__slug", "domain__name", "domain__position", "language")
        .annotate(n=Count("id"), oldest=Min("submitted_at"))
        .order_by("domain__position", "domain__slug", "language")
    )
    return [
        Group(row["domain__slug"], row["domain__name"], row["language"], row["n"], row["oldest"])
        for row in counted
        if row["domain__slug"]
    ]


def needed(found: Sequence[Group], reads: str) -> Needed:
    """The groups as a table; the language that the reviewer reads is its first column."""
    languages = sorted({group.language for group in found}, key=lambda code: (code != reads, code))
    by_domain: dict[tuple[str, str], dict[str, Group]] = defaultdict(dict)
    for group in found:
        by_domain[group.domain, group.name][group.language] = group
    rows = [
        Row(slug, name, [cells.get(code) for code in languages])
        for (slug, name), cells in by_domain.items()
    ]
    return Needed(languages, rows)


def described(versions: Iterable[Version]) -> list[Waiting]:
    """Each with its open requests and what the checks said. Three queries."""
    rows = [Waiting(version) for version in versions]
    _add_requests({row.version.pair_id: row for row in rows})
    _add_results({row.version.pk: row for row in rows})
    return rows


def language_name(code: str) -> str:
    """ "Danish" for "da"; a code with a region, or unknown here, speaks for itself."""
    return places.LANGUAGES.get(code, code)


def _signatures() -> QuerySet[Approval]:
    """Under the text that waits now: one that was withdrawn and sent again is signed anew."""
    return Approval.objects.filter(version=OuterRef("pk"), signed_at__gte=OuterRef("submitted_at"))


def _is_elsewhere(reviewer: User) -> Case:
    """0 in the reviewer's language, whatever its region; else 1."""
    reads = reviewer.language.partition("-")[0]
    own = Q(language=reads) | Q(language__startswith=f"{reads}-")
    return Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())


def _add_requests(rows: dict[str, Waiting]) -> None:
    unmet = Comment.objects.unsettled().filter(version__pair__in=rows)
    for pair, is_blocking in unmet.values_list("version__pair_id", "is_blocking"):
        rows[pair].n_requests += 1
        rows[pair].n_blocking += is_blocking


def _add_results(rows: dict[str, Waiting]) -> None:
    """As kept when it was sent, without the checks that a curator switched off since."""
    settings = CheckSetting.objects.current()
    for result in CheckResult.objects.filter(version__in=rows):
        if result.key not in settings or not settings[result.key].is_on:
            continue
        row = rows[result.version_id]
        if result.level == "warn":
            row.n_warnings += result.n
            row.warned_by.append(str(CHECKS[result.key].label))
        else:
            row.n_notes += result.n
