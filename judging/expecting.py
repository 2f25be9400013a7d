"""The value that a judge was about to give: the mean over its chances at the value's own token.

Where a verdict says 4, the server may tell that 3 had nearly as good a chance; the mean over the
scale's values, weighed by their chances, keeps what one drawn number throws away. It is left out
rather than guessed wherever one token does not stand for one value. Pure.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out

from generation.chances import Token
from judging.parsing import last_verdict
from judging.prompting import Question

# What a token may hold beside a number, in JSON.
AROUND = " \t\r\n:,}]"
BLANK = " \t\r\n"
DECODER = json.JSONDecoder(strict=False)


def expected_values(
    tokens: Sequence[Token],
    questions: Sequence[Question],
    said: Mapping[str, int],
    judged: str = "",
) -> dict[str, float]:
    """By criterion: the mean of the scale's values by their chances, where the judge `said` one.

    A criterion is missing where no chances were given, where its value spans several tokens or is
    not the one that was read, or where its scale cannot be told apart by one token.
    """
    try:
        places = _places("".join(token.text for token in tokens), judged)
    except RecursionError:
        return {}
    starts = [0, *accumulate(len(token.text) for token in tokens)]
    means: dict[str, float] = {}
    for question in questions:
        if question.key in places and question.key in said:
            token = _token_at(places[question.key], str(said[question.key]), tokens, starts)
            mean = _mean(token, question) if token else None
            if mean is not None:
                means[question.key] = mean
    return means


def _places(text: str, judged: str) -> dict[str, tuple[int, int]]:
    """Where each criterion's value stands in the judge's own last verdict."""
    by_bytes = judged.encode(errors="replace").decode("latin-1")  # as tokens spell it
    found = last_verdict(text, judged=f"{judged}\n{by_bytes}")
    if found is None:
        return {}
    criteria = dict(_members(text, found[1]))["criteria"]
    return {
        key: values["value"]
        for key, span in _members(text, criteria[0])
        if text[span[0]] == "{" and "value" in (values := dict(_members(text, span[0])))
    }


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The members of the object at `at`, which parses: name, and where the value stands."""
    at = _past_blanks(text, at + 1)
    while text[at] != "}":
        name, at = scanstring(text, at + 1, True)
        start = _past_blanks(text, _past_blanks(text, at) + 1)
        end = DECODER.raw_decode(text, start)[1]
        yield name, (start, end)
        at = _past_blanks(text, end)
        if text[at] == ",":
            at = _past_blanks(text, at + 1)


def _past_blanks(text: str, at: int) -> int:
    while text[at] in BLANK:
        at += 1
    return at


def _token_at(
    place: tuple[int, int], value: str, tokens: Sequence[Token], starts: Sequence[int]
) -> Token | None:
    """The token that says this value whole, and nothing else; None if there is no such token."""
    start, end = place
    number = bisect_right(starts, start) - 1
    token = tokens[number]
    says_it = end <= starts[number + 1] and token.text.strip(AROUND) == value
    return token if says_it else None


def _mean(token: Token, question: Question) -> float | None:
    values = {str(value): value for value in question.values}
    return _weighed_mean(token.weighed, values) if _are_apart(list(values)) else None


def _are_apart(names: Sequence[str]) -> bool:
    """Whether one token can say each: no sign before it, and none the beginning of another."""
    return all(name.isdigit() for name in names) and not any(
        other != name and other.startswith(name) for name in names for other in names
    )


def _weighed_mean(weighed: Mapping[str, float], values: Mapping[str, int]) -> float | None:
    chances: dict[int, float] = {}
    for token, logarithm in weighed.items():
        value = values.get(token.strip(AROUND))
        if value is not None:
            chances[value] = chances.get(value, 0.0) + math.exp(min(logarithm, 0.0))
    whole = math.fsum(chances.values())
    if not whole > 0:
        return None
    mean = math.fsum(value * chance for value, chance in chances.items()) / whole
    return min(max(mean, min(values.values())), max(values.values()))
