"""Our own JSON Lines: as our CSV, and `messages` instead of `prompt` for several turns."""

from corpus.formats.csv import SHARED
from corpus.formats.shape import Format, PairRow, PromptRow, pair, prompt

PROMPTS = Format[PromptRow](
    label="JSON Lines", layout="jsonl", read=prompt, optional=("prompt", "messages", *SHARED)
)
PAIRS = Format[PairRow](
    label="JSON Lines",
    layout="jsonl",
    read=pair,
    required=("response",),
    optional=("prompt", "messages", *SHARED, "strategy"),
)
