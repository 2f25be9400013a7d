"""Which responses are written from one template. Pure.

Word 5-grams, MinHash in bands to find candidates, exact Jaccard to decide. Why not by a library:
docs/adr/0007-near-copies-are-rows.md.

Broder, A. Z. (1997). On the resemblance and containment of documents. Leskovec, J., Rajaraman, A.,
Ullman, J. D. (2020). Mining of Massive Datasets, chapter 3 (bands).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

WORDS = 5
# At a likeness of .6 two responses share a band with probability .95, at .7 with .99, and at the
# .02 of unrelated texts with .0001: what is found by bands is then compared exactly.
N_BANDS, ROWS = 12, 3
NEAR = 0.6
# A response that repeats a template need not be found by each copy of it: a few are enough.
MAX_PER_BAND = 8

_random = np.random.default_rng(20260302)
_FACTORS = _random.integers(1 << 62, size=N_BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
_MASKS = _random.integers(1 << 62, size=N_BANDS * ROWS, dtype=np.uint64)


@dataclass(frozen=True)
class Sketched:
    """What is compared of a text: a digest of its words, its 5-grams, and its bands."""

    words_digest: str
    grams: frozenset[int]
    bands: tuple[int, ...]

    def likeness(self, other: "Sketched") -> float:
        """Jaccard: shared 5-grams among all of both, 0 to 1. Two texts without words are alike."""
        everything = len(self.grams | other.grams)
        return len(self.grams & other.grams) / everything if everything else 1.0


def sketch(text: str) -> Sketched:
    """Case, punctuation and line breaks do not count. A text without words has no bands."""
    words = _words(text)
    places = range(max(len(words) - WORDS + 1, 1 if words else 0))
    grams = frozenset(_hash(" ".join(words[n : n + WORDS]).encode()) for n in places)
    return Sketched(_digest(words), grams, _bands(grams))


def words_digest(text: str) -> str:
    """Texts of the same words have the same; much cheaper than a sketch."""
    return _digest(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _digest(words: list[str]) -> str:
    return blake2b(" ".join(words).encode(), digest_size=16).hexdigest()


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")


def _bands(grams: frozenset[int]) -> tuple[int, ...]:
    if not grams:
        return ()
    values = np.fromiter(grams, dtype=np.uint64, count=len(grams))
    mixed: NDArray[np.uint64] = (values[:, None] ^ _MASKS) * _FACTORS  # wraps, as it should
    mixed ^= mixed >> np.uint64(31)
    least = mixed.min(axis=0).reshape(N_BANDS, ROWS)
    return tuple(
        int.from_bytes(blake2b(bytes([n]) + row.tobytes(), digest_size=8).digest(), signed=True)
        for n, row in enumerate(least)
    )


class Catalogue:
    """Texts placed in families, one after the other: near ones together, single linkage.

    A family is named after the words of its first member, so the same texts in the same order give
    the same names. `merged` says which names became others.
    """

    def __init__(self) -> None:
        self.merged: dict[str, str] = {}
        self._by_words: dict[str, str] = {}
        self._by_band: defaultdict[int, list[tuple[str, Sketched]]] = defaultdict(list)

    def know(self, sketched: Sketched, family: str) -> None:
        """Enter a text whose family is known."""
        self._by_words.setdefault(sketched.words_digest, family)
        for band in sketched.bands:
            if len(self._by_band[band]) < MAX_PER_BAND:
                self._by_band[band].append((family, sketched))

    def place(self, sketched: Sketched) -> tuple[str, tuple[int, ...]]:
        """Its family, and the bands under which later texts should find it."""
        same = self._by_words.get(sketched.words_digest)
        if same is not None:
            return self.name(same), ()
        found = {self.name(family) for family in self._near(sketched)}
        family = min(found, default=sketched.words_digest)
        self.merged |= {other: family for other in found if other != family}
        free = tuple(b for b in sketched.bands if len(self._by_band[b]) < MAX_PER_BAND)
        self.know(sketched, family)
        return family, free

    def name(self, family: str) -> str:
        """What this family is called by now."""
        while family in self.merged:
            family = self.merged[family]
        return family

    def _near(self, sketched: Sketched) -> Iterable[str]:
        seen: set[str] = set()
        for band in sketched.bands:
            for family, other in self._by_band[band]:
                if other.words_digest not in seen:
                    seen.add(other.words_digest)
                    if sketched.likeness(other) >= NEAR:
                        yield family


def grouped(texts: Iterable[str]) -> list[str]:
    """The family of each text, in the same order."""
    catalogue = Catalogue()
    placed = [catalogue.place(sketch(text))[0] for text in texts]
    return [catalogue.name(family) for family in placed]


@dataclass(frozen=True)
class Diversity:
    """How far a set of responses is written, rather than copied."""

    n_responses: int
    n_families: int
    n_shared: int  # responses that share their template with at least one other
    n_largest: int

    @property
    def share(self) -> float:
        """Of the responses, those that share a template; 0 of none."""
        return self.n_shared / self.n_responses if self.n_responses else 0.0

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return int(self.share * 100)

    @property
    def word(self) -> str:
        """`templated` from one half, `mixed` from one tenth, else `written`. Ours, not a norm."""
        return "templated" if self.share >= 0.5 else "mixed" if self.share >= 0.1 else "written"


def diversity(sizes: Iterable[int]) -> Diversity:
    """Of the sizes of all families."""
    found = list(sizes)
    shared = sum(size for size in found if size > 1)
    return Diversity(sum(found), len(found), shared, max(found, default=0))
