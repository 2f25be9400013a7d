"""The pairs of a release, in its order. One query, whatever its size."""

from collections.abc import Iterator

from exports.formats import sft
from exports.formats.columns import Row
from exports.models import Release, ReleaseEntry
from exports.sources.tables import CHUNK, Table

FIELDS = (
    "version__messages",
    "version__response",
    "version__pair_id",
    "version__number",
    "version__digest",
    "version__domain__slug",
    "version__category",
    "version__strategy__slug",
    "version__expected_action",
    "version__language",
    "version__country",
    "version__pair__source__name",
    "version__pair__source__licence",
    "version__pair__source__is_sample",
    "version__author__is_sample",
)


def tables(release: Release) -> list[Table]:
    return [Table("sft", sft.COLUMNS, lambda: rows(release))]


def rows(release: Release) -> Iterator[Row]:
    entries = ReleaseEntry.objects.filter(release=release).order_by("position")
    for values in entries.values_list(*FIELDS).iterator(CHUNK):
        yield sft.row(sft.Approved._make(values))
