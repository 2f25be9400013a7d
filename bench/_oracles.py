"""Times other packages' alpha over a table of ratings, and prints JSON. Needs nothing of ours.

Run by the interpreter of `.venv-oracles` with the path of a .npy file (items by raters) and the
number of draws.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any


def main() -> None:
    import numpy as np

    scores, draws = np.load(sys.argv[1]), int(sys.argv[2])
    found = [*krippendorff(scores), *evalica(scores, draws)]
    print(json.dumps(found))


def krippendorff(scores: Any) -> list[dict[str, Any]]:
    """It has no bootstrap."""
    package = import_module("krippendorff")
    name = f"krippendorff {metadata.version('krippendorff')}"
    run = timed(
        lambda: package.alpha(reliability_data=scores.T, level_of_measurement="ordinal"),
    )
    return [{"what": name, "draws": 0, **run}]


def evalica(scores: Any, draws: int) -> list[dict[str, Any]]:
    """Its bootstrap is Krippendorff's own, of pairs; ours draws items."""
    package, frame = import_module("evalica"), import_module("pandas").DataFrame
    name, data = f"evalica {metadata.version('evalica')}", frame(scores.T)
    plain = timed(lambda: package.alpha(data, distance="ordinal").alpha)
    drawn = timed(
        lambda: (
            package.alpha_bootstrap(
                data, distance="ordinal", n_resamples=draws, random_state=1
            ).alpha
        )
    )
    return [{"what": name, "draws": 0, **plain}, {"what": name, "draws": draws, **drawn}]


def timed(step: Callable[[], Any]) -> dict[str, float]:
    started = time.perf_counter()
    value = float(step())
    return {"seconds": time.perf_counter() - started, "alpha": value}


if __name__ == "__main__":
    main()
