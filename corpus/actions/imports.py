"""Imports: all of a file or nothing of it. Rows are read one by one and written in batches."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TypeVar

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from corpus.actions.families import place
from corpus.actions.intake import Desk, Imported, Shelf
from corpus.actions.refusals import NotYours
from corpus.actions.results import keep
from corpus.actions.sets import add_entries, check_name, new_set, set_digest
from corpus.directory import Directory
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, Format, PromptRow
from corpus.models import Pair, Source, Version

R = TypeVar("R", bound=PromptRow)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a file comes from; what is left empty, its format may know."""

    name: str = ""
    licence: str = ""
    url: str = ""
    revision: str = ""


@transaction.atomic
def import_prompts(
    *,
    by: User | None,
    file: BinaryIO,
    format: str,
    set_name: str,
    origin: Origin | None = None,
    expected_action: str = "",
    is_trial: bool = False,
) -> Imported:
    """A new prompt set of the file's prompts. `BadFile` with its problems, and nothing changed.

    `expected_action` is for rows that do not say it. A trial reads everything and keeps nothing.
    """
    layout = PROMPT_FORMATS[format]
    check_name(set_name)
    source = _source(by, origin or Origin(), layout, fallback=set_name)
    desk = Desk(source, layout, expected_action)
    shelf = Shelf(source)
    kept: list[tuple[str, str, str]] = []
    for batch in desk.batches(file):
        prompts = shelf.place([desk.prompt(row) for row in batch])
        kept += [
            (prompt.pk, prompt.digest, row.external_id)
            for prompt, row in zip(prompts, batch, strict=True)
        ]
    desk.finish()
    made = new_set(
        by=by, name=set_name, slug="", description="", source=source,
        content=set_digest((content, external_id) for _, content, external_id in kept),
    )  # fmt: skip
    add_entries(made, [(prompt_id, external_id) for prompt_id, _, external_id in kept])
    desk.summary.prompt_set = made
    return _finished(desk.summary, by=by, is_trial=is_trial, what=f"{len(kept)} prompts: {made}")


@transaction.atomic
def import_pairs(
    *,
    by: User,
    file: BinaryIO,
    format: str,
    origin: Origin,
    at: datetime,
    is_trial: bool = False,
) -> Imported:
    """Drafts by `by`, one a row. `BadFile` with its problems, and nothing changed."""
    if not by.can("pairs.write"):
        raise NotYours(f"{by} may not write pairs. Name a curator or an author.")
    layout = PAIR_FORMATS[format]
    source = _source(by, origin, layout, fallback=origin.name)
    desk = Desk(source, layout, "")
    directory = Directory.on(at.date())
    desk.taken = set(source.pairs.exclude(external_id="").values_list("external_id", flat=True))
    for batch in desk.batches(file):
        pairs = [Pair(created_by=by, source=source, external_id=row.external_id) for row in batch]
        Pair.objects.bulk_create(pairs)
        versions = [desk.version(row, pair, at) for row, pair in zip(batch, pairs, strict=True)]
        place(Version.objects.bulk_create(versions))
        keep(versions, at, directory)
    desk.finish()
    return _finished(desk.summary, by=by, is_trial=is_trial, what=f"{desk.summary.n_rows} pairs")


def _finished(summary: Imported, *, by: User | None, is_trial: bool, what: str) -> Imported:
    summary.is_trial = is_trial
    if is_trial:
        transaction.set_rollback(True)
    else:
        record(by=by, verb="imported", target=summary.source.name, note=what)
    return summary


def _source(by: User | None, origin: Origin, layout: Format[R], *, fallback: str) -> Source:
    name = origin.name.strip() or layout.source or fallback.strip()
    is_known = name == layout.source
    found, _ = Source.objects.get_or_create(
        name=name,
        defaults={
            "licence": origin.licence or (layout.licence if is_known else ""),
            "url": origin.url or (layout.url if is_known else ""),
            "revision": origin.revision,
            "created_by": by,
        },
    )
    return found
