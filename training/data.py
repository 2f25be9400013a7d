"""The training split of a release, and nothing else of it, as the trainer reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from corpus.splitting import TRAIN
from exports import sources
from exports.bundle import Unwilling, refuse_withdrawn
from exports.models import Release
from generation.actions import Refusal
from training import mixing
from training.config import Config

# What a format's rows hold that the trainer needs.
PARTS = {"sft": ("messages",), "dpo": ("prompt", "chosen", "rejected")}
KIND = "expected_action"


@dataclass(frozen=True)
class Rows:
    """What a run is trained on."""

    rows: list[dict[str, Any]]
    n_all: int  # in the split, before the shares

    @property
    def kinds(self) -> dict[str, int]:
        """Rows by expected action."""
        return mixing.counts([row[KIND] for row in self.rows])

    @property
    def n_bytes(self) -> int:
        return sum(len(str(row)) for row in self.rows)


def rows_for(release: Release, config: Config) -> Rows:
    """The rows of the training split, mixed as the configuration says. Refused when there are none.

    Equal for the same release and configuration, whenever it is read.
    """
    try:
        refuse_withdrawn(release)
        found = list(_split(release, config.method))
    except (Unwilling, sources.Mismatch) as error:
        raise Refusal(str(error)) from None
    if not found:
        raise Refusal(_none(release, config))
    try:
        places = mixing.chosen([row[KIND] for row in found], shares=config.shares, seed=config.seed)
    except mixing.CannotMix as error:
        raise Refusal(str(error)) from None
    return Rows([found[place] for place in places], len(found))


def _split(release: Release, method: str) -> Iterator[dict[str, Any]]:
    for table in sources.tables(release, method):
        if table.split == TRAIN:
            names = [column.name for column in table.columns]
            wanted = (*PARTS[method], KIND)
            for row in table.rows():
                said = dict(zip(names, row, strict=True))
                yield {name: said[name] for name in wanted}


def _none(release: Release, config: Config) -> str:
    if config.method == "dpo":
        return _(
            "%(release)s has no preferences in its training split. DPO learns from preferences of "
            "studies: make a release that includes a study of training prompts."
        ) % {"release": release}
    return _(
        "%(release)s has no training split: none of its pairs stands in it. Run `manage.py recheck "
        "--splits`, then make a new release."
    ) % {"release": release}
