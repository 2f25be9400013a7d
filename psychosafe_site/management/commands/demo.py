"""`demo`: the sample project on this machine, from nothing to a page, in one command."""

import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from accounts.actions import set_sample_password
from accounts.views.demo import password, ticket_for
from psychosafe_site import sample
from psychosafe_site.processes import CouldNotStart, Together, commands, is_free


class Command(BaseCommand):
    """Prepares, starts web, worker and beat, prints the links, waits for Ctrl-C."""

    help = "Start the sample project. Example: manage.py demo --port 8000"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare-only", action="store_true", help="Migrate and load the sample, then stop."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = int(options["port"])
        if not is_free(port):
            raise CommandError(f"Port {port} is taken. Stop what uses it, or choose PORT=8001.")
        people = self._prepare()
        if options["prepare_only"]:
            return
        # Said outright: started in the background, a shell has Ctrl-C ignored.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        plan = commands(port=port, base_dir=settings.BASE_DIR)
        environment = {"DEMO": "1", "DATA_DIR": str(settings.DATA_DIR)}
        try:
            with Together(plan, log_dir=settings.LOG_DIR, environment=environment) as processes:
                processes.wait_for(f"http://127.0.0.1:{port}/readyz", seconds=60)
                self._greet(port, people)
                self._watch(processes)
        except CouldNotStart as trouble:
            raise CommandError(str(trouble)) from trouble
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. Everything is kept; start again whenever you like.")

    def _prepare(self) -> sample.People:
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.DEBUG:
            collect_static()
        people = sample.load(at=timezone.now())
        set_sample_password(password=password())
        return people

    def _greet(self, port: int, people: sample.People) -> None:
        site = f"http://localhost:{port}"
        self.stdout.write(f"\nPsychoSafe Studio runs at {site}\n\nOne click to come in as:")
        for role, user in people.doors():
            link = site + reverse("demo_sign_in", args=[ticket_for(user)])
            self.stdout.write(f"  {role:<14}{link}")
        self.stdout.write(f"\nAn approval is signed with a password. Theirs is  {password()}")
        self.stdout.write("\nThe people, cases and texts were made for the sample. Ctrl-C stops.")
        self.stdout.flush()

    def _watch(self, processes: Together) -> None:
        while (ended := processes.ended()) is None:
            time.sleep(0.5)
        raise CouldNotStart(f"{ended} ended. {processes.tail(ended)}")


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def collect_static() -> None:
    """Collect the static files unless they are as they were."""
    newest = max(
        (f.stat().st_mtime for d in settings.STATICFILES_DIRS for f in Path(d).rglob("*")),
        default=0.0,
    )
    stamp = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not stamp.exists() or stamp.stat().st_mtime < newest:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
