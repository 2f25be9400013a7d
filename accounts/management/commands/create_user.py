"""`create_user`: a person with roles, from the command line."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.roles import Role


class Command(BaseCommand):
    """Parses, asks for a password on a terminal, makes one call."""

    help = (
        "Create a person. Example: manage.py create_user ada@example.org --role curator "
        "--role reviewer --name 'Ada Berg'"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", action="append", required=True, choices=Role.values)
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = self._password(bool(options["password_stdin"]))
        try:
            user = actions.create_user(
                by=None,
                email=options["email"],
                name=options["name"] or options["email"].split("@")[0],
                roles=options["role"],
                password=password,
            )
        except (actions.NotPossible, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise CommandError(text) from error
        self.stdout.write(f"{user.email} can sign in as {user.roles_in_words}.")

    def _password(self, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\n")
        if not sys.stdin.isatty():
            raise CommandError("No terminal to ask for a password. Use --password-stdin.")
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Again: "):
            raise CommandError("The two passwords differ.")
        return first
