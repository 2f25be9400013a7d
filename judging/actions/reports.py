"""Reports: asked for, computed by whoever claims them, asked for again when out of date."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils.translation import get_language

from accounts.models import User
from annotation import disputes
from annotation.models import Rubric
from gate.identity import new_id
from judging.models import Report
from judging.reports import drawing, freshness, making

log = logging.getLogger(__name__)

# A report of a very large study; a worker that is lost gives it back after this.
LEASE = timedelta(minutes=20)
# A bell that nobody answered rings again.
SILENCE = timedelta(seconds=60)
# With fewer ratings the page that asks computes the report itself.
AT_ONCE = 5_000
TASK = "judging.tasks.report"


def report_on(
    *, by: User | None, kind: str, rubric: Rubric, at: datetime, **subjects: Any
) -> Report:
    """The report on these subjects, made and asked for if there is none yet.

    `disputes.Hidden` of a study that keeps agreement to itself until it closes.
    """
    if study := subjects.get("study"):
        disputes.refuse_hidden(study)
    key = Report.key_of(kind, rubric=rubric, **subjects)
    fresh = {"kind": kind, "rubric": rubric, "asked_at": at, "asked_by": by, **subjects}
    found, is_new = Report.objects.get_or_create(key=key, defaults=fresh)
    if is_new and freshness.n_ratings(found) >= AT_ONCE:
        transaction.on_commit(partial(_ring, found.pk), robust=True)
    return found


def ask_again(*, by: User | None, report: Report, at: datetime) -> bool:
    """Computed anew; the last result stays readable meanwhile. False: somebody is at it already."""
    again = Report.objects.filter(pk=report.pk, state__in=["done", "failed"]).update(
        state="pending", attempts=0, error="", asked_at=at, asked_by=by
    )
    if again:
        transaction.on_commit(partial(_ring, report.pk), robust=True)
    return again == 1


def bring_up_to_date(*, report: Report, at: datetime) -> bool:
    """What a page does for a small report that is missing or out of date. True: it is fresh now."""
    if freshness.n_ratings(report) >= AT_ONCE:
        return False
    if report.state == "done":
        Report.objects.filter(pk=report.pk, state="done").update(
            state="pending", attempts=0, error="", asked_at=at
        )
    return compute(report_id=report.pk, at=at)


def compute(*, report_id: str, at: datetime) -> bool:
    """Claim the report and compute it. False: another holds it, or it could not be made.

    The digest is taken before anything is read, so what comes meanwhile makes the report out of
    date rather than being missed.
    """
    worker = new_id()
    held = Report.objects.filter(pk=report_id)
    if not held.claim(worker=worker, at=at, limit=1):
        return False
    held.filter(claimed_by=worker).update(lease_expires_at=at + LEASE)
    report = Report.objects.with_subjects().get(pk=report_id)
    try:
        digest = freshness.of(report)
        result = making.make(report)
    except Exception as error:  # whatever it was, the page says so and offers another try
        log.exception("The report %s could not be made.", report_id)
        held.finish(report_id, worker=worker, state="failed", error=f"{error}"[:500])
        return False
    return held.finish(
        *(report_id,),
        worker=worker,
        state="done",
        error="",
        result=result,
        figures={},
        input_digest=digest,
        computed_at=at,
    )


def figures_of(*, report: Report) -> dict[str, str]:
    """The figures as SVG by their key, in the reader's language: drawn once, then kept."""
    language, document = get_language() or "en", report.said
    if language in report.figures or document is None:
        drawn: dict[str, str] = report.figures.get(language, {})
        return drawn
    drawn = drawing.of_document(document)
    with transaction.atomic():
        same = Report.objects.filter(pk=report.pk, computed_at=report.computed_at)
        for row in same.select_for_update().only("figures"):
            same.update(figures=row.figures | {language: drawn})
    return drawn


def sweep_reports(*, at: datetime) -> tuple[int, int]:
    """Return expired leases; ring for reports that nobody works on: (rows, bells)."""
    returned = Report.objects.all().sweep(at=at)
    waiting = Report.objects.filter(state="pending", asked_at__lt=at - SILENCE)
    keys = list(waiting.order_by("asked_at").values_list("pk", flat=True)[:50])
    Report.objects.filter(pk__in=keys, state="pending").update(asked_at=at)
    for key in keys:
        _ring(key)
    return returned, len(keys)


def _ring(report_id: str) -> None:
    current_app.send_task(TASK, args=[report_id], retry=False)
