"""Runs a command with DATABASE_URL naming a throwaway PostgreSQL, and removes it afterwards.

TEST_DATABASE_URL, where it is set, names the server to use instead. Example:
    python scripts/with_postgres.py python -m pytest tests/corpus
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.services import postgres


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    # A stop from outside unwinds the `with` below, so the server never outlives this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if url := os.environ.get("TEST_DATABASE_URL"):
        return run(command, url)
    with postgres.throwaway() as url:
        return run(command, url)


def run(command: list[str], url: str) -> int:
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
