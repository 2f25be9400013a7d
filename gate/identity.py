"""Random public ids. They carry 128 bits, say nothing of order or time, and are the primary key."""

import secrets

from django.db import models

ID_LENGTH = 22


def new_id() -> str:
    """22 URL-safe characters from the system's secure source (128 bits)."""
    while True:
        candidate = secrets.token_urlsafe(16)
        # A leading "-" would read as an option on a command line.
        if not candidate.startswith("-"):
            return candidate


class Identified(models.Model):
    """A row whose primary key can stand in a URL: nothing can be counted or walked from it."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)

    class Meta:
        abstract = True
