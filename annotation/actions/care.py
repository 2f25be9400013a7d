"""What care lets a rater see now. Every item that is given out is asked for here first."""

from dataclasses import dataclass
from datetime import datetime

from annotation.models import OptOut, Rater


@dataclass(frozen=True)
class Break:
    """A break is offered; the rater may go on after it."""


@dataclass(frozen=True)
class Cap:
    """Enough for today."""


def hidden_domains(rater: Rater) -> frozenset[str]:
    """Domains that the rater does not wish to see now, by id. One query."""
    hidden = OptOut.objects.filter(rater=rater).order_by()
    return frozenset(hidden.values_list("domain_id", flat=True))


def verdict(rater: Rater, at: datetime) -> Break | Cap | None:
    """Whether the rater may be given another item at this moment."""
    return None
