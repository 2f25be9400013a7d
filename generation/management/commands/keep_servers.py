"""Runs the keeper of this host."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from generation.actions.servers import KeptAlready
from generation.keeping import Keeper
from generation.models import Keeper as KeeperRow

EVERY_S = 2.0


class Command(BaseCommand):
    """Starts, watches and stops the model servers that people and runs want on this host."""

    help = "Keep the model servers of this host running, one for each model that is wanted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Example: HOST_NAME=gpu-1 manage.py keep_servers --gpus 0,1\n"
            "Stops its servers when it is stopped; they start again with it."
        )
        parser.add_argument(
            "--gpus", help="the GPUs it may give out, such as 0,1 (default: all that are there)"
        )
        parser.add_argument(
            "--check", action="store_true", help="only say whether this host's keeper is at work"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            return self.check_keeper()
        gpus = parse(options["gpus"]) if options["gpus"] is not None else found_gpus()
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        keeper = Keeper(settings.HOST_NAME, gpus, clock=time.monotonic)
        try:
            keeper.begin(lambda: stopping.wait(1.0) and sys.exit(0))
        except KeptAlready as refusal:
            raise CommandError(str(refusal)) from refusal
        shown = ", ".join(map(str, gpus)) or "none"
        self.stdout.write(f"Keeping the servers of {settings.HOST_NAME}; GPUs: {shown}.")
        try:
            while not stopping.is_set():
                self.tick(keeper)
                stopping.wait(EVERY_S)
        except KeptAlready as lost:
            keeper.give_way(lost.process)
            raise CommandError(f"This keeper was silent for too long and ends. {lost}") from lost
        finally:
            with contextlib.suppress(DatabaseError):
                keeper.close()

    def tick(self, keeper: Keeper) -> None:
        """A database that is away for a moment does not end the keeper or its servers."""
        try:
            keeper.tick()
        except DatabaseError as error:
            self.stderr.write(f"The database did not answer: {error}")
            connection.close()

    def check_keeper(self) -> None:
        row = KeeperRow.objects.filter(host=settings.HOST_NAME).first()
        if row is None or not row.is_there(timezone.now()):
            raise CommandError(f"The keeper of {settings.HOST_NAME} is not at work.")
        self.stdout.write(f"The keeper of {settings.HOST_NAME} is at work.")


def parse(said: str) -> list[int]:
    """GPU numbers; empty text means that no GPU is given out."""
    try:
        found = [int(word) for word in said.replace(" ", "").split(",") if word]
    except ValueError:
        found = [-1]
    if any(number < 0 for number in found) or len(set(found)) != len(found):
        raise CommandError(f"--gpus {said!r}: give different numbers, such as 0,1.")
    return found


def found_gpus() -> list[int]:
    """What CUDA_VISIBLE_DEVICES names, else what nvidia-smi lists; none without a driver."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None and named.replace(",", "").isdigit():
        return parse(named)
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    listed = subprocess.run(
        [program, "--query-gpu=index", "--format=csv,noheader"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    return [int(line) for line in listed.stdout.split() if line.isdigit()]
