"""How often 95 % intervals hold the truth, over thousands of made studies: 93 to 97 % or it fails.

`--write` puts the table into docs/statistics.md; `--studies N` and `--seed N` change the run.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bench._samples import DRAWS, Claim, claims

STUDIES, SEED = 4000, 20260101
LOWEST, HIGHEST = 0.93, 0.97
CHUNK = 250
PAGE = Path(__file__).resolve().parent.parent / "docs" / "statistics.md"
BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"
CLAIMS: list[Claim] = []
"""Made once; the worker processes inherit it."""


@dataclass(frozen=True)
class Covered:
    """How often the intervals of a claim held the truth, and how wide they were on average; an
    undefined interval held nothing."""

    claim: Claim
    hits: int
    studies: int
    width: float

    @property
    def share(self) -> float:
        return self.hits / self.studies

    @property
    def is_missed(self) -> bool:
        return self.claim.is_held and not LOWEST <= self.share <= HIGHEST


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench stats", description=__doc__)
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    options = parser.parse_args()
    began = time.perf_counter()
    found = simulate(options.studies, options.seed)
    text = table(found, options.studies, options.seed)
    print(text)
    print(f"{time.perf_counter() - began:.0f} s on {os.cpu_count()} cores")
    if options.write:
        write(text)
    missed = [f"{one.claim.what} ({one.claim.study})" for one in found if one.is_missed]
    if missed:
        sys.exit(f"Not within {LOWEST:.0%} to {HIGHEST:.0%}: {'; '.join(missed)}")


def simulate(studies: int, seed: int) -> list[Covered]:
    """Every claim over so many studies, on all cores; the same seed gives the same figures on any
    number of cores."""
    CLAIMS[:] = claims()
    jobs = [
        (place, min(CHUNK, studies - start), seed, start)
        for place in range(len(CLAIMS))
        for start in range(0, studies, CHUNK)
    ]
    with get_context("fork").Pool() as pool:
        parts = pool.starmap(_chunk, jobs, chunksize=1)
    return [
        _together(claim, [part for job, part in zip(jobs, parts, strict=True) if job[0] == place])
        for place, claim in enumerate(CLAIMS)
    ]


def _chunk(place: int, studies: int, seed: int, start: int) -> tuple[int, int, float]:
    """(hits, studies, sum of widths) of some studies of one claim."""
    claim = CLAIMS[place]
    rng = np.random.default_rng([seed, place, start])
    intervals = [claim.draw(rng).interval for _ in range(studies)]
    known = [ends for ends in intervals if ends is not None]
    hits = sum(low <= claim.truth <= high for low, high in known)
    return hits, studies, sum(high - low for low, high in known)


def _together(claim: Claim, parts: Sequence[tuple[int, int, float]]) -> Covered:
    hits, studies, width = (sum(column) for column in zip(*parts, strict=True))
    return Covered(claim, int(hits), int(studies), float(width) / studies)


def table(found: Sequence[Covered], studies: int, seed: int) -> str:
    """As Markdown, with what is needed to make it again."""
    noise = 100 * (0.95 * 0.05 / studies) ** 0.5
    lines = [
        f"{studies:,} studies per row, seed {seed}, {DRAWS:,} draws per bootstrap; a coverage is",
        f"known to about +/- {2 * noise:.1f} points. Rows marked * must lie within 93-97 %.",
        "",
        "| interval | study | held the truth | mean width |",
        "|---|---|---:|---:|",
    ]
    return "\n".join(lines + [_row(one) for one in found]) + "\n"


def _row(one: Covered) -> str:
    mark = " *" * one.claim.is_held
    return f"| {one.claim.what}{mark} | {one.claim.study} | {one.share:.1%} | {one.width:.3f} |"


def write(text: str) -> None:
    """Between the two marks of the page; everything else there stays."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
