"""Which answer stands under which letter: one seeded permutation for each rater and item.

It is made on the server once and stored with the assignment. Whoever knows the seed can make it
again; whoever does not, cannot tell anything from it.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from math import factorial
from string import ascii_uppercase

MAX_ARMS = 6

# What a chat template leaves at the end of an answer. It would tell one model from another.
_END_TOKENS = re.compile(
    r"(?:\s*(?:<\|(?:im_end|endoftext|eot_id|eom_id|end_of_text|end_of_turn|end|return)\|>|</s>"
    r"|<end_of_turn>|<eos>|<｜end▁of▁sentence｜>|\[/INST\]))+\s*\Z"
)

# What stands where a passage is hidden. Raters read it; so does a screen reader.
MARK = "[name hidden]"


def shown_order(seed: int, rater_id: str, item_id: str, n: int) -> tuple[int, ...]:
    """Arm positions in the order shown; each of the n! orders is equally likely."""
    if not 1 <= n <= MAX_ARMS:
        raise ValueError(f"An item shows 1 to {MAX_ARMS} answers, not {n}.")
    return order(number("shown", seed, rater_id, item_id) % factorial(n), n)


def order(rank: int, n: int) -> tuple[int, ...]:
    """The order of n arms that stands at `rank`, 0 to n! - 1, of all their orders."""
    left, found = list(range(n)), []
    for size in range(n, 0, -1):
        place, rank = divmod(rank, factorial(size - 1))
        found.append(left.pop(place))
    return tuple(found)


def rank(order: Sequence[int]) -> int:
    """Where an order stands among all orders of its arms."""
    left, found = sorted(order), 0
    for position in order:
        found += left.index(position) * factorial(len(left) - 1)
        left.remove(position)
    return found


def number(*parts: object) -> int:
    """256 bits that no part can be told from."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def slots(n: int) -> tuple[str, ...]:
    """The letters of n answers: A, B, …"""
    return tuple(ascii_uppercase[:n])


def stored(order: Sequence[int]) -> str:
    """How an order is kept in a row: "1 0"."""
    return " ".join(str(position) for position in order)


def arms(shown: str) -> dict[str, int]:
    """Slot -> arm position, from the stored order."""
    order = [int(part) for part in shown.split()]
    return dict(zip(slots(len(order)), order, strict=True))


def readable(text: str) -> str:
    """An answer as a rater reads it: without the end tokens that a chat template leaves."""
    return _END_TOKENS.sub("", text)


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a mark in place of each span [start, end); what overlaps gets one mark."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], MARK]
        done = max(done, min(end, len(text)))
    return "".join([*parts, text[done:]])
