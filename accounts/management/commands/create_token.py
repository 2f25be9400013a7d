"""`create_token`: a scoped, expiring REST token, shown once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import User
from accounts.roles import SCOPES


class Command(BaseCommand):
    """Parses and makes one call."""

    help = "Create an API token. Example: manage.py create_token ada@example.org --scope read"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scope", required=True, choices=list(SCOPES))
        parser.add_argument("--days", type=int, default=settings.TOKEN_DAYS)
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}. See create_user.")
        try:
            token = actions.create_token(
                by=None,
                user=user,
                scope=options["scope"],
                days=options["days"],
                name=options["name"],
            )
        except actions.NotPossible as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write("Shown once. Send it as the header  Authorization: Token …")
        self.stdout.write(token)
