"""When raters differ so much that somebody settles it, and how they are called meanwhile. Pure."""

from collections.abc import Iterable, Sequence

from annotation import blinding

APART = 2  # points of a scale; neighbours are no difference
SCALE = "scale"


def differ(kind: str, values: Sequence[int]) -> bool:
    """Two points or more apart on a scale; anything but the same value elsewhere."""
    spread = max(values, default=0) - min(values, default=0)
    return spread >= APART if kind == SCALE else spread > 0


def numbered(seed: int, completion: str, criterion: str, raters: Iterable[str]) -> dict[str, int]:
    """Rater -> 1, 2, …: by chance, fixed for this answer and criterion, and for no other."""

    def place(rater: str) -> int:
        return blinding.number("adjudicated", seed, completion, criterion, rater)

    return {rater: n for n, rater in enumerate(sorted(set(raters), key=place), start=1)}
