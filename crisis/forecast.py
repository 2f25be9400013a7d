"""What a file of services would bring to the directory, before anything is changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from crisis.models import Resource
from crisis.table import Details


@dataclass(frozen=True)
class Forecast:
    """How many rows; `n_voided` are those of the changed that would lose their verification."""

    n_added: int = 0
    n_changed: int = 0
    n_same: int = 0
    n_voided: int = 0


def forecast(rows: Iterable[Details]) -> Forecast:
    """As `actions.load_directory` would take them. One query."""
    known = {(row.name, row.channel, row.contact): row for row in Resource.objects.all()}
    new: dict[tuple[str, str, str], Details] = {}
    n_added = n_changed = n_same = n_voided = 0
    for details in rows:
        key = (details.name, details.channel, details.contact)
        row = known.get(key)
        stored = row.details() if row else new.get(key)
        if stored is None:
            n_added += 1
            new[key] = details
        elif stored == details or (row and row.retired_on):
            n_same += 1
        else:
            n_changed += 1
            n_voided += bool(row and row.verified_on)
    return Forecast(n_added, n_changed, n_same, n_voided)
