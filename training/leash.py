"""Runs a program for as long as somebody attends it. Needs nothing but Python's own library.

    python leash.py FOLDER SECONDS PROGRAM [WORD …]

Whoever attends touches FOLDER/attended; after SECONDS without that the program is ended, so that it
never runs on beside another one that took its place. How it ended stands in FOLDER/exit.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ATTENDED, EXIT = "attended", "exit"
GRACE_S = 10.0
UNATTENDED = 75


def main(words: Sequence[str]) -> int:
    folder, patience_s, command = Path(words[0]), float(words[1]), list(words[2:])
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error}\n")
        return ended(folder, 127)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return ended(folder, child.wait(timeout=1.0))
        if silent_for(folder) > patience_s:
            stop(child)
            return ended(folder, UNATTENDED)


def silent_for(folder: Path) -> float:
    """Seconds since somebody attended; none without a sign at all."""
    with contextlib.suppress(OSError):
        return time.time() - (folder / ATTENDED).stat().st_mtime
    return 0.0


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Asked first, then made to."""
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=GRACE_S)
        return
    child.kill()
    child.wait()


def ended(folder: Path, code: int) -> int:
    """Whole or not at all: it may be read at any moment."""
    written = folder / f"{EXIT}.tmp"
    written.write_text(str(code))
    written.replace(folder / EXIT)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
