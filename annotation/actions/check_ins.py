"""How people say they are: theirs to give, to change and to take back. No study knows of it."""

from datetime import date

from django.utils.translation import gettext

from accounts.models import User
from annotation.models import CheckIn


class Unfit(ValueError):
    """Not one of the five."""

    http_status = 422


def answer(*, by: User, strain: int, day: date) -> CheckIn:
    """One a day; a second one takes the place of the first."""
    if strain not in range(1, 6):
        raise Unfit(gettext("Choose one of the five."))
    return CheckIn.objects.update_or_create(user=by, day=day, defaults={"strain": strain})[0]


def forget(*, by: User, pk: str | None = None) -> int:
    """Delete one of one's own, or all; how many went. Nothing of them is kept."""
    mine = CheckIn.objects.filter(user=by)
    return (mine if pk is None else mine.filter(pk=pk)).delete()[0]
