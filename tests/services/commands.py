"""Commands of `manage.py`, each in a process of its own that need not load the site again.

One process loads Django once; it is told a command a line (JSON: its words, and what stands on its
standard input) and runs it in a fork of itself, which ends as `manage.py` would. It answers with
the exit code and what was printed. Threads and connections begin in the forks alone.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_S = 180


class Commands:
    """Such a process, in an environment and a folder; it ends when nobody refers to it any more."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.commands"],
            cwd=folder,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        weakref.finalize(self, end, self.process)

    def run(self, *words: str, said: str = "") -> tuple[int, str, str]:
        """Exit code, output, errors."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"words": words, "said": said}) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return code, out, err


def end(process: subprocess.Popen[str]) -> None:
    """Its input ends, and so does it."""
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    process.wait(30)


def serve() -> None:
    """Answer line by line until there is none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychosafe_site.settings")
    import django
    from django.urls import get_resolver

    django.setup()
    _ = get_resolver().url_patterns  # what every command's checks load
    assert threading.active_count() == 1, "a fork would leave threads behind"
    for line in sys.stdin:
        print(json.dumps(forked(**json.loads(line))), flush=True)


def forked(words: list[str], said: str) -> tuple[int, str, str]:
    file = tempfile.TemporaryFile
    with file() as given, file() as out, file() as err:
        given.write(said.encode())
        given.seek(0)
        child = os.fork()
        if child == 0:
            for number, stream in enumerate((given, out, err)):
                os.dup2(stream.fileno(), number)
            signal.alarm(LONGEST_S)
            os._exit(as_manage(words))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return code, _read(out), _read(err)


def as_manage(words: list[str]) -> int:
    """The command's exit code; what it printed is written out."""
    from django.core.management import execute_from_command_line

    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as we
    code: Any = 0
    try:
        execute_from_command_line(["manage.py", *words])
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 0 if code is None else 1


def _read(file: Any) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    serve()
