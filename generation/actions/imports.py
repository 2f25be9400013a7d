"""Answers produced elsewhere become a finished run: all of them, or none and the reasons."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from corpus.models import PromptSet
from gate.text import digest
from generation.actions.endpoints import register_model
from generation.actions.refusals import Refusal
from generation.imports import fastchat, generic, inspect, xstest
from generation.imports.found import Answers, BadFile, Found, without_end_mark
from generation.models import Completion, LanguageModel, Run
from generation.queue import State

FORMATS: Mapping[str, Callable[[Path], Answers]] = {
    "jsonl": generic.read_jsonl,
    "csv": generic.read_csv,
    "xstest": xstest.read,
    "fastchat": fastchat.read,
    "inspect": inspect.read,
}
MAX_REASONS = 10
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
    path: Path,
    layout: str,
    prompt_set: PromptSet,
    model_name: str,
    at: datetime,
    is_sample: bool = False,
) -> Imported:
    """Read a file of answers. `BadFile` names every row at fault, and nothing is kept then."""
    if layout not in FORMATS:
        raise Refusal(f"The format {layout!r} is not known. Use one of: {', '.join(FORMATS)}.")
    matched = _match(FORMATS[layout](path), prompt_set)
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
    told = {"model": model.name, "imported_from": path.name, "format": layout}
    Completion.objects.bulk_create(_rows(run, matched, told, at), batch_size=BATCH)
    record(by=by, verb="completions imported", target=run.pk, note=f"{path.name}, {len(matched)}")
    prompts = {prompt for prompt, _ in matched}
    return Imported(run, len(matched), prompt_set.entries.count() - len(prompts))


Matched = dict[tuple[str, int], Found]


def _match(answers: Iterator[Found], prompt_set: PromptSet) -> Matched:
    """Answers by (prompt, replicate). Every row at fault is collected before refusing."""
    known = _known_ids(prompt_set)
    matched: Matched = {}
    reasons: list[str] = []
    for found in answers:
        prompt = next((known[key] for key in found.keys if key in known), None)
        if prompt is None:
            reasons.append(_unknown(found, prompt_set, known))
        elif (prompt, found.replicate) in matched:
            first = matched[prompt, found.replicate].where
            reasons.append(
                f"{found.where}: id {found.keys[0]!r}, replicate {found.replicate} stands already "
                f"in {first}. Number them in a column 'replicate'."
            )
        else:
            matched[prompt, found.replicate] = found
        if len(reasons) == MAX_REASONS:
            break
    if not matched and not reasons:
        reasons.append("The file holds no answers.")
    if reasons:
        raise BadFile("\n".join(reasons))
    return matched


def _known_ids(prompt_set: PromptSet) -> dict[str, str]:
    """Prompts by the id that their source gave them, and by their own."""
    entries = list(prompt_set.entries.values_list("external_id", "prompt_id"))
    return {prompt: prompt for _, prompt in entries} | {
        external: prompt for external, prompt in entries if external
    }


def _unknown(found: Found, prompt_set: PromptSet, known: Mapping[str, str]) -> str:
    entry = prompt_set.entries.order_by("position").first()
    example = (entry.external_id or entry.prompt_id) if entry else ""
    return (
        f"{found.where}, column 'id': {found.keys[0][:60]!r} is not in the prompt set "
        f"'{prompt_set}'. Its {prompt_set.entries.count():,} ids look like {example!r}."
    )


def _rows(
    run: Run, matched: Matched, told: Mapping[str, str], at: datetime
) -> Iterator[Completion]:
    for (prompt, replicate), found in matched.items():
        text = without_end_mark(found.text)
        yield Completion(
            run=run,
            prompt_id=prompt,
            replicate=replicate,
            state=State.DONE,
            text=text,
            reasoning=found.reasoning,
            digest=digest(text),
            finish_reason=found.finish_reason[:40],
            completed_at=at,
            provenance={**told, "where": found.where},
        )
