"""What is slow about bringing in pairs, done before the database is held: near copies, services and
checks are worked out row by row and wait in the spool.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from accounts.models import User
from corpus.actions import references, results
from corpus.actions.intake import Heard
from corpus.actions.orders import Order
from corpus.directory import Directory
from corpus.families import Catalogue, Sketched, sketch
from corpus.models import Pair, Sketch, Version
from corpus.spool import Said, Spool
from gate.identity import new_id

# Each row asks for a digest and twelve bands; databases limit the values of one question.
BATCH = 100


@dataclass
class Prepared:
    """What the spool cannot say: when it was made, and families that became others."""

    at: datetime
    merged: dict[str, str] = field(default_factory=dict)

    def name(self, family: str) -> str:
        """What this family is called by now."""
        while family in self.merged:
            family = self.merged[family]
        return family


def prepare(
    order: Order, spool: Spool, *, at: datetime, heard: Heard = lambda n, share: None
) -> Prepared:
    """Fill the spool's second half. Reads the database, writes nothing to it."""
    prepared = Prepared(at)
    if not order.is_of_pairs or order.by is None:
        return prepared
    directory, families = Directory.on(at.date()), Families(spool, prepared)
    n_done = 0
    for batch in spool.batches(BATCH):
        drawn = [sketch(said["response"]) for said, _ in batch]
        placed = families.place(drawn, [said["response"] for said, _ in batch])
        made = []
        for (said, _), (family, bands), sketched in zip(batch, placed, drawn, strict=True):
            ids = {"pair": new_id(), "version": new_id()}
            found = _looked_up(version_of(said, ids, by=order.by, at=at), directory)
            words = sketched.words_digest if sketched.bands else ""
            made.append({**ids, "words": words, "family": family, "bands": bands, **found})
        spool.make(n_done, made)
        n_done += len(batch)
        heard(n_done, n_done / spool.n)
    return prepared


def version_of(said: Said, ids: dict[str, Any], *, by: User, at: datetime) -> Version:
    """The first version of a pair, not stored yet."""
    columns = {name: value for name, value in said.items() if name != "external_id"}
    return Version(
        pk=ids["version"], pair_id=ids["pair"], number=1, author=by, saved_at=at, **columns
    )


def pair_of(said: Said, ids: dict[str, Any], *, by: User, source: Any) -> Pair:
    """The pair itself, not stored yet."""
    return Pair(pk=ids["pair"], created_by=by, source=source, external_id=said["external_id"])


def _looked_up(version: Version, directory: Directory) -> dict[str, Any]:
    """Services and check results, as rows that wait."""
    findings = directory.findings(version)
    referrals = directory.referrals(version, findings)
    return {
        "references": [_columns(row) for row in references.rows_of({version.pk: findings})],
        "results": [_columns(row) for row in results.rows_of(version, referrals)],
    }


def _columns(row: Any) -> dict[str, Any]:
    """A row by its columns, without the key that the database gives."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields}


class Families:
    """Places responses in families: near those that are stored, and those of the same file."""

    def __init__(self, spool: Spool, prepared: Prepared) -> None:
        self.spool = spool
        self.prepared = prepared
        # The same few templates are compared with batch after batch.
        self.drawn: Callable[[str], Sketched] = lru_cache(maxsize=1024)(sketch)

    def place(
        self, drawn: Sequence[Sketched], responses: Sequence[str]
    ) -> list[tuple[str, tuple[int, ...]]]:
        """For each its family, and the bands under which later ones should find it."""
        catalogue = Catalogue()
        for response, family in self._near(drawn):
            catalogue.know(self.drawn(response), self.prepared.name(family))
        placed = [catalogue.place(each) if each.bands else ("", ()) for each in drawn]
        self.prepared.merged |= catalogue.merged
        self._keep(drawn, responses, placed)
        return placed

    def _near(self, drawn: Sequence[Sketched]) -> Iterator[tuple[str, str]]:
        digests = {each.words_digest for each in drawn}
        bands = {band for each in drawn for band in each.bands}
        known: set[str] = set()
        stored = Sketch.objects.candidates(digests, bands).values_list(
            "words_digest", "version__response", "family"
        )
        for digest, response, family in stored:
            if digest not in known:
                known.add(digest)
                yield response, family
        for family, response in self.spool.near(digests, bands):
            yield response, family

    def _keep(
        self,
        drawn: Sequence[Sketched],
        responses: Sequence[str],
        placed: Sequence[tuple[str, tuple[int, ...]]],
    ) -> None:
        rows = list(zip(drawn, responses, placed, strict=True))
        self.spool.know(
            [(each.words_digest, family, said) for each, said, (family, _) in rows if family],
            [(band, each.words_digest) for each, _, (_, bands) in rows for band in bands],
        )
