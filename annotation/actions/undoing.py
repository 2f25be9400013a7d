"""Takes back the last thing that a rater sent, for a while. Their answers become a draft again."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from annotation.actions import drafts, given, leases
from annotation.models import Assignment, Study
from gate.identity import new_id


class CannotUndo(Exception):
    """It is too late, or something was sent after it. Nothing was changed."""

    http_status = 409


def undo(*, assignment: Assignment, at: datetime) -> Assignment:
    """The item is leased to its rater again, on the place that it kept, with its answers filled in.

    What was said stays as history. The item that they had gone on to waits, with its draft.
    """
    try:
        with transaction.atomic():
            # A study that is being closed waits for this, or is closed by now.
            study = Study.objects.select_for_update().get(pk=assignment.study_id)
            if not study.is_open:
                raise CannotUndo(gettext("This study is closed. What you sent stays as it is."))
            _put_next_away(assignment)
            _lease_again(assignment, study, at)
            _fill_in_again(assignment, at)
            given.take_back(assignment, at)
    except IntegrityError as error:
        raise CannotUndo(gettext("Another tab was faster. Load the page to go on.")) from error
    return assignment


def _put_next_away(assignment: Assignment) -> None:
    held = Assignment.objects.leased().filter(
        study_id=assignment.study_id, rater_id=assignment.rater_id
    )
    for pk, token in list(held.values_list("pk", "token")):
        leases.release(pk=pk, token=token, to=Assignment.State.EXPIRED)


def _lease_again(assignment: Assignment, study: Study, at: datetime) -> None:
    mine = Assignment.objects.filter(study=study, rater_id=assignment.rater_id)
    later = mine.filter(state=Assignment.State.SUBMITTED, finished_at__gt=OuterRef("finished_at"))
    again = mine.filter(item_id=assignment.item_id, occasion__gt=assignment.occasion)
    last = mine.filter(
        ~Exists(later),
        ~Exists(again),
        pk=assignment.pk,
        state=Assignment.State.SUBMITTED,
        finished_at__gt=at - timedelta(minutes=study.undo_minutes),
    )
    token, end = new_id(), at + timedelta(minutes=study.lease_minutes)
    moved = last.update(
        state=Assignment.State.LEASED,
        token=token,
        lease_expires_at=end,
        finished_at=None,
        submit_key="",
        submit_digest="",
        repeat_due_at=None,
    )
    if not moved:
        raise CannotUndo(
            gettext(
                "Only what you sent last can be taken back, and only for %(n)s minutes. "
                "It stays as it is."
            )
            % {"n": study.undo_minutes}
        )
    assignment.state, assignment.token = Assignment.State.LEASED, token
    assignment.lease_expires_at = end


def _fill_in_again(assignment: Assignment, at: datetime) -> None:
    """Read once the row is ours, so that no other tab can change what is read."""
    assignment.draft = drafts.tidied(assignment, given.as_draft(assignment))
    mine = Assignment.objects.filter(pk=assignment.pk)
    mine.update(draft=assignment.draft, draft_saved_at=at)
