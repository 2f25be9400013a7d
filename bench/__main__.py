"""Runs every benchmark, or the one that is named: `python -m bench [NAME]`, `--list` names them."""

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable

import bench


def names() -> list[str]:
    """Modules of this package with a `main()`, in alphabetical order."""
    found = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    return [name for name in found if not name.startswith("_") and main_of(name)]


def main_of(name: str) -> Callable[[], None] | None:
    return getattr(importlib.import_module(f"bench.{name}"), "main", None)


def summary(name: str) -> str:
    return (importlib.import_module(f"bench.{name}").__doc__ or "").strip().partition("\n")[0]


def run(name: str) -> bool:
    """Whether it ended well; a benchmark refuses a missed bar by raising or by sys.exit(1)."""
    print(f"\n== {name}: {summary(name)}", flush=True)
    main, started = main_of(name), time.perf_counter()
    try:
        if main is not None:
            main()
    except SystemExit as ended:
        if ended.code:
            print(f"{name}: {ended.code}", file=sys.stderr)
            return False
    print(f"-- {name}: {time.perf_counter() - started:.1f} s", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="one benchmark (default: all)")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and stop")
    options, for_the_benchmark = parser.parse_known_args()
    known = names()
    if options.list:
        for name in known:
            print(f"{name:24} {summary(name)}")
        return 0
    if options.name and options.name not in known:
        parser.error(f"No benchmark {options.name!r}. Use one of: {', '.join(known) or 'none yet'}")
    if for_the_benchmark and not options.name:
        parser.error(f"Name the benchmark that {for_the_benchmark[0]} is meant for.")
    sys.argv = [*sys.argv[:1], *for_the_benchmark]
    failed = [name for name in ([options.name] if options.name else known) if not run(name)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
