"""What a worker does with a file: claim it, read and check it, prepare it, write it at once.

Killed anywhere, nothing is half there: the last step is one transaction, and it ends with the row
that says so. Run twice, the second finds nothing to claim.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from corpus import inbox, spool
from corpus.actions.arriving import order_of
from corpus.actions.intake import Imported, read
from corpus.actions.orders import Order
from corpus.actions.preparing import prepare
from corpus.actions.refusals import Refused
from corpus.actions.writing import write
from corpus.models import Upload
from corpus.reading import BadFile, Problem
from gate.identity import new_id
from gate.text import BadText

log = logging.getLogger(__name__)
# The list of problems for download; the page shows the first of them.
KEPT = 1000
BEAT_S = 0.4
# Rows that even a slow database writes in a second: so long may nobody take a write over.
WRITTEN_A_SECOND = 50


class Lost(Exception):
    """The file was taken out of this worker's hands: stopped, purged, or given to another."""


def bring_in(upload_id: str) -> None:
    """One file, if it still waits. Whatever is refused is written on its row."""
    worker = new_id()
    if not Upload.objects.claim(upload_id, worker=worker, at=timezone.now()):
        return
    _Work(Upload.objects.select_related("by").get(pk=upload_id), worker).run()


class _Work:
    """One file in the hands of one worker."""

    def __init__(self, upload: Upload, worker: str) -> None:
        self.upload, self.worker = upload, worker
        self.told_at = 0.0

    def run(self) -> None:
        try:
            self._bring_in(order_of(self.upload))
        except Lost:
            return
        except BadFile as error:
            self._fail(error.problems, error.total)
        except (Refused, BadText) as error:
            self._fail([Problem(None, "", str(error))])
        except FileNotFoundError:
            self._fail([Problem(None, "", "The file is no longer here. Send it again.")])
        except OperationalError:  # a database that is busy or away: another try may do
            Upload.objects.held(self.upload.pk, self.worker).update(
                state="pending", claimed_by="", lease_expires_at=None
            )
            raise
        except Exception:
            log.exception("upload %s", self.upload.pk)
            self._fail([Problem(None, "", "The Studio could not finish this. Its log says why.")])

    def _bring_in(self, order: Order) -> None:
        trial = self.upload.is_trial
        ends = 100 if trial else 25 if order.is_of_pairs else 90
        place = inbox.file(self.upload.pk)
        with spool.opened(inbox.folder(self.upload.pk)) as rows:
            summary = read(order, place, rows, heard=self._heard(0, ends), keep=KEPT)
            summary.is_trial = trial
            self._tell(n_rows=summary.n_rows, n_done=0)
            if trial:
                self._finish(summary, "tried")
                return
            at = timezone.now()
            prepared = prepare(order, rows, at=at, heard=self._heard(ends, 95))
            self._hold_for_writing(summary.n_rows)
            write(order, rows, prepared, summary, then=self._done)
        inbox.remove(self.upload.pk)

    def _heard(self, since: int, till: int) -> Any:
        def heard(n: int, share: float) -> None:
            if time.monotonic() - self.told_at >= BEAT_S:
                self._tell(n_done=n, percent=since + int((till - since) * share))

        return heard

    def _tell(self, **values: Any) -> None:
        """Renew the lease and say how far it is."""
        self.told_at = time.monotonic()
        at = timezone.now()
        if not Upload.objects.renew(self.upload.pk, worker=self.worker, at=at, **values):
            raise Lost

    def _hold_for_writing(self, n_rows: int) -> None:
        """The write tells nobody how far it is, so it may take its time from the start."""
        at = timezone.now() + timedelta(seconds=n_rows / WRITTEN_A_SECOND)
        said = {"state": "writing", "percent": 96, "n_done": n_rows}
        if not Upload.objects.renew(self.upload.pk, worker=self.worker, at=at, **said):
            raise Lost

    def _done(self, summary: Imported) -> None:
        """Inside the write: either the rows are there and this says so, or neither."""
        self._finish(
            summary,
            "done",
            source=summary.source,
            prompt_set=summary.prompt_set,
            seen={},
            percent=100,
        )

    def _finish(self, summary: Imported, state: str, **values: Any) -> None:
        self._let_go(state, counts=counts_of(summary), n_rows=summary.n_rows, **values)

    def _fail(self, problems: Sequence[Problem], total: int | None = None) -> None:
        said = [vars(problem) for problem in problems]
        try:
            self._let_go("failed", problems=said, n_problems=total or len(said))
        except Lost:
            return

    def _let_go(self, state: str, **values: Any) -> None:
        held = Upload.objects.held(self.upload.pk, self.worker)
        free = {"claimed_by": "", "lease_expires_at": None, "finished_at": timezone.now()}
        if held.update(state=state, **free, **values) != 1:
            raise Lost


def counts_of(summary: Imported) -> list[list[Any]]:
    """The counts as the row keeps them: kind, word, number."""
    rows: list[list[Any]] = [["rows", "", summary.n_rows]]
    for kind, counted in (
        ("action", summary.by_action),
        ("domain", summary.by_domain),
        ("origin", summary.by_origin),
    ):
        rows += [[kind, word, n] for word, n in sorted(counted.items())]
    if summary.n_repeated:
        rows.append(["repeated", ", ".join(map(str, summary.repeated)), summary.n_repeated])
    return rows
