"""Our own CSV: one row a prompt or pair, of one turn each."""

from corpus.formats.shape import Format, PairRow, PromptRow, pair, prompt

SHARED = ("id", "language", "country", "domain", "category", "expected_action")

PROMPTS = Format[PromptRow](
    label="CSV",
    layout="csv",
    read=prompt,
    required=("prompt",),
    optional=("messages", *SHARED),
    is_ours=True,
)
PAIRS = Format[PairRow](
    label="CSV",
    layout="csv",
    read=pair,
    required=("prompt", "response"),
    optional=("messages", *SHARED, "strategy"),
    is_ours=True,
)
