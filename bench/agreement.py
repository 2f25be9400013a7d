"""Alpha with 1,000 item-bootstrap draws over 1,000,000 ratings: seconds, memory, other packages.

Ten raters, 100,000 items; then 123 raters of 350 items. Fails when alpha takes longer than five
seconds or memory rises to 1 GB. `krippendorff` and `evalica` are timed on the same file in the same
run where `.venv-oracles` is there (`make test-oracles` makes it).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agreement import bootstrap, drivers, gwet, icc, influence, kappa, krippendorff, pairwise
from agreement.ratings import Ratings
from agreement.scale import Level

N_ITEMS, N_RATERS, DRAWS, SEED = 100_000, 10, 1000, 7
CROWD_ITEMS, CROWD = 350, 123
LIMIT_SECONDS, LIMIT_MB = 5.0, 1000.0
ROOT = Path(__file__).resolve().parent.parent
ORACLES = ROOT / ".venv-oracles" / "bin" / "python"
ORACLE_DRAWS = int(os.environ.get("ORACLE_DRAWS", "50"))
"""evalica needs minutes for 1,000 draws of a million ratings, so fewer are timed and scaled up."""
SHARED = Path(os.environ.get("PSYCHOSAFE_SHARED_DATA", ROOT.parent / "shared" / "data"))
DICES = SHARED / "multirater" / "judgebench_dices_350_crowdsourced.json"


def main() -> None:
    """Print one line per step; ends the program where a bar is missed."""
    complete = table(0.0)
    seconds = measure("complete", complete)
    seconds = max(seconds, measure("a third missing", table(1 / 3)))
    crowd()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory:.0f} MB")
    beside(complete)
    if seconds > LIMIT_SECONDS:
        sys.exit(f"alpha took {seconds:.1f} s; the bar is {LIMIT_SECONDS:.0f} s.")
    if memory >= LIMIT_MB:
        sys.exit(f"{memory:.0f} MB of memory; the bar is {LIMIT_MB:.0f} MB.")


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
    print(f"{name}: {ratings.n_values:,} ratings of {ratings.n_items:,} items")
    seconds = timed_alpha(name, ratings, "ordinal")
    timed(f"{name}: AC2", lambda: gwet.ac(ratings, "quadratic"))
    timed(f"{name}: kappa of 45 pairs", lambda: kappa.mean_pairwise(ratings, "quadratic"))
    timed(f"{name}: ICC(2,1)", lambda: icc.icc(ratings))
    timed(f"{name}: each item left out", lambda: influence.of_items(ratings, "ordinal"))
    timed(f"{name}: what drives disagreement", lambda: drivers.find(ratings, "ordinal"))
    return seconds


def timed_alpha(name: str, ratings: Ratings, level: Level) -> float:
    seconds, alpha = timed(
        f"{name}: alpha, {DRAWS} draws",
        lambda: bootstrap.alpha_interval(ratings, level, draws=DRAWS, seed=SEED),
    )
    print(f"{name}: alpha {alpha.value:.4f} [{alpha.low:.4f}, {alpha.high:.4f}]")
    return seconds


def crowd() -> None:
    """123 raters of 350 items: the published ratings where they are at hand, made ones if not."""
    ratings = dices() if DICES.exists() else made_crowd()
    name = "DICES-350" if DICES.exists() else "a made crowd"
    print(f"{name}: {ratings.n_values:,} ratings of {ratings.n_items} by {ratings.n_raters}")
    timed_alpha(name, ratings, "nominal")
    _, pairs = timed(f"{name}: every two raters", lambda: pairwise.compare(ratings, "identity"))
    known = [pair.kappa for pair in pairs.pairs if pair.kappa.interval is not None]
    print(f"{name}: {len(known):,} of {len(pairs.pairs):,} kappas with an interval")
    timed(f"{name}: each rater left out", lambda: influence.of_raters(ratings, "nominal"))


def dices() -> Ratings:
    rows = [
        (instance["id"], rater, label)
        for instance in json.loads(DICES.read_text(encoding="utf-8"))["instances"]
        for rater, label in enumerate(instance["annotations"]["safety"]["individual_human_scores"])
    ]
    return Ratings.from_rows(rows, "nominal")


def made_crowd() -> Ratings:
    rng = np.random.default_rng(SEED)
    unsafe = rng.beta(1, 2, size=(CROWD_ITEMS, 1))
    said = (rng.random((CROWD_ITEMS, CROWD)) < unsafe).astype(np.float64)
    return Ratings.from_matrix(said, "nominal", [0, 1])


def beside(scores: NDArray[np.float64]) -> None:
    """Ours and theirs over one file, in turn."""
    if not ORACLES.exists():
        print("krippendorff, evalica: not installed here (`make test-oracles` installs them)")
        return
    bare, alpha = timed("ours: alpha", lambda: krippendorff.alpha(fresh(scores), "ordinal"))
    drawn, _ = timed(
        f"ours: alpha, {DRAWS} draws",
        lambda: bootstrap.alpha_interval(fresh(scores), "ordinal", draws=DRAWS, seed=SEED),
    )
    for other in oracles(scores):
        if abs(other["alpha"] - alpha.value) > 1e-9:
            sys.exit(f"{other['what']} says {other['alpha']}, we say {alpha.value}.")
        print(compared(other, bare, drawn))


def oracles(scores: NDArray[np.float64]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.npy"
        np.save(path, scores)
        program = ROOT / "bench" / "_oracles.py"
        command = [str(ORACLES), str(program), str(path), str(ORACLE_DRAWS)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def fresh(scores: NDArray[np.float64]) -> Ratings:
    """Nothing counted yet, as the others begin."""
    return Ratings.from_matrix(scores, "ordinal", range(1, 6))


def compared(other: dict[str, Any], bare: float, drawn: float) -> str:
    """Seconds of another package, and how many times ours go into them. Draws cost the same each,
    so fewer are scaled up."""
    n = other["draws"]
    if not n:
        said = f"{other['what'] + ': alpha':<42} {other['seconds']:7.3f} s"
        return f"{said}  ({other['seconds'] / bare:.1f} times ours)"
    whole = other["seconds"] * DRAWS / n
    said = f"{other['what'] + f': {n} draws':<42} {other['seconds']:7.3f} s"
    return f"{said}  ({DRAWS} draws: {whole:.0f} s, {whole / drawn:.0f} times ours)"


def timed(name: str, step: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = step()
    seconds = time.perf_counter() - started
    print(f"{name:<42} {seconds:7.3f} s", flush=True)
    return seconds, result


if __name__ == "__main__":
    main()
