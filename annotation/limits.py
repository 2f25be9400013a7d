"""The limits of care as data: how much a rater should see, and where each number comes from."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Limit:
    """A limit with its unit, the default, and where that number comes from."""

    key: str
    unit: str | Promise
    default: int
    lowest: int
    highest: int
    says: str | Promise
    source: str | Promise


OURS = _("Our proposal: no source sets a number for clinicians who read text.")
LIMITS = (
    Limit(
        "day_minutes", _("minutes"), 120, 10, 240,
        _("At most so long in 24 hours, over all studies and devices. Nobody can wave it away."),
        _("Our proposal. Video moderators were capped at four hours a day in 2018, as newspapers "
          "reported; clinicians who rate beside their work are held to half of that."),
    ),
    Limit(
        "day_severe", _("severe items"), 60, 3, 200,
        _("At most so many severe items in 24 hours. Nobody can wave it away."), OURS,
    ),
    Limit(
        "break_minutes", _("minutes"), 20, 5, 120,
        _("A break is offered after so long at a stretch."), OURS,
    ),
    Limit(
        "break_severe", _("severe items"), 15, 3, 60,
        _("A break is offered after so many severe items at a stretch."), OURS,
    ),
    Limit(
        "in_a_row", _("severe items"), 3, 1, 10,
        _("After so many severe items in a row a milder one comes, or else a break is offered."),
        OURS,
    ),
    Limit(
        "rest_minutes", _("minutes"), 5, 1, 60,
        _("How long a break is. Whoever was away for so long has had theirs."), OURS,
    ),
    Limit(
        "silence_minutes", _("minutes"), 5, 1, 30,
        _("A longer silence is not counted as time at work."), OURS,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """The numbers in force."""

    day_minutes: int = 120
    day_severe: int = 60
    break_minutes: int = 20
    break_severe: int = 15
    in_a_row: int = 3
    rest_minutes: int = 5
    silence_minutes: int = 5

    @property
    def rest(self) -> timedelta:
        return timedelta(minutes=self.rest_minutes)

    @property
    def silence(self) -> timedelta:
        return timedelta(minutes=self.silence_minutes)
