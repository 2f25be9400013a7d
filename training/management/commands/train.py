"""`train`: a fine-tuning run, started from the command line."""

import signal
import threading
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from exports.models import Release
from generation.actions import Refusal
from generation.management.names import named
from generation.models import LanguageModel
from training import actions, config, fine_tuning
from training.models import TrainingRun

EXAMPLES = """examples:
  manage.py train --release "Spring 1.0.0" --preset published --model qwen3-8b --wait
  manage.py train --release ID --config recipe.yaml
A configuration states what differs from its preset, such as:
  preset: published
  base_model: qwen3-8b
  epochs: 2"""


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Train a LoRA adapter for a model on the training split of a release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        parser.add_argument("--release", required=True, help="id of a release, or name and version")
        recipe = parser.add_mutually_exclusive_group(required=True)
        recipe.add_argument("--config", type=Path, metavar="FILE", help="YAML or JSON")
        recipe.add_argument("--preset", choices=sorted(config.presets()))
        parser.add_argument("--model", help="the base model, if the configuration names none")
        parser.add_argument("--name", default="", help="what the adapter will be called")
        parser.add_argument(
            "--wait", action="store_true", help="train here until it is done; else a worker does"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = _config(options["config"], options["preset"])
            run = actions.start_training(
                by=None,
                release=release_named(options["release"]),
                base=_base(read, options["model"]),
                config=read,
                preset=options["preset"] or "",
                name=options["name"],
                at=timezone.now(),
                rings=not options["wait"],
            )
        except (config.BadConfig, Refusal) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Training run {run.pk}: {run}")
        if options["wait"]:
            self._wait(run)

    def _wait(self, run: TrainingRun) -> None:
        """The first Ctrl-C keeps a checkpoint and stops; the run can be resumed on its page."""
        stop = threading.Event()
        previous = signal.signal(signal.SIGINT, lambda *_: stop.set())
        try:
            state = fine_tuning.wait_for(run, should_stop=stop.is_set, on_look=self._show)
        finally:
            signal.signal(signal.SIGINT, previous)
        run.refresh_from_db()
        if state != "done":
            reason = run.last_error or "Stopped."
            raise CommandError(
                f"{reason}\nStep {run.step}; the newest checkpoint is of step {run.checkpoint}. "
                "Resume the run on its page."
            )
        self.stdout.write(f"Done: {run.step:,} steps. The adapter is in {run.adapter_path}.")
        if run.result:
            self.stdout.write(f"Ask it: manage.py generate --model {run.result} …")
        else:
            self.stdout.write(run.last_error)

    def _show(self, run: TrainingRun) -> None:
        if self.stderr.isatty() and run.n_steps:
            filled = 40 * run.step // run.n_steps
            bar = "#" * filled + "." * (40 - filled)
            self.stderr.write(f"\r[{bar}] {run.step:,} of {run.n_steps:,}", ending="")


def release_named(said: str) -> Release:
    """By its id, or its name and version."""
    name, _, version = said.rpartition(" ")
    found = (
        Release.objects.filter(pk=said).first()
        or Release.objects.filter(name=name, version=version).first()
    )
    if found is None:
        known = ", ".join(f"{each} ({each.pk})" for each in Release.objects.all()[:20])
        raise CommandError(f"There is no release '{said}'. Known: {known or 'none yet'}.")
    return found


def _config(path: Path | None, preset: str | None) -> config.Config:
    if path is None:
        return config.preset(str(preset))
    try:
        return config.read(path.read_text("utf-8"), where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _base(read: config.Config, model: str | None) -> LanguageModel:
    name = model or read.base_model
    if not name:
        raise CommandError("Say which model is trained: --model NAME, or base_model in the file.")
    return named(LanguageModel.objects.all(), what="model", name=name)
