"""Why an action of this app is refused. The message is for the person who asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

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
def name_taken_unless_unique(taken: str) -> Iterator[None]:
    """The database decides, so that of two people who ask at once one is refused in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise NameTaken(taken) from None


def named(name: str, missing: str, *, limit: int) -> str:
    """The name without blanks around it. `missing` is what is said where there is none."""
    name = accept(name.strip(), where=_("The name"), limit=limit)
    if not name:
        raise Refusal(missing)
    return name
