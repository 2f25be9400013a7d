"""Answers produced elsewhere become a finished run: all of them, or none and the reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from corpus.models import PromptSet
from corpus.reading import Problems
from gate.text import digest
from generation.actions.language_models import register_model
from generation.actions.refusals import Refusal
from generation.imports import fastchat, generic, inspect, xstest
from generation.imports.found import Found, Read
from generation.models import Completion, LanguageModel, Run
from generation.queue import State

FORMATS: Mapping[str, Read] = {
    "jsonl": generic.read_jsonl,
    "csv": generic.read_csv,
    "xstest": xstest.read,
    "fastchat": fastchat.read,
    "inspect": inspect.read,
}
BATCH = 1000


@dataclass(frozen=True)
class Imported:
    """The finished run, and how many prompts of the set got no answer."""

    run: Run
    n_answers: int
    n_without: int


@transaction.atomic
def import_completions(
    *,
    by: User | None,
    file: BinaryIO,
    file_name: str,
    layout: str,
    prompt_set: PromptSet,
    model_name: str,
    at: datetime,
    is_sample: bool = False,
) -> Imported:
    """Read a file of answers. `BadFile` names every row at fault, and nothing is kept then."""
    if layout not in FORMATS:
        raise Refusal(f"The format {layout!r} is not known. Use one of: {', '.join(FORMATS)}.")
    matched = _match(FORMATS[layout], file, prompt_set)
    model = LanguageModel.objects.filter(name=model_name).first() or register_model(
        by=by, name=model_name
    )
    run = Run.objects.create(
        prompt_set=prompt_set,
        model=model,
        replicates=max(replicate for _, replicate in matched),
        is_imported=True,
        is_sample=is_sample,
        state="done",
        started_at=at,
        finished_at=at,
        created_by=by,
    )
    told = {"model": model.name, "imported_from": file_name[:200], "format": layout}
    Completion.objects.bulk_create(_rows(run, matched, told, at), batch_size=BATCH)
    record(by=by, verb="completions imported", target=run.pk, note=f"{file_name}, {len(matched)}")
    prompts = {prompt for prompt, _ in matched}
    return Imported(run, len(matched), prompt_set.entries.count() - len(prompts))


Matched = dict[tuple[str, int], Found]


def _match(read: Read, file: BinaryIO, prompt_set: PromptSet) -> Matched:
    """Answers by (prompt, replicate). Every row at fault is counted before refusing."""
    problems = Problems()
    known = _known_ids(prompt_set)
    unknown = f"is not in the prompt set '{prompt_set}'. {_example(prompt_set)}"
    matched: Matched = {}
    for found in read(file, problems):
        prompt = next((known[key] for key in found.keys if key in known), None)
        if prompt is None:
            problems.add(found.row, "id", f"{found.keys[0][:60]!r} {unknown}")
        elif (prompt, found.replicate) in matched:
            first = matched[prompt, found.replicate].row
            problems.add(
                found.row,
                "id",
                f"{found.keys[0]!r} is answered in row {first} already. "
                "Number several answers to a prompt in a column 'replicate'.",
            )
        else:
            matched[prompt, found.replicate] = found
    if not matched and not problems.total:
        problems.stop(None, "The file holds no answers.")
    problems.raise_if_any()
    return matched


def _known_ids(prompt_set: PromptSet) -> dict[str, str]:
    """Prompts by the id that their source gave them, and by their own."""
    entries = list(prompt_set.entries.values_list("external_id", "prompt_id"))
    return {prompt: prompt for _, prompt in entries} | {
        external: prompt for external, prompt in entries if external
    }


def _example(prompt_set: PromptSet) -> str:
    entry = prompt_set.entries.order_by("position").first()
    known = (entry.external_id or entry.prompt_id) if entry else ""
    return f"Its {prompt_set.entries.count():,} ids look like {known!r}."


def _rows(
    run: Run, matched: Matched, told: Mapping[str, str], at: datetime
) -> Iterator[Completion]:
    for (prompt, replicate), found in matched.items():
        yield Completion(
            run=run,
            prompt_id=prompt,
            replicate=replicate,
            state=State.DONE,
            text=found.text,
            reasoning=found.reasoning,
            digest=digest(found.text),
            finish_reason=found.finish_reason,
            completed_at=at,
            provenance={**told, "row": found.row},
        )
