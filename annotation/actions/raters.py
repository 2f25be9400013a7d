"""Raters, and the seats they take in studies."""

from datetime import datetime

from accounts.models import User
from annotation import ordering
from annotation.actions import practice
from annotation.models import Rater, Seat, Study


def of(user: User) -> Rater:
    """The rater that this person is. One query once they have rated."""
    return Rater.objects.get_or_create(
        user=user, defaults={"label": user.name, "is_sample": user.is_sample}
    )[0]


def from_elsewhere(*, label: str, origin: str, is_sample: bool = False) -> Rater:
    """Somebody whose ratings were made outside the Studio."""
    return Rater.objects.get_or_create(
        user=None, origin=origin[:120], label=label[:120], defaults={"is_sample": is_sample}
    )[0]


def seat(*, study: Study, rater: Rater, at: datetime) -> Seat:
    """The rater's seat in the study, taken on the first call."""
    begin = ordering.beginning(seed=study.seed, rater_id=rater.pk, n=study.n_items)
    taken, is_new = Seat.objects.get_or_create(
        study=study, rater=rater, defaults={"begin": begin, "joined_at": at}
    )
    taken.study, taken.rater = study, rater
    if is_new:
        practice.pass_where_there_is_none(seat=taken, at=at)
    return taken
