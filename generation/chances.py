"""The probabilities that a server gives beside an answer: for each token, what else it weighed.

Servers promise little here, so anything unexpected means that there are none. Pure.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# How many others are asked for at each token, by turns until a server takes it. More than 20 is
# refused by vLLM's default settings.
MOST_WEIGHED, *FEWER = WEIGHED = (20, 5, 0)


@dataclass(frozen=True)
class Token:
    """A piece of the answer and the natural logarithms of what could have stood there instead.

    `text` has a character for each byte where the server tells bytes, so that a letter that is
    split over two tokens breaks nothing; ASCII stands for itself either way.
    """

    text: str
    weighed: Mapping[str, float]


def read(choice: Mapping[str, Any]) -> tuple[Token, ...]:
    """The tokens of a choice in order; empty where the server gave none, or gave nonsense."""
    given = choice.get("logprobs")
    content = given.get("content") if isinstance(given, dict) else None
    if not isinstance(content, list):
        return ()
    tokens = [_token(each) for each in content]
    return tuple(each for each in tokens if each) if all(tokens) else ()


def _token(given: Any) -> Token | None:
    if not isinstance(given, dict) or not isinstance(given.get("token"), str):
        return None
    others = given.get("top_logprobs")
    weighed = dict(
        _weighed(each) for each in [*(others if isinstance(others, list) else ()), given]
    )
    weighed.pop("", None)
    return Token(_text(given), weighed)


def _text(given: Mapping[str, Any]) -> str:
    try:
        return bytes(given["bytes"]).decode("latin-1")
    except (KeyError, TypeError, ValueError):
        return str(given["token"])


def _weighed(given: Any) -> tuple[str, float]:
    """A token with its logarithm; an empty name for what cannot be read."""
    if not isinstance(given, dict) or not isinstance(given.get("token"), str):
        return "", 0.0
    logarithm = given.get("logprob")
    if isinstance(logarithm, bool) or not isinstance(logarithm, int | float):
        return "", 0.0
    return (given["token"], float(logarithm)) if _is_chance(logarithm) else ("", 0.0)


def _is_chance(logarithm: float) -> bool:
    """Finite and at most a probability of one, with room for the server's rounding."""
    return math.isfinite(logarithm) and logarithm <= 0.01
