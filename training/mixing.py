"""Which rows are trained on, so that the stated shares of refusals and answers hold. Pure.

Rows are left out, never repeated: a response seen twice as often is learnt twice as well.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from gate.text import digest


class CannotMix(ValueError):
    """A share is wanted of something that is not there."""

    http_status = 422


def chosen(kinds: Sequence[str], *, shares: Mapping[str, float], seed: int) -> list[int]:
    """The places of the rows to take, in their order. `kinds` is each row's expected action.

    As many as the scarcest kind allows; which ones, the seed and the place decide, so that the same
    rows are taken again when a run is resumed.
    """
    if not shares:
        return list(range(len(kinds)))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, kind in enumerate(kinds):
        places[kind].append(place)
    wanted = {kind: share for kind, share in shares.items() if share > 0}
    for kind, share in wanted.items():
        if not places[kind]:
            raise CannotMix(
                _(
                    "The configuration wants %(share)s of rows with the expected action "
                    "'%(kind)s', and the training split has none. It has %(counted)s."
                )
                % {"share": f"{share:.0%}", "kind": kind, "counted": _counted(places)}
            )
    total = min(len(places[kind]) / share for kind, share in wanted.items())
    taken: list[int] = []
    for kind, share in wanted.items():
        shuffled = sorted(places[kind], key=lambda place: digest(seed, place))
        taken += shuffled[: max(1, int(total * share + 1e-9))]
    return sorted(taken)


def counts(kinds: Sequence[str]) -> dict[str, int]:
    """Rows by expected action, the most first."""
    found = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))
    return {kind: kinds.count(kind) for kind in found}


def _counted(places: Mapping[str, Sequence[int]]) -> str:
    found = [
        _("%(n)s of '%(kind)s'") % {"n": f"{len(rows):,}", "kind": kind or _("none")}
        for kind, rows in places.items()
        if rows
    ]
    return ", ".join(found) or _("no rows at all")
