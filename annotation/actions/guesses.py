"""The question at the end: which answer came from which arm? Asked once, of a rater's own items."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from annotation import guessing
from annotation.actions import allocation
from annotation.models import Guess, Seat, Study
from gate.text import accept


class Unfit(Exception):
    """The names or guesses do not fit; the message says which."""

    http_status = 422


class Begun(Exception):
    """It was asked already."""

    http_status = 409


@transaction.atomic
def name_arms(*, by: User | None, study: Study, labels: Sequence[str]) -> None:
    """In the order of the arms. Empty ones: raters are not asked to guess."""
    arms = list(study.arms.select_for_update().order_by("position"))
    given = [accept(label.strip(), where=_("The name"), limit=120) for label in labels]
    if len(given) != len(arms):
        raise Unfit(_("Give a name to each of the %(n)s arms, or to none.") % {"n": len(arms)})
    if any(given) and len({label.casefold() for label in given if label}) < len(arms):
        raise Unfit(_("Give each arm a name of its own, or leave all of them empty."))
    if Guess.objects.filter(study=study).exists():
        raise Begun(_("Raters have guessed with these names, so they stay."))
    for arm, label in zip(arms, given, strict=True):
        arm.guess_label = label
        arm.save(update_fields=["guess_label"])
    record(by=by, verb="arms named for guessing", target=study.slug)


class TooEarly(Exception):
    """Something is still to be rated, or nothing is asked; a name could colour what follows."""

    http_status = 409


def is_time(seat: Seat, *, at: datetime) -> bool:
    """Not before the last item: a name seen earlier could colour what follows."""
    return guessing.waits_for(seat) and allocation.is_through(seat=seat, at=at)


def refuse_early(seat: Seat, *, at: datetime) -> None:
    """Raises `TooEarly` unless the question is asked now."""
    if not is_time(seat, at=at):
        raise TooEarly(_("Nothing is asked here now: it comes once, after your last item."))


@transaction.atomic
def give(*, seat: Seat, given: Mapping[str, str], at: datetime) -> int:
    """Keeps a rater's guesses, once; `given` is assignment -> place of a label, or "none".

    Raises `Unfit` where one is missing or not among the labels, `Begun` the second time.
    """
    asked = guessing.questions(seat)
    labels = guessing.labels(seat.study)
    choices = {str(place): arm for place, arm in enumerate(labels, start=1)} | {"none": None}
    missing = [each for each in asked if given.get(each.assignment) not in choices]
    if missing or not asked:
        raise Unfit(_("Say something to each of the answers; “No idea” is one too."))
    moved = Seat.objects.filter(pk=seat.pk, guessed_at=None).update(guessed_at=at)
    if not moved:
        raise Begun(_("You have answered this before. Nothing was changed."))
    Guess.objects.bulk_create(
        Guess(
            study=seat.study,
            rater=seat.rater,
            completion_id=each.completion,
            arm_id=each.arm,
            guessed=choices[given[each.assignment]],
            created_at=at,
        )
        for each in asked
    )
    return len(asked)
