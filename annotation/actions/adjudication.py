"""Settles what raters differ on. Their ratings stay; the settled value stands beside them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation import differences, disputes
from annotation.actions import raters
from annotation.models import Adjudication, Assignment, Criterion, Rater, Rating, Study
from gate.text import BadText, accept
from generation.models import Completion

MAX_NOTE = 5_000


class Unfit(Exception):
    """No such value, or no note; the message says what to mend."""

    http_status = 422


class OwnRating(Exception):
    """Who rated an answer does not settle what its raters differ on."""

    http_status = 403


class NotNow(Exception):
    """There is nothing to settle, or not yet, or no longer."""

    http_status = 409


@transaction.atomic
def settle(
    *,
    by: User,
    study: Study,
    completion: Completion,
    criterion: Criterion,
    value: int | None,
    note: str,
    at: datetime,
) -> Adjudication:
    """The settled value, once and for good, by somebody who did not rate this answer."""
    if disputes.are_hidden(study):
        raise NotNow(_("Differences are hidden until this study closes."))
    who = raters.of(by)
    if has_rated(who, completion):
        raise OwnRating(
            _("You rated this answer yourself. Somebody else settles it; your rating counts.")
        )
    _check_not_before_them(who, completion)
    _check_difference(study, completion, criterion)
    if value not in criterion.scale:
        raise Unfit(_("Choose the value that holds."))
    try:
        with transaction.atomic():
            made = Adjudication.objects.create(
                study=study,
                completion=completion,
                criterion=criterion,
                value=value,
                adjudicator=who,
                note=_reason(note),
                created_at=at,
            )
    except IntegrityError:  # one for each answer and criterion
        raise NotNow(_("Somebody settled this meanwhile. Their value stands.")) from None
    record(by=by, verb="difference settled", target=study.slug, note=made.pk)
    return made


def has_rated(rater: Rater, completion: Completion) -> bool:
    """Whether they ever rated it, in whatever study, even what they took back."""
    return Rating.everything.filter(rater=rater, completion=completion).exists()


def _check_not_before_them(rater: Rater, completion: Completion) -> None:
    """What others said would be in their head when they rate it; later it never comes to them."""
    held = Assignment.objects.leased().filter(rater=rater, item__answers__completion=completion)
    if held.exists():
        raise NotNow(_("This item is before you to be rated. Rate it, or skip it and then settle."))


def _check_difference(study: Study, completion: Completion, criterion: Criterion) -> None:
    given = Rating.objects.filter(study=study, completion=completion, criterion=criterion)
    values = list(given.filter(value__isnull=False).values_list("value", flat=True))
    if not (criterion.is_measured and differences.differ(criterion.kind, values)):
        raise NotNow(_("Raters do not differ on this, so there is nothing to settle."))


def _reason(note: str) -> str:
    try:
        words = accept(note.strip(), where=_("The note"), limit=MAX_NOTE)
    except BadText as error:
        raise Unfit(str(error)) from error
    if not words:
        raise Unfit(_("Say in a sentence why this value holds."))
    return words
