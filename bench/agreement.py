"""Alpha with 1,000 item-bootstrap draws over 1,000,000 ratings: seconds and peak memory.

Ten raters, 100,000 items. Fails when it takes longer than five seconds.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap, gwet, icc, kappa
from agreement.ratings import Ratings

N_ITEMS, N_RATERS, DRAWS, SEED = 100_000, 10, 1000, 7
LIMIT_SECONDS = 5.0


def main() -> None:
    """Print one line per step, for complete ratings and for ratings of which a third is missing."""
    seconds = [measure("complete", table(0.0)), measure("a third missing", table(1 / 3))]
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if max(seconds) > LIMIT_SECONDS:
        sys.exit(f"alpha took {max(seconds):.1f} s; the bar is {LIMIT_SECONDS:.0f} s.")


def table(missing: float) -> NDArray[np.float64]:
    """Scores from 1 to 5: what the item deserves, plus what the rater adds."""
    rng = np.random.default_rng(SEED)
    noise = 0.7 * rng.normal(size=(N_ITEMS, N_RATERS))
    scores = np.clip(np.round(3 + rng.normal(size=(N_ITEMS, 1)) + noise), 1, 5)
    scores[rng.random(scores.shape) < missing] = np.nan
    return np.asarray(scores)


def measure(name: str, scores: NDArray[np.float64]) -> float:
    """Time every step over `scores`; returns the seconds of alpha with its interval."""
    ratings = timed(
        f"{name}: ratings", lambda: Ratings.from_matrix(scores, "ordinal", range(1, 6))
    )[1]
    print(f"{name}: {ratings.n_values} ratings of {ratings.n_items} items")
    seconds, alpha = timed(
        f"{name}: alpha, {DRAWS} draws",
        lambda: bootstrap.alpha_interval(ratings, "ordinal", draws=DRAWS, seed=SEED),
    )
    print(f"{name}: alpha {alpha.value:.4f} [{alpha.low:.4f}, {alpha.high:.4f}]")
    timed(f"{name}: AC2", lambda: gwet.ac(ratings, "quadratic"))
    timed(f"{name}: kappa of 45 pairs", lambda: kappa.mean_pairwise(ratings, "quadratic"))
    timed(f"{name}: ICC(2,1)", lambda: icc.icc(ratings))
    return seconds


def timed(name: str, step: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = step()
    seconds = time.perf_counter() - started
    print(f"{name:<36} {seconds:7.3f} s")
    return seconds, result


if __name__ == "__main__":
    main()
