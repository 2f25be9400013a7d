"""Our own JSON, Parquet and data set folders: as our CSV, and `messages` for several turns."""

from collections.abc import Iterable

from corpus.formats.csv import SHARED
from corpus.formats.shape import Format, PairRow, PromptRow, pair, prompt
from corpus.reading.material import LAYOUTS


def _prompts(layout: str) -> Format[PromptRow]:
    return Format[PromptRow](
        label=LAYOUTS[layout],
        layout=layout,
        read=prompt,
        optional=("prompt", "messages", *SHARED),
        is_ours=True,
    )


def _pairs(layout: str) -> Format[PairRow]:
    return Format[PairRow](
        label=LAYOUTS[layout],
        layout=layout,
        read=pair,
        required=("response",),
        optional=("prompt", "messages", *SHARED, "strategy"),
        is_ours=True,
    )


NAMES: Iterable[str] = ("jsonl", "json", "parquet", "dataset")
PROMPTS = {name: _prompts(name) for name in NAMES}
PAIRS = {name: _pairs(name) for name in NAMES}
