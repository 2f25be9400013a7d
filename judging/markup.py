"""Chat markup in judged text: `<|im_end|>`, `[INST]`, `<think>` and their like. Pure.

Servers read such marks inside a message as the ends of turns, because their tokenizers do not know
who wrote them. A word joiner behind each bracket that may open one keeps them plain words, without
a change to what can be seen; quotes from the judge are led back to the words of the answer.
"""

import re
import unicodedata

JOINER = "\N{WORD JOINER}"
# Every mark that tokenizers keep as one token begins with one of these, or with "]~" (MiniMax).
_ASCII = "<[]"
# Some tokenizers first make wide brackets plain.
OPENERS = _ASCII + "".join(
    each
    for each in map(chr, range(0xFE00, 0xFFF0))
    if unicodedata.normalize("NFKC", each) in _ASCII
)
_TABLE = str.maketrans({each: each + JOINER for each in OPENERS})
_JOINED = re.compile(f"([{re.escape(OPENERS)}]){JOINER}")


def guarded(text: str) -> str:
    """`text` with no chat markup left in it; `restored` undoes it exactly."""
    return text.translate(_TABLE)


def restored(text: str) -> str:
    """What was guarded, as it was; text that was never guarded keeps its words."""
    return _JOINED.sub(r"\1", text)
