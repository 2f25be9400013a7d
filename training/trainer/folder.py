"""The folder in which site and trainer speak to each other. Standard library alone.

Whole files only: each is written beside its place and moved there, so that whoever is killed while
writing leaves the earlier one. Lines of progress are appended; a torn last line is not read.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

JOB, ROWS, PROGRESS, OUTCOME = "job.json", "train.jsonl", "progress.jsonl", "outcome.json"
STOP, SIGN = "stop", "attended"
LOG, PID, LOCK = "trainer.log", "trainer.pid", "trainer.lock"
CHECKPOINTS, ADAPTER = "checkpoints", "adapter"
WHOLE = "whole.json"  # stands in a checkpoint that was written to its end


class Folder:
    """One run's folder. Both sides make one of its path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def adapter(self) -> Path:
        return self.path / ADAPTER

    def write_json(self, name: str, said: Any) -> None:
        write_whole(self.path / name, json.dumps(said, ensure_ascii=False, indent=1))

    def read_json(self, name: str) -> Any:
        """None if it is not there yet."""
        try:
            return json.loads((self.path / name).read_text("utf-8"))
        except FileNotFoundError:
            return None

    # The site's side

    def begin(self) -> None:
        """Before the trainer starts: nothing of an earlier end is left to be misread."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in (STOP, OUTCOME):
            (self.path / name).unlink(missing_ok=True)
        self.attend()

    def attend(self) -> None:
        """Somebody looks after the trainer; without this sign it stops by itself."""
        (self.path / SIGN).touch()

    def ask_to_stop(self) -> None:
        (self.path / STOP).touch()

    def outcome(self) -> dict[str, Any] | None:
        """How the trainer ended; None while it runs, and after a kill."""
        said = self.read_json(OUTCOME)
        return said if isinstance(said, dict) else None

    def progress(self, offset: int = 0) -> tuple[list[dict[str, Any]], int]:
        """The whole lines after `offset`, and the offset behind them."""
        try:
            with (self.path / PROGRESS).open("rb") as file:
                file.seek(offset)
                raw = file.read()
        except FileNotFoundError:
            return [], offset
        whole = raw[: raw.rfind(b"\n") + 1]
        return list(_lines(whole)), offset + len(whole)

    def forget_rows(self) -> None:
        """The words of the release, once they are not needed or must not be kept."""
        (self.path / ROWS).unlink(missing_ok=True)

    # The trainer's side

    def report(self, **said: Any) -> None:
        """One line of progress. A torn line of a killed trainer before it is ended first."""
        with (self.path / PROGRESS).open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(json.dumps(said).encode() + b"\n")

    def must_stop(self, silence_s: float) -> str:
        """Why to stop now: asked to, or unattended for too long. Empty: go on."""
        if (self.path / STOP).exists():
            return "asked"
        try:
            silent = time.time() - (self.path / SIGN).stat().st_mtime
        except FileNotFoundError:
            return "unattended"
        return "unattended" if silent > silence_s else ""

    # Checkpoints

    @property
    def checkpoints(self) -> Path:
        return self.path / CHECKPOINTS

    def mark_whole(self, step: int) -> None:
        """After everything of the checkpoint is written: it may be resumed from."""
        place = self.checkpoints / f"checkpoint-{step}"
        sizes = {
            str(file.relative_to(place)): file.stat().st_size
            for file in sorted(place.rglob("*"))
            if file.is_file() and file.name != WHOLE
        }
        write_whole(place / WHOLE, json.dumps({"step": step, "sizes": sizes}))

    def whole_checkpoints(self) -> list[tuple[int, Path]]:
        """(step, folder) of those that were written to their end, the newest last."""
        found = [(_step(place), place) for place in self.checkpoints.glob("checkpoint-*")]
        return sorted((step, place) for step, place in found if step and _is_whole(place))

    def last_whole(self) -> tuple[int, Path] | None:
        found = self.whole_checkpoints()
        return found[-1] if found else None

    def clear_torn(self) -> None:
        """Checkpoints that a kill left half written."""
        whole = {place for _, place in self.whole_checkpoints()}
        for place in self.checkpoints.glob("checkpoint-*"):
            if place not in whole:
                shutil.rmtree(place)

    def clear_checkpoints(self) -> None:
        shutil.rmtree(self.checkpoints, ignore_errors=True)


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """JSON Lines, whole or not at all."""
    write_whole(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def write_whole(path: Path, text: str) -> None:
    written = path.with_name(f".{path.name}.part")
    with written.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


def _is_whole(place: Path) -> bool:
    """Marked, and every file is as long as it was then."""
    try:
        said = json.loads((place / WHOLE).read_text("utf-8"))
        return all((place / name).stat().st_size == size for name, size in said["sizes"].items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _step(place: Path) -> int:
    number = place.name.partition("-")[2]
    return int(number) if number.isdigit() else 0


def _lines(raw: bytes) -> Iterator[dict[str, Any]]:
    for line in raw.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue  # torn by a kill, ended by the next start
        if isinstance(said, dict):
            yield said
