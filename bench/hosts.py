"""One run on 1, 2, 4 and 8 worker hosts: how much of n times the throughput n hosts reach.

Each host is a process with a client of its own; they share a PostgreSQL and claim rows from one
run. The stub answers after a fixed time, long enough that 8 hosts, the stub and the database do
not fill the cores of one machine: what is measured is whether hosts hinder each other, not how
many fit on it. The bar: 90 %.
"""

import os
import subprocess
import sys
import time
from typing import Any

from bench import _site
from bench.client import stub

HOSTS = (1, 2, 4, 8)
LATENCY_S, IN_FLIGHT = 2.0, 16
SECONDS = float(os.environ.get("HOSTS_SECONDS", "30"))
BAR = 0.90


def main() -> None:
    place = _site.environment(on_postgres=True, REQUESTS_IN_FLIGHT=str(IN_FLIGHT))
    with place as made:
        sys.exit(_site.within("bench.hosts", made))


def compare() -> None:
    _site.set_up()
    with stub(LATENCY_S) as base_url:
        _site.model_at(base_url)
        found = {n: throughput(n) for n in HOSTS}
    shares = {n: found[n] / (n * found[1]) for n in HOSTS}
    print(f"{IN_FLIGHT} in flight a host, latency {LATENCY_S} s")
    for n in HOSTS:
        print(f"{n} hosts {found[n]:7.1f} rows/s   efficiency {shares[n]:6.1%}", flush=True)
    if min(shares.values()) < BAR:
        sys.exit(f"{min(shares.values()):.1%} efficiency; the bar is {BAR:.0%}")


def throughput(n: int) -> float:
    """Rows per second of one run that `n` hosts work off, all of which wait at its start."""
    n_rows = int(n * IN_FLIGHT * SECONDS / LATENCY_S)
    run = _site.start_run(_site.prompt_set(f"For {n}", n_rows), rings=False)
    hosts = [Host(number, run.pk) for number in range(n)]
    for host in hosts:
        host.wait_ready()
    began = time.perf_counter()
    for host in hosts:
        host.go()
    kept = [host.ended() for host in hosts]
    seconds = time.perf_counter() - began
    run.refresh_from_db()
    rows = run.completions.all()
    if run.state != "done" or rows.filter(state="done").count() != n_rows or sum(kept) != n_rows:
        sys.exit(f"The run ended as {run.state}; the hosts kept {sum(kept)} of {n_rows} rows.")
    return n_rows / seconds


class Host:
    """A worker host: it waits for a word, works off the run, and says how many rows it kept."""

    def __init__(self, number: int, run: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.hosts", run],
            cwd=_site.ROOT,
            env=os.environ | {"HOST_NAME": f"host-{number}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_ready(self) -> None:
        if self.said() != "ready":
            sys.exit("A host did not start.")

    def go(self) -> None:
        if self.process.stdin:
            self.process.stdin.write("go\n")
            self.process.stdin.flush()

    def ended(self) -> int:
        said = self.said()
        self.process.wait()
        return int(said)

    def said(self) -> str:
        return self.process.stdout.readline().strip() if self.process.stdout else ""


def work(pk: str) -> None:
    """What a host does."""
    import django

    django.setup()
    from generation.answering import wait_for
    from generation.models import Run

    run: Any = Run.objects.get(pk=pk)
    n_kept = 0

    def count() -> None:
        nonlocal n_kept
        n_kept += 1

    print("ready", flush=True)
    sys.stdin.readline()
    wait_for(run, on_row=count)
    print(n_kept, flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1])
    else:
        compare()
