"""What kind of content comes, said before it comes: domains, how hard they are, how many items."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.care import TOP
from annotation.models import Assignment, Item, Study

SEVERITIES = {
    1: gettext_lazy("mild"),
    2: gettext_lazy("hard to read"),
    3: gettext_lazy("severe"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of content of a study."""

    domain: str
    example: str  # in plain words
    severity: str
    n: int


@dataclass(frozen=True)
class Warned:
    """What is said of one item before its text."""

    domain: str
    severity: str
    is_severe: bool


def of_study(study: Study, within: Q | None = None) -> list[Kind]:
    """All kinds, the hardest first; of the items `within` a condition. One query, which looks at
    each item of the study: for doors, never for the next item.
    """
    rows = (
        Item.objects.filter(within or Q(), study=study)
        .order_by()
        .values_list("domain__name", "severity")
        .annotate(n=Count("pk"), example=Max("domain__definition"))
        .order_by("-severity", "-n", "domain__name")
    )
    return [
        Kind(domain or _("No domain named"), example or "", str(SEVERITIES[severity]), n)
        for domain, severity, n, example in rows
    ]


def of_item(assignment: Assignment) -> Warned:
    """The item's domain and how hard it is: the same for every answer, so it tells no arm."""
    item = assignment.item
    domain = item.domain.name if item.domain else _("No domain named")
    return Warned(domain, str(SEVERITIES[item.severity]), item.severity >= TOP)
