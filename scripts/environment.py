"""Makes a virtual environment and installs pinned requirements: by uv where it works, else by pip.

Runs before anything is installed, so it uses the standard library alone. The package index is the
one that pip is set up with on this machine; no file of the project names one.
"""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_PINS = ROOT / "requirements" / "uv.txt"
# What pip calls a setting, and what uv calls it.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}
# Parts of packages that nothing in the site loads: their own tests, C headers, remote stores.
NEVER_LOADED = (
    "numpy/**/tests",
    "scipy/**/tests",
    "pyarrow/tests",
    "pyarrow/include",
    "pyarrow/src",
    "pyarrow/libarrow_flight.so*",
    "pyarrow/_flight.*.so",
    "pyarrow/libarrow_s3.so*",
    "pyarrow/_s3fs.*.so",
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["create", "install", "sync", "add"])
    parser.add_argument("folder", type=Path, help="the environment, for example .venv")
    parser.add_argument("pins", type=Path, nargs="?", help="requirements with hashes")
    options = parser.parse_args(arguments)
    if options.step == "create":
        return create(options.folder)
    return install(options.folder, options.pins, step=options.step)


def create(folder: Path) -> int:
    """An environment with pip and uv; without ensurepip, pip of the outer Python fills it."""
    python = folder / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip"]
    if not python.exists() and call([sys.executable, "-m", "venv", folder], quiet=True):
        call([sys.executable, "-m", "venv", "--clear", "--without-pip", folder])
    if call([*pip, "--version"], quiet=True):
        pip = [sys.executable, "-m", "pip", "--python", python]
    if call([*pip, "install", "-q", "--require-hashes", "-r", UV_PINS]):
        print("uv could not be installed; pip will do its work, more slowly.", file=sys.stderr)
    return 0 if python.exists() else 1


def install(folder: Path, pins: Path, *, step: str) -> int:
    """`sync` also removes what is not pinned, `add` leaves dependencies alone."""
    python, uv = folder / "bin" / "python", folder / "bin" / "uv"
    verb: list[str] = ["sync"] if step == "sync" else ["install", "-r"]
    extra = ["--no-deps"] if step == "add" else []
    command: list[str | Path] = [
        uv,
        "pip",
        *verb,
        pins,
        "-q",
        "--python",
        python,
        "--require-hashes",
        *extra,
    ]
    if uv.exists() and call(command, environment=uv_environment(python)) == 0:
        slim(folder)
        return 0
    print("uv could not install the pins; pip does it, more slowly.", file=sys.stderr)
    pip: list[str | Path] = [python, "-m", "pip"]
    if call([*pip, "--version"], quiet=True):
        pip = [sys.executable, "-m", "pip", "--python", python]
    failed = call([*pip, "install", "-q", "--require-hashes", "-r", pins, *extra])
    slim(folder)
    return failed


def uv_environment(python: Path) -> dict[str, str]:
    """The environment with pip's settings under uv's names; what is set for uv already wins."""
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_HTTP_TIMEOUT": "120"}
    listed = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        name = UV_NAMES.get(name.rpartition(".")[2], "")
        if name:
            settings[name] = " ".join(shlex.split(value)).replace("\\n", " ").strip()
    if "UV_FIND_LINKS" in settings:
        settings["UV_FIND_LINKS"] = ",".join(settings["UV_FIND_LINKS"].split())
    return settings | dict(os.environ)


def slim(folder: Path) -> None:
    """Leave out what is never loaded: about 80 MB."""
    import shutil

    for site_packages in folder.glob("lib/python3.*/site-packages"):
        for pattern in NEVER_LOADED:
            for path in list(site_packages.glob(pattern)):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def call(
    command: Sequence[str | Path], *, quiet: bool = False, environment: dict[str, str] | None = None
) -> int:
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdout=sink, stderr=sink, env=environment).returncode
    except FileNotFoundError:
        return 127


if __name__ == "__main__":
    sys.exit(main())
