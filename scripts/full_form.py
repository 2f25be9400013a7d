"""Says what `make test-all` needs and this machine lacks, before the tests begin."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.chromium import executable  # noqa: E402  # found only after the line above


def missing() -> list[str]:
    found = {
        "Chromium: install chromium-headless-shell or chromium, or name one in CHROMIUM": (
            executable() is not None
        ),
        "redis-server: install the package redis-server, or set TEST_REDIS_URL": bool(
            os.environ.get("TEST_REDIS_URL") or shutil.which("redis-server")
        ),
        "Rscript: install the package r-base-core": bool(shutil.which("Rscript")),
        "xgettext: install the package gettext": bool(shutil.which("xgettext")),
        "transformers serve: run `make .venv-serving/.done`": (
            ROOT / ".venv-serving" / "bin" / "transformers"
        ).exists(),
    }
    return [what for what, is_there in found.items() if not is_there]


if __name__ == "__main__":
    lacking = missing()
    for what in lacking:
        print(f"make test-all needs {what}", file=sys.stderr)
    sys.exit(1 if lacking else 0)
