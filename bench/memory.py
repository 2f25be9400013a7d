"""What a worker weighs while it works off a run of 100,000 rows: at most 50 MB more at its end.

A Celery worker on the broker of folders asks a stub that answers at once; its processes
are weighed at a tenth, at half and at the end; pages of the mapped database file, which the system
takes back when it likes, stand beside. MEMORY_ROWS changes the number of rows.
"""

import os
import sys
import time
from typing import Any

from bench import _site
from bench.client import stub

N_ROWS = int(os.environ.get("MEMORY_ROWS", "100000"))
REPLICATES = 10
LIMIT_MB = 50.0


def main() -> None:
    with _site.environment() as made:
        sys.exit(_site.within("bench.memory", made))


def weigh() -> None:
    _site.set_up()
    with stub(0.0) as base_url, _site.worker() as group:
        _site.model_at(base_url)
        prompts = _site.prompt_set("Many", N_ROWS // REPLICATES, n_words=40)
        run = _site.start_run(prompts, replicates=REPLICATES)
        began, found = time.perf_counter(), {}
        for n in (N_ROWS // 10, N_ROWS // 2, N_ROWS):
            wait_for(run, n)
            found[n] = _site.own_mb(group)
            mapped = _site.mapped_mb(group)
            print(f"{n:>9,} rows {found[n]:7.1f} MB, {mapped:6.1f} MB of files", flush=True)
        print(f"{N_ROWS / (time.perf_counter() - began):.0f} rows/s")
    grown = max(found.values()) - found[N_ROWS // 10]
    if grown > LIMIT_MB:
        sys.exit(f"{grown:.0f} MB more than after the first tenth; the bar is {LIMIT_MB:.0f} MB")


def wait_for(run: Any, n: int) -> None:
    """Until `n` rows of the run are done. An index-only count every second."""
    from generation.models import Completion, Run

    while Completion.objects.filter(run=run, state="done").count() < n:
        state = Run.objects.values_list("state", flat=True).get()
        if state in ("failed", "cancelled"):
            sys.exit(f"The run ended as {state}.")
        time.sleep(1.0)


if __name__ == "__main__":
    weigh()
