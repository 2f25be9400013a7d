"""What a study will cost, told before it is made: how many ratings, how many hours of whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Seconds, our proposal: reading the prompt, reading an answer, a criterion of it, choosing one.
PROMPT, ANSWER, CRITERION, CHOICE = 30, 30, 10, 15


@dataclass(frozen=True)
class Plan:
    """What was chosen for a study that is not made yet."""

    n_items: int
    n_arms: int
    n_criteria: int  # 0 where only a preference is asked
    k: int
    asks_preference: bool = False
    n_shared: int | None = None  # None: all
    n_core: int = 0
    repeat_percent: int = 0
    repeat_after_days: int = 3

    @property
    def n_by_k(self) -> int:
        """Items that k people rate."""
        others = max(0, self.n_items - self.n_core)
        return others if self.n_shared is None else min(self.n_shared, others)

    @property
    def n_by_one(self) -> int:
        return max(0, self.n_items - self.n_core - self.n_by_k)

    @property
    def n_ratings(self) -> int:
        """Items times people, without the core, which grows with every rater."""
        return self.n_by_k * self.k + self.n_by_one

    @property
    def seconds(self) -> int:
        """For one item."""
        each = ANSWER + CRITERION * self.n_criteria
        return PROMPT + self.n_arms * each + CHOICE * self.asks_preference

    @property
    def is_more_than_there_is(self) -> bool:
        """More core and shared items than items."""
        return self.n_core + (self.n_shared or 0) > self.n_items

    def sentences(self) -> Iterator[str]:
        """The plan in words, the sum first."""
        yield _("%(items)s, %(each)s: %(ratings)s, about %(time)s of rating in all.") % {
            "items": ngettext("%(n)s item", "%(n)s items", self.n_items) % {"n": self.n_items},
            "each": self._each(),
            "ratings": ngettext("%(n)s rating", "%(n)s ratings", self.n_ratings)
            % {"n": self.n_ratings},
            "time": time(self.n_ratings * self.seconds),
        }
        if self.n_core:
            yield _(
                "Everybody also rates the %(n)s items of the core: about %(time)s for each rater."
            ) % {"n": self.n_core, "time": time(self.n_core * self.seconds)}
        if self.repeat_percent:
            yield _(
                "Raters see %(percent)s %% of their items a second time, %(days)s days later or "
                "more: about %(time)s of rating in all."
            ) % {
                "percent": self.repeat_percent,
                "days": self.repeat_after_days,
                "time": time(self.n_ratings * self.seconds * self.repeat_percent // 100),
            }
        if self.k > 1 and (self.n_by_k or self.n_core):
            yield _("You need %(k)s raters or more.") % {"k": self.k}
        if self.is_more_than_there_is:
            yield _("The core and the shared items are more than there are items. Lower one.")

    def _each(self) -> str:
        raters = ngettext("%(n)s rater", "%(n)s raters", self.k) % {"n": self.k}
        if not self.n_by_one:
            return _("%(raters)s each") % {"raters": raters}
        return _("%(shared)s with %(raters)s, %(single)s with one") % {
            "shared": self.n_by_k,
            "raters": raters,
            "single": self.n_by_one,
        }


def time(seconds: int) -> str:
    """ "20 min" below an hour and a half, else "6 h"."""
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": f"{round(minutes / 60):,}"}
