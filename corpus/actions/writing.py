"""Everything of a spool into the database at once: one transaction, as short as it can be."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from corpus.actions import results
from corpus.actions.families import place
from corpus.actions.intake import Imported
from corpus.actions.orders import Order
from corpus.actions.preparing import Prepared, pair_of, version_of
from corpus.actions.refusals import NotNow
from corpus.actions.rows import insert
from corpus.actions.sets import add_entries, new_set, set_digest
from corpus.actions.splits import mend
from corpus.models import Band, CheckResult, Pair, Prompt, Reference, Sketch, Source, Version
from corpus.spool import Said, Spool
from gate.text import digest

BATCH = 500
# Responses that others sent while ours were prepared are compared again; more than these wait for
# `diversity --rebuild`.
MAX_LATE = 200


def write(
    order: Order,
    spool: Spool,
    prepared: Prepared,
    summary: Imported,
    *,
    then: Callable[[Imported], None] = lambda summary: None,
) -> Imported:
    """All or nothing. `then` is called last in the transaction: what it raises undoes all."""
    content = "" if order.is_of_pairs else set_digest(_said_by(spool))
    try:
        with transaction.atomic():
            summary.source = stored_source(order)
            if order.is_of_pairs and order.by:
                _write_pairs(order.by, spool, prepared, summary.source)
                what = f"{summary.n_rows} pairs"
            else:
                _write_set(order, spool, content, summary)
                what = f"{summary.n_rows} prompts: {summary.prompt_set}"
            record(by=order.by, verb="imported", target=summary.source.name, note=what)
            then(summary)
    except IntegrityError as error:
        raise NotNow(
            gettext(
                "Somebody changed what this file builds on while it was read. Nothing was "
                "imported: try again."
            )
        ) from error
    return summary


def stored_source(order: Order) -> Source:
    """The source's row, held until the end so that nobody purges it meanwhile."""
    order.source()
    terms = {**order.terms(), "created_by": order.by}
    found, _ = Source.objects.get_or_create(name=order.source_name, defaults=terms)
    Source.objects.select_for_update().get(pk=found.pk)
    return order.source()


# Pairs


def _write_pairs(by: User, spool: Spool, prepared: Prepared, source: Source) -> None:
    late = list(_late(prepared.at)[:MAX_LATE])
    versions: list[str] = []
    for batch in spool.batches(BATCH):
        Pair.objects.bulk_create(pair_of(said, made, by=by, source=source) for said, made in batch)
        Version.objects.bulk_create(
            version_of(said, made, by=by, at=prepared.at) for said, made in batch
        )
        _write_sketches([made for _, made in batch], prepared)
        for model, name in ((Reference, "references"), (CheckResult, "results")):
            found = [row for _, made in batch for row in made[name]]
            if found:
                insert(model, list(found[0]), (list(row.values()) for row in found))
        versions += [made["version"] for _, made in batch]
    for family in prepared.merged:
        Sketch.objects.filter(family=family).update(family=prepared.name(family))
    mend({prepared.name(family) for family in prepared.merged})
    place(late)
    for start in range(0, len(versions), BATCH):
        results.mark_near_copies(versions[start : start + BATCH])


def _late(since: datetime) -> Any:
    newer = Q(saved_at__gte=since) | Q(submitted_at__gte=since)
    return Version.objects.filter(newer, sketch__isnull=False).order_by("pk")


def _write_sketches(batch: list[dict[str, Any]], prepared: Prepared) -> None:
    drawn = [made for made in batch if made["family"]]
    insert(
        Sketch,
        ("version_id", "words_digest", "family"),
        ((made["version"], made["words"], prepared.name(made["family"])) for made in drawn),
    )
    bands = ((made["version"], key) for made in drawn for key in made["bands"])
    insert(Band, ("sketch_id", "key"), bands)


# Prompts


def _said_by(spool: Spool) -> Iterator[tuple[str, str]]:
    for batch in spool.batches():
        yield from ((said["digest"], said["external_id"]) for said, _ in batch)


def _write_set(order: Order, spool: Spool, content: str, summary: Imported) -> None:
    made = new_set(
        by=order.by, name=order.set_name, slug="", description=order.layout.notes,
        source=summary.source, content=content,
    )  # fmt: skip
    shelf = Shelf(summary.source)
    position = 1
    for batch in spool.batches(BATCH):
        prompts = shelf.place([_prompt(said, summary.source) for said, _ in batch])
        rows = [
            (each.pk, said["external_id"]) for each, (said, _) in zip(prompts, batch, strict=True)
        ]
        add_entries(made, rows, start=position)
        position += len(rows)
    summary.prompt_set = made


def _prompt(said: Said, source: Source) -> Prompt:
    columns = {name: value for name, value in said.items() if name != "external_id"}
    return Prompt(source=source, **columns)


class Shelf:
    """The prompts of a source: identical ones are used again, each once a file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.used: Counter[str] = Counter()

    def place(self, prompts: list[Prompt]) -> list[Prompt]:
        """Every prompt stored, in the same order. Two queries."""
        free = self._free({prompt.digest for prompt in prompts})
        fresh = []
        for prompt in prompts:
            key = digest([prompt.digest, prompt.language, prompt.country, prompt.domain_id,
                          prompt.category, prompt.expected_action])  # fmt: skip
            known = free.get(key, [])
            if known and self.used[key] < len(known):
                prompt.pk = known[self.used[key]]
                self.used[key] += 1
            else:
                fresh.append(prompt)
        Prompt.objects.bulk_create(fresh)
        return prompts

    def _free(self, digests: set[str]) -> dict[str, list[str]]:
        """The stored prompts with these words, by everything that makes two the same."""
        columns = ("digest", "language", "country", "domain_id", "category", "expected_action")
        found: dict[str, list[str]] = {}
        stored = self.source.prompts.filter(digest__in=digests).order_by("created_at", "id")
        for pk, *rest in stored.values_list("pk", *columns):
            found.setdefault(digest(rest), []).append(pk)
        return found
