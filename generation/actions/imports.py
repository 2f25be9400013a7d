"""Answers produced elsewhere become a finished run: all of them, or none and the reasons."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from corpus import spool
from corpus.models import Prompt, PromptSet
from corpus.reading import Problems
from gate.text import accept, digest
from generation.actions.known import Known
from generation.actions.language_models import register_model
from generation.actions.matching import Counted, Desk
from generation.actions.refusals import Refusal, named
from generation.conversation import script
from generation.imports import fastchat, generic, inspect, lm_eval, promptfoo, xstest
from generation.imports.found import Read
from generation.models import Completion, Condition, LanguageModel, Run
from generation.queue import State

FORMATS: Mapping[str, Read] = {
    "jsonl": generic.read_jsonl,
    "csv": generic.read_csv,
    "xstest": xstest.read,
    "fastchat": fastchat.read,
    "inspect": inspect.read,
    "promptfoo": promptfoo.read,
    "lm-eval": lm_eval.read,
}
BY_SUFFIX = {".csv": "csv", ".jsonl": "jsonl", ".eval": "inspect"}
# Hears after every batch how many rows are through, and how far that is, 0 to 1.
Heard = Callable[[int, float], None]


@dataclass(frozen=True)
class Imported:
    """What came in, or in a trial what would. `n_without` prompts of the set got no answer."""

    counted: Counted
    n_without: int
    made: Run | None

    @property
    def run(self) -> Run:
        """The finished run. A trial has none."""
        if self.made is None:
            raise LookupError("A trial makes no run.")
        return self.made

    @property
    def n_answers(self) -> int:
        return self.counted.n_answers


@dataclass(frozen=True)
class Source:
    """The file and what is said of it, as every answer keeps it."""

    prompt_set: PromptSet
    model_name: str
    condition: Condition | None
    file_name: str
    file_digest: str
    layout: str
    is_sample: bool
    by: User | None
    at: datetime


def import_completions(
    *,
    by: User | None,
    file: BinaryIO,
    file_name: str,
    layout: str,
    prompt_set: PromptSet,
    model_name: str,
    at: datetime,
    condition: Condition | None = None,
    answered_by: str = "",
    is_sample: bool = False,
    is_trial: bool = False,
    heard: Heard = lambda n, share: None,
) -> Imported:
    """Read a file of answers. `BadFile` names every row at fault, and nothing is kept then.

    `answered_by` chooses among those who answered in one file, by the file's names. A trial reads
    everything and keeps nothing.
    """
    if layout not in FORMATS:
        raise Refusal(
            gettext("The format '%(layout)s' is not known. Use one of: %(formats)s.")
            % {"layout": layout, "formats": ", ".join(FORMATS)}
        )
    model_name = named(model_name, gettext("A model needs a name."), limit=120)
    source = Source(
        prompt_set, model_name, condition, file_name[:200], _digest(file), layout, is_sample, by, at
    )  # fmt: skip
    problems, size = Problems(), _size(file)
    desk = Desk(
        Known(prompt_set), problems, accept(answered_by, where=gettext("The name"), limit=200)
    )
    with spool.opened() as rows:
        counted = desk.take(
            FORMATS[layout](file, problems), rows, lambda n: heard(n, _share(file, size))
        )
        n_without = desk.known.n - counted.n_prompts
        made = None if is_trial else _write(source, desk, rows)
    return Imported(counted, n_without, made)


@transaction.atomic
def _write(source: Source, desk: Desk, rows: spool.Spool) -> Run:
    counted = desk.counted
    model = LanguageModel.objects.filter(name=source.model_name).first() or register_model(
        by=source.by, name=source.model_name
    )
    run = Run.objects.create(
        prompt_set=source.prompt_set,
        model=model,
        condition=source.condition,
        replicates=counted.replicates,
        plays_turns=counted.plays_turns,
        is_imported=True,
        is_sample=source.is_sample,
        state="done",
        started_at=source.at,
        finished_at=source.at,
        created_by=source.by,
    )
    for batch in rows.batches():
        said = [each for each, _ in batch if desk.counts(each)]
        Completion.objects.bulk_create(_rows(run, source, said))
    note = f"{source.file_name}, {counted.n_answers}"
    record(by=source.by, verb="completions imported", target=run.pk, note=note)
    return run


def _rows(run: Run, source: Source, said: list[dict[str, Any]]) -> list[Completion]:
    scripts = _scripts(said) if run.plays_turns else {}
    return [
        Completion(
            run=run,
            prompt_id=each["prompt"],
            replicate=each["replicate"],
            state=State.DONE,
            text=each["text"],
            reasoning=each["reasoning"],
            digest=digest(each["text"]),
            finish_reason=each["finish_reason"],
            n_prompt_tokens=each["n_prompt_tokens"],
            n_completion_tokens=each["n_completion_tokens"],
            latency_s=each["latency_s"],
            trajectory=_trajectory(scripts.get(each["prompt"], []), each),
            completed_at=source.at,
            provenance=_provenance(run, source, each),
        )
        for each in said
    ]


def _scripts(said: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    prompts = Prompt.objects.in_bulk([each["prompt"] for each in said])
    return {pk: script(prompt.messages) for pk, prompt in prompts.items()}


def _trajectory(asked: list[str], said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The turns as a run of ours keeps them; what the file does not tell of each is not known."""
    unknown = {
        "reasoning": "", "finish_reason": "", "n_prompt_tokens": None, "n_completion_tokens": None,
        "latency_s": None,
    }  # fmt: skip
    turns = said["turns"] or [said["text"]]
    if len(asked) != len(turns):
        return []
    return [
        {"said": person, "text": text, **unknown} for person, text in zip(asked, turns, strict=True)
    ]


