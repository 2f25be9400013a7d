"""What raters wrote, as a release gives it out: words that may lead to a real person stay here.

The value beside them is kept, and how many were left out is counted. A study's own files, which go
to those who run it, keep every word.
"""

from collections import Counter
from collections.abc import Callable

from corpus.checks import personal_data
from corpus.checks.shape import Draft
from exports.sources.scope import Scope

PERSONAL = "words of a rater looked as if they led to a real person (the value stays)"

Clear = Callable[[str], str]


def clearing(scope: Scope, left_out: Counter[str] | None) -> Clear | None:
    """Gives the words, or nothing in their place; None where all are kept. Begins to count anew."""
    counted = Counter[str]() if left_out is None else left_out
    counted.clear()
    if scope.release is None:
        return None

    def clear(said: str) -> str:
        if said and is_personal(said):
            counted[PERSONAL] += 1
            return ""
        return said

    return clear


def is_personal(said: str) -> bool:
    """An address, a number or a name, by the patterns that the corpus is checked with."""
    asked = Draft(messages=[{"role": "user", "content": said}], response="")
    return any(True for _ in personal_data.look(asked))
