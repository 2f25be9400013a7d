"""Runs and their rows: started, cancelled, resumed, and each answer written once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from corpus.models import PromptSet
from gate.text import digest, visible
from generation.actions import jobs
from generation.actions.refusals import Refusal
from generation.bell import ring
from generation.conversation import over_all, provenance, script, turn_of
from generation.messages import ChatAnswer, ChatRequest
from generation.models import Completion, Condition, LanguageModel, Run
from generation.queue import State

MAX_ROWS = 1_000_000
BATCH = 1000


@transaction.atomic
def start_run(
    *,
    by: User | None,
    prompt_set: PromptSet,
    model: LanguageModel,
    condition: Condition,
    at: datetime,
    replicates: int = 1,
    plays_turns: bool = False,
    is_sample: bool = False,
    rings: bool = True,
) -> Run:
    """A run with a waiting row for every prompt and replicate; `rings` wakes a worker."""
    if model.endpoint_id is None:
        raise Refusal(
            _(
                "'%(model)s' has no endpoint: its answers can only be imported. Register a model "
                "with an endpoint to ask it."
            )
            % {"model": model}
        )
    if not 1 <= replicates <= 100:
        raise Refusal(_("Ask each prompt 1 to 100 times."))
    prompts = list(prompt_set.entries.order_by("position").values_list("prompt_id", flat=True))
    if not prompts:
        raise Refusal(_("The prompt set '%(prompt_set)s' is empty.") % {"prompt_set": prompt_set})
    if len(prompts) * replicates > MAX_ROWS:
        raise Refusal(_("A run asks for at most %(most)s answers.") % {"most": f"{MAX_ROWS:,}"})
    if plays_turns:
        _check_scripts(prompt_set)
    run = Run.objects.create(
        prompt_set=prompt_set,
        model=model,
        condition=condition,
        replicates=replicates,
        plays_turns=plays_turns,
        is_sample=is_sample,
        created_by=by,
    )
    rows = (
        Completion(run=run, prompt_id=prompt, replicate=number)
        for number in range(1, replicates + 1)
        for prompt in prompts
    )
    Completion.objects.bulk_create(rows, batch_size=BATCH)
    record(by=by, verb="run started", target=run.pk, note=str(run))
    if rings:
        ring(run, at=at)
    return run


def _check_scripts(prompt_set: PromptSet) -> None:
    """Every prompt needs a turn of the person to be played."""
    said = prompt_set.entries.order_by("position").values_list("prompt__messages", flat=True)
    n = sum(not script(messages) for messages in said.iterator())
    if n:
        raise Refusal(
            _(
                "%(n)s prompts of '%(prompt_set)s' have no turn of a person, so they cannot be "
                "played. Choose another prompt set, or ask for one answer to each prompt."
            )
            % {"n": f"{n:,}", "prompt_set": prompt_set}
        )


def record_answer(
    *,
    run: Run,
    row: Completion,
    request: ChatRequest,
    answer: ChatAnswer,
    worker: str,
    at: datetime,
) -> bool:
    """Keep an answer, if `worker` still holds the row. One UPDATE, its own transaction.

    Of a run that plays turns it is the answer to the next turn; before the last one the row waits
    again, with its trajectory so far.
    """
    if run.condition is None:
        raise Refusal("Imported runs are not asked.")
    trajectory = [*row.trajectory, turn_of(request, answer)] if run.plays_turns else []
    if run.plays_turns and len(trajectory) < len(script(row.prompt.messages)):
        return Completion.objects.hand_on(row.pk, worker=worker, trajectory=trajectory)
    n_turns = len(trajectory) or 1
    told = provenance(
        run.model, run.condition, request, answer, replicate=row.replicate, n_turns=n_turns
    ) | {"asked_from": settings.HOST_NAME}
    return Completion.objects.finish(
        row.pk,
        worker=worker,
        state=State.DONE,
        completed_at=at,
        provenance=told,
        trajectory=trajectory,
        **_kept(over_all(answer, trajectory) if trajectory else answer),
    )


def record_failure(*, row: Completion, reason: str, worker: str, at: datetime) -> bool:
    """The row has failed for good, for this reason, if `worker` still holds it."""
    return Completion.objects.finish(
        row.pk, worker=worker, state=State.FAILED, error=visible(reason)[:2000]
    )


def sweep(*, at: datetime) -> tuple[int, int]:
    """Return expired leases and ring for runs that nobody works on: (rows, bells)."""
    return jobs.sweep_jobs(Run, Completion.objects.all(), field="run", at=at)


def _kept(answer: ChatAnswer) -> dict[str, Any]:
    text = visible(answer.text)
    return {
        "text": text,
        "reasoning": visible(answer.reasoning),
        "digest": digest(text),
        "finish_reason": answer.finish_reason[:40],
        "n_prompt_tokens": answer.n_prompt_tokens,
        "n_completion_tokens": answer.n_completion_tokens,
        "latency_s": round(answer.latency_s, 4),
        "error": "",
    }
