"""Why an action of this app is refused. The message is for the person who asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from gate.text import accept


class Refusal(Exception):
    """The action is not done; nothing has changed."""

    http_status = 422


class NameTaken(Refusal):
    """Names are unique, so that a command can say which one is meant."""

    http_status = 409


class TooLate(Refusal):
    """The job is in a state in which this cannot be done."""

    http_status = 409


@contextmanager
def name_taken_unless_unique(what: str, name: str) -> Iterator[None]:
    """The database decides, so that of two people who ask at once one is refused in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise NameTaken(f"{what} named '{name}' is there already. Choose another name.") from None


def named(name: str, what: str, *, limit: int) -> str:
    name = accept(name.strip(), where="The name", limit=limit)
    if not name:
        raise Refusal(f"{what} needs a name.")
    return name
