"""Imports in one go: all of a file or nothing of it. The pages do the same in a worker."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from corpus import spool
from corpus.actions.intake import Heard, Imported, read
from corpus.actions.orders import Order, Origin
from corpus.actions.preparing import prepare
from corpus.actions.writing import write
from corpus.formats import settled
from corpus.reading import Place
from corpus.reading.mapping import Matched


def import_prompts(
    *,
    by: User | None,
    file: Place,
    format: str,
    set_name: str,
    origin: Origin | None = None,
    expected_action: str = "",
    matched: Matched | None = None,
    split: str = "",
    is_trial: bool = False,
    heard: Heard = lambda n, share: None,
) -> Imported:
    """A new prompt set of the file's prompts. `BadFile` with its problems, and nothing changed.

    `expected_action` is for rows that do not say it. A trial reads everything and keeps nothing.
    """
    origin = origin or Origin()
    format = settled(format, file, revision=origin.revision, name=str(getattr(file, "name", "")))
    order = Order(
        what="prompts", by=by, format=format, origin=origin, set_name=set_name,
        expected_action=expected_action, matched=matched or Matched(), split=split,
    )  # fmt: skip
    return _bring_in(order, file, at=timezone.now(), is_trial=is_trial, heard=heard)


def import_pairs(
    *,
    by: User,
    file: Place,
    format: str,
    origin: Origin,
    at: datetime,
    matched: Matched | None = None,
    split: str = "",
    is_trial: bool = False,
    heard: Heard = lambda n, share: None,
) -> Imported:
    """Drafts by `by`, one a row. `BadFile` with its problems, and nothing changed."""
    order = Order(
        what="pairs", by=by, format=format, origin=origin, matched=matched or Matched(), split=split
    )
    return _bring_in(order, file, at=at, is_trial=is_trial, heard=heard)


def _bring_in(order: Order, file: Place, *, at: datetime, is_trial: bool, heard: Heard) -> Imported:
    """`heard` hears of reading in the first third of the way, of preparing in the rest."""
    with spool.opened() as rows:
        summary = read(order, file, rows, heard=lambda n, share: heard(n, share / 3))
        summary.is_trial = is_trial
        if is_trial:
            return summary
        prepared = prepare(order, rows, at=at, heard=lambda n, share: heard(n, (1 + 2 * share) / 3))
        return write(order, rows, prepared, summary)
