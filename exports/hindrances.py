"""The gate of releases: what keeps one from being made, and what a curator may let pass. Pure.

What may never pass is either mended in a minute or cannot be taken back once it is out; why, kind
by kind, is in docs/adr/0012-the-gate-of-releases.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corpus.splitting import EXPOSURE
from exports.candidates import Candidate

SHOWN = 20
# A template is one that so many responses share: fewer say nothing.
LEAST_FAMILY = 10


class Kind(StrEnum):
    """What is wrong, in the order in which it is said."""

    UNVETTED = "unvetted"
    STALE = "stale"
    LICENCE = "licence"
    LEAKAGE = "leakage"
    TERMS = "terms"
    PERSONAL_DATA = "personal_data"
    HELPLINES = "helplines"
    OVERLAP = "overlap"
    FAMILIES = "families"


NEVER = frozenset({Kind.UNVETTED, Kind.STALE, Kind.LICENCE, Kind.LEAKAGE})
MAY_PASS = tuple(kind for kind in Kind if kind not in NEVER)
WHO = "curator"

TITLES: dict[Kind, str | Promise] = {
    Kind.UNVETTED: _("Pairs that nobody has approved"),
    Kind.STALE: _("Pairs past their day, or naming a service that is retired or overdue"),
    Kind.LICENCE: _("A source whose licence forbids passing it on"),
    Kind.LEAKAGE: _("The same text in two splits"),
    Kind.TERMS: _("A source whose licence is not stated, or not known here"),
    Kind.PERSONAL_DATA: _("What looks like personal data"),
    Kind.HELPLINES: _("Services that two people have not verified for the person's country"),
    Kind.OVERLAP: _("Training on prompts of an imported benchmark"),
    Kind.FAMILIES: _("Many responses written from one template"),
}
MENDS: dict[Kind, str | Promise] = {
    Kind.UNVETTED: _("Have them approved, or do not ask for them."),
    Kind.STALE: _("Have them vetted again, or do not ask for them."),
    Kind.LICENCE: _("Leave the source out; what is no longer needed can be purged."),
    Kind.LEAKAGE: _("Place the splits anew: manage.py recheck --splits."),
    Kind.TERMS: _("Say on the source's page under which licence it came, or leave it out."),
    Kind.PERSONAL_DATA: _("Have each read and mended in a new version, if it is a real person's."),
    Kind.HELPLINES: _("Have two people verify the services, or name others in a new version."),
    Kind.OVERLAP: _("Leave these pairs out, or never measure on that benchmark."),
    Kind.FAMILIES: _("Have most of them rewritten, or leave them out."),
}


@dataclass(frozen=True)
class Row:
    """Something to look at: what it is, and the page where it is seen."""

    what: str
    place: str  # version | pair | source | family
    key: str

    @property
    def url(self) -> str:
        if self.place == "family":
            return f"{reverse('corpus:index')}?status=approved&family={self.key}"
        return reverse(f"corpus:{self.place}", args=[self.key])


@dataclass(frozen=True)
class Hindrance:
    """One kind of thing that is wrong: how many rows, and the first of them."""

    kind: Kind
    n_rows: int
    rows: Sequence[Row]

    @property
    def title(self) -> str | Promise:
        return TITLES[self.kind]

    @property
    def mend(self) -> str | Promise:
        return MENDS[self.kind]

    @property
    def may_be_overridden(self) -> bool:
        return self.kind not in NEVER

    @property
    def severity(self) -> str:
        return "overridable" if self.may_be_overridden else "never"

    @property
    def n_more(self) -> int:
        return self.n_rows - len(self.rows)


def gathered(kind: Kind, rows: Iterable[Row]) -> Iterator[Hindrance]:
    """Nothing where there are no rows."""
    found = list(rows)
    if found:
        yield Hindrance(kind, len(found), found[:SHOWN])


def standing(found: Iterable[Hindrance], overrides: Mapping[str, str]) -> list[Hindrance]:
    """Those that still keep the release from being made."""
    return [each for each in found if not (each.may_be_overridden and overrides.get(each.kind))]


def leakage(candidates: Iterable[Candidate]) -> list[Row]:
    """Families and conversations that stand in more than one split, one row each."""
    stands: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for each in candidates:
        if each.split:
            for tie in (("family", each.family), ("conversation", each.prompt)):
                if tie[1]:
                    stands[tie].append(each)
    return [
        Row(_by_split(what, tied), "version", tied[0].id)
        for (what, _key), tied in stands.items()
        if len({each.split for each in tied}) > 1
    ]


def _by_split(what: str, tied: Sequence[Candidate]) -> str:
    first = {each.split: each.label for each in reversed(tied)}
    where = ", ".join(f"{split}: {first[split]}" for split in EXPOSURE if split in first)
    if what == "family":
        return gettext("Responses of one template (%(where)s)") % {"where": where}
    return gettext("The same conversation (%(where)s)") % {"where": where}


def families(candidates: Sequence[Candidate], *, percent: int) -> list[Row]:
    """Families that hold more than `percent` of the pairs, the largest first."""
    counted = Counter(each.family for each in candidates if each.family)
    return [
        Row(_share(n, len(candidates)), "family", family)
        for family, n in counted.most_common()
        if n >= LEAST_FAMILY and n * 100 > percent * len(candidates)
    ]


def _share(n: int, n_all: int) -> str:
    shown = {"n": n, "n_all": n_all, "percent": 100 * n // n_all}
    return gettext("%(n)s of %(n_all)s pairs (%(percent)s %%)") % shown
