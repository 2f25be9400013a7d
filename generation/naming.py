"""Which completions name a service. The work is bounded: of many answers, the newest are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crisis import mentions
from crisis.entries import Finding
from crisis.finding import find
from crisis.lookup import Lookup
from crisis.models import Resource
from generation.models import Completion

LOOKED_AT, SHOWN, BATCH = 20_000, 50, 1000


@dataclass(frozen=True)
class Naming:
    """An answer, and where it names the service."""

    completion: Completion
    findings: list[Finding]


@dataclass(frozen=True)
class Named:
    """The newest answers that name it, and how many of all were looked at to find them."""

    rows: list[Naming]
    n_read: int
    n_answers: int

    @property
    def is_all(self) -> bool:
        return self.n_read == self.n_answers


def completions_naming(resource: Resource, on: date) -> Named:
    """Looks at the newest `LOOKED_AT` answers, until `SHOWN` are found."""
    answers = Completion.objects.answered()
    newest = answers.order_by("-completed_at", "id").values_list("pk", flat=True)
    search = _Search(resource, list(newest[:LOOKED_AT]), on)
    return Named(list(search.rows()), search.n_read, answers.count())


class _Search:
    """The answers in this order, read in batches."""

    def __init__(self, resource: Resource, order: list[str], on: date) -> None:
        self.resource, self.order, self.n_read = resource, order, 0
        self.may_name = mentions.may_name(resource.entry(on))
        # The whole directory: a number that several countries share is each country's own row.
        self.lookup = Lookup(Resource.objects.all().entries(on))

    def rows(self) -> Iterator[Naming]:
        n_found = 0
        for start in range(0, len(self.order), BATCH):
            for completion in self._likely(self.order[start : start + BATCH]):
                if n_found == SHOWN:
                    return
                if findings := self._findings(completion):
                    n_found += 1
                    yield Naming(completion, findings)

    def _likely(self, pks: list[str]) -> list[Completion]:
        texts = dict(Completion.objects.filter(pk__in=pks).values_list("pk", "text"))
        self.n_read += len(pks)
        chosen = [pk for pk in pks if self.may_name(texts[pk])]
        rows = (
            Completion.objects.select_related(
                "prompt", "run__model", "run__condition", "run__prompt_set"
            )
            .defer("reasoning", "provenance")
            .in_bulk(chosen)
        )
        return [rows[pk] for pk in chosen]

    def _findings(self, completion: Completion) -> list[Finding]:
        found = find(completion.text, completion.prompt.country, self.lookup)
        return [each for each in found if each.entry and each.entry.id == self.resource.pk]