def _provenance(run: Run, source: Source, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the file tells, under the names that runs of ours use, and the file itself."""
    told = {
        "model": run.model.name,
        "condition": source.condition.name if source.condition else "",
        "imported_from": source.file_name,
        "file_digest": source.file_digest,
        "format": source.layout,
        "row": said["row"],
        "replicate": said["replicate"],
    }
    return {**{name: value for name, value in told.items() if value != ""}, **said["told"]}


def _digest(file: BinaryIO) -> str:
    made = hashlib.sha256()
    while chunk := file.read(1 << 20):
        made.update(chunk)
    file.seek(0)
    return made.hexdigest()


def _size(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def _share(file: BinaryIO, size: int) -> float:
    return min(file.tell() / size, 1.0) if size else 1.0


def notes(done: Imported) -> Iterator[str]:
    """What a person should know besides the number of answers, in words."""
    found = done.counted
    if done.n_without:
        yield gettext("%(without)s prompts of the set have no answer in this file.") % {
            "without": f"{done.n_without:,}"
        }
    if found.n_passed:
        said = gettext("row %(row)s: %(reason)s")
        first = "; ".join(said % {"row": row, "reason": why} for row, why in found.passed[:3])
        yield gettext("%(passed)s rows of the file hold no answer (%(first)s).") % {
            "passed": f"{found.n_passed:,}",
            "first": first,
        }
    if found.n_replaced:
        yield gettext(
            "%(replaced)s questions were answered again later: the last answer counts."
        ) % {"replaced": f"{found.n_replaced:,}"}
    if found.n_others:
        yield gettext("%(others)s rows are of others who answered in the same file.") % {
            "others": f"{found.n_others:,}"
        }
    if found.n_differing:
        rows = ", ".join(map(str, found.differing))
        more = gettext(" and more") if found.n_differing > len(found.differing) else ""
        yield (
            gettext(
                "In %(differing)s rows the question is worded otherwise than the prompt with this "
                "id (rows %(rows)s%(more)s)."
            )
            % {"differing": f"{found.n_differing:,}", "rows": rows, "more": more}
        )
    if found.plays_turns:
        yield gettext("The answers are conversations that were played turn by turn.")
