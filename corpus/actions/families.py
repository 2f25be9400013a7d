"""Keeping what near copies are found by: each response is placed in its family of templates."""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from corpus.actions.splits import mend, resplit
from corpus.families import Catalogue, Sketched, sketch, words_digest
from corpus.models import Band, Sketch, Version

# Each version asks with a digest and twelve bands; databases limit the values of one question.
BATCH = 100


@transaction.atomic
def place(versions: Sequence[Version]) -> None:
    """Sketch these responses where their words changed; near ones share a family.

    Some five queries a hundred, one where nothing changed.
    """
    for start in range(0, len(versions), BATCH):
        _place(_changed(versions[start : start + BATCH]))


def _changed(versions: Sequence[Version]) -> list[Version]:
    kept = Sketch.objects.filter(version__in=versions).values_list("version", "words_digest")
    digests = dict(kept)
    return [each for each in versions if digests.get(each.pk) != words_digest(each.response)]


def _place(versions: Sequence[Version]) -> None:
    if not versions:
        return
    Sketch.objects.filter(version__in=versions).delete()
    drawn = {version.pk: sketch(version.response) for version in versions}
    catalogue = _known_near(list(drawn.values()))
    rows, bands = [], []
    for pk, sketched in drawn.items():
        if not sketched.bands:
            continue
        family, keys = catalogue.place(sketched)
        rows.append(Sketch(version_id=pk, words_digest=sketched.words_digest, family=family))
        bands += [Band(sketch_id=pk, key=key) for key in keys]
    for row in rows:
        row.family = catalogue.name(row.family)
    Sketch.objects.bulk_create(rows)
    Band.objects.bulk_create(bands)
    for family in catalogue.merged:
        Sketch.objects.filter(family=family).update(family=catalogue.name(family))
    mend({catalogue.name(family) for family in catalogue.merged})


def _known_near(drawn: Sequence[Sketched]) -> Catalogue:
    """A catalogue of the stored responses that these may be near to."""
    catalogue = Catalogue()
    near = Sketch.objects.candidates(
        {each.words_digest for each in drawn}, {band for each in drawn for band in each.bands}
    )
    known: set[str] = set()
    for row in near.select_related("version").only("words_digest", "family", "version__response"):
        if row.words_digest not in known:
            known.add(row.words_digest)
            catalogue.know(sketch(row.version.response), row.family)
    return catalogue


@transaction.atomic
def place_all(*, by: User | None, said: Callable[[int], None] = lambda n: None) -> int:
    """Every response of the corpus placed anew, oldest first; how many. `said` hears how far."""
    Sketch.objects.all().delete()
    n_placed = 0
    for batch in _batches():
        _place(batch)
        n_placed += len(batch)
        said(n_placed)
    record(by=by, verb="families placed anew", target="corpus", note=str(n_placed))
    resplit(by=by)
    return n_placed


def _batches() -> Iterator[list[Version]]:
    batch: list[Version] = []
    rows = Version.objects.order_by("created_at", "id").only("response")
    for version in rows.iterator(chunk_size=2000):
        batch.append(version)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
