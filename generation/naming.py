"""Which completions name a service. The work is bounded: of many that may, the newest are read."""

from dataclasses import dataclass
from datetime import date

from crisis import mentions
from crisis.entries import Finding
from crisis.finding import find
from crisis.lookup import Lookup
from crisis.models import Resource
from generation.models import Completion

LOOKED_AT, SHOWN = 500, 50


@dataclass(frozen=True)
class Naming:
    """An answer, and where it names the service."""

    completion: Completion
    findings: list[Finding]


@dataclass(frozen=True)
class Named:
    """The newest answers that name it, among `n_read` that hold its words or digits."""

    rows: list[Naming]
    n_found: int
    n_read: int
    is_all: bool


def completions_naming(resource: Resource, on: date) -> Named:
    """One search through the texts of all answers, and at most `LOOKED_AT` of them read."""
    entry = resource.entry(on)
    answers = (
        Completion.objects.newest()
        .filter(mentions.likely(entry, "text"))
        .select_related("prompt", "run__model", "run__condition", "run__prompt_set")
        .defer("reasoning", "provenance")[: LOOKED_AT + 1]
    )
    likely = list(answers)
    # With the whole directory: a number that several countries share is each country's own row.
    lookup = Lookup(Resource.objects.all().entries(on))
    found = [
        Naming(each, findings)
        for each in likely[:LOOKED_AT]
        if (findings := _to(resource, find(each.text, each.prompt.country, lookup)))
    ]
    n_read = min(len(likely), LOOKED_AT)
    return Named(found[:SHOWN], len(found), n_read, is_all=len(likely) <= LOOKED_AT)


def _to(resource: Resource, findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.entry and each.entry.id == resource.pk]
