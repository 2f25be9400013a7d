"""A whole installation in a folder of its own: web, worker and beat, driven by command and REST."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psychosafe_site.processes import Together, commands
from tests.services.commands import Commands
from tests.services.servers import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery staple"


class Installation:
    """Its environment, its commands, its REST places."""

    def __init__(self, folder: Path, **extra: str) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        } | {
            "DATA_DIR": str(folder),
            "ALLOW_PRIVATE_ENDPOINTS": "1",
            "LOG_LEVEL": "WARNING",
            **extra,
        }
        self.commands: Commands | None = None

    def manage(self, *words: str, said: str = "") -> str:
        """What the command printed; it must succeed."""
        if self.commands is None or self.commands.environment != self.environment:
            self.commands = Commands(dict(self.environment), self.folder)
        code, out, err = self.commands.run(*words, said=said)
        assert code == 0, f"{words}: {out}\n{err}"
        return out

    def program(self, role: str, number: int = 1, scope: str = "write") -> "Program":
        """A new person of this role, and a program that works for them."""
        email = f"{role}{number}@example.org"
        words = ("create_user", email, "--role", role, "--password-stdin")
        self.manage(*words, said=f"{PASSWORD}\n")
        token = self.manage("create_token", email, "--scope", scope).strip()
        return Program(f"http://127.0.0.1:{self.port}/api/v1/", token)

    @contextmanager
    def running(self, *names: str) -> Iterator[Together]:
        """These of web, worker and beat, until the block is left."""
        plan = {
            name: command
            for name, command in commands(port=self.port, base_dir=ROOT).items()
            if name in names
        }
        cleared = dict.fromkeys(("DATABASE_URL", "REDIS_URL"), "")
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with Together(plan, log_dir=logs, environment=cleared | self.environment) as processes:
            if "web" in names:
                processes.wait_for(f"http://127.0.0.1:{self.port}/readyz", seconds=60)
            yield processes


class Program:
    """A client that knows nothing but the address and its token."""

    def __init__(self, root: str, token: str) -> None:
        self.root, self.token = root, token

    def get(self, place: str) -> Any:
        return self._ask("GET", place)

    def post(self, place: str, key: str = "", **body: Any) -> Any:
        return self._ask("POST", place, body, key)

    def put(self, place: str, **body: Any) -> Any:
        return self._ask("PUT", place, body)

    def text(self, url: str) -> str:
        request = urllib.request.Request(url, headers={"Authorization": f"Token {self.token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def _ask(self, method: str, place: str, body: Any = None, key: str = "") -> Any:
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + place, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {place}: {error.code} {error.read()!r}") from error
