"""The pairs of a release, in its order, a table for each split. One query, whatever its size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from exports.formats import axolotl, llama_factory, openai, prompt_completion, sft
from exports.formats.approved import Approved
from exports.formats.columns import Column, Row
from exports.models import Release, ReleaseEntry
from exports.sources import splits
from exports.sources.holding import Holding
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
    "split",
    "version__pair__source__is_sample",
    "version__author__is_sample",
)


@dataclass(frozen=True)
class Pairs:
    """A format with a line for each pair."""

    name: str
    columns: tuple[Column, ...]
    row: Callable[[Approved], Row]

    def tables(self, held: Holding) -> list[Table]:
        return [
            Table(self.name, self.columns, partial(self.rows, held.release, split), split=split)
            for split in held.pair_splits
        ]

    def rows(self, release: Release | None, split: str) -> Iterator[Row]:
        stored = "" if split == splits.UNASSIGNED else split
        entries = ReleaseEntry.objects.filter(release=release, split=stored).order_by("position")
        for values in entries.values_list(*FIELDS).iterator(CHUNK):
            yield self.row(Approved._make(values)._replace(split=split))


FORMS = {
    form.name: form
    for form in (
        Pairs("sft", sft.COLUMNS, sft.row),
        Pairs("prompt_completion", prompt_completion.COLUMNS, prompt_completion.row),
        Pairs("axolotl", axolotl.COLUMNS, axolotl.row),
        Pairs("llama_factory", llama_factory.COLUMNS, llama_factory.row),
        Pairs("openai", openai.COLUMNS, openai.row),
    )
}
