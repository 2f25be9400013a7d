"""What a release of a choice would leave out, and why: in counts of pairs."""

from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from corpus.models import Version
from corpus.models.pairs import Status
from exports.choice import Choice

Left = tuple[int, str | Promise]

WAITING: dict[str, str | Promise] = {
    Status.DRAFT: _("drafts that were not sent for review"),
    Status.IN_REVIEW: _("in review, not decided"),
    Status.CHANGES_REQUESTED: _("sent back for changes"),
    Status.REJECTED: _("rejected"),
}
STALE = _(
    "approved, but past their best-before date or naming a service that is retired or overdue"
)
NOT_CHOSEN = _("approved, and not among what is chosen")


def left_out(choice: Choice, *, on: date) -> list[Left]:
    """(how many, why), without the reasons that nothing has. Four queries."""
    chosen = choice.versions()
    n_fresh = chosen.fresh(on).count()
    found: list[Left] = [(chosen.count() - n_fresh, STALE), *_undecided(choice)]
    if choice:
        found.append((Version.objects.current().fresh(on).count() - n_fresh, NOT_CHOSEN))
    return [line for line in found if line[0]]


def _undecided(choice: Choice) -> list[Left]:
    """Pairs of which no version was ever approved, by the state of their newest."""
    approved = Version.objects.approved().filter(pair=OuterRef("pair"))
    newest = Version.objects.newest().filter(~Exists(approved)).filter(choice.of())
    counts = dict(newest.order_by().values_list("status").annotate(n=Count("pk")))
    return [(counts.get(status, 0), words) for status, words in WAITING.items()]
