"""What every question to a judge has in common, whether it scores one answer or compares two."""

import secrets
from typing import Any

from gate.text import digest
from generation.conversation import MAX_SEED
from generation.messages import ChatAnswer, ChatRequest, Sampling
from judging.models import Duel, Judge, Judgement

MAX_THOUGHT = 20_000


def fence(said: str) -> str:
    """A mark that occurs nowhere in what is judged."""
    while (mark := f"mark-{secrets.token_hex(8)}") in said:
        pass
    return mark


def seed(judge: Judge, row: Judgement | Duel) -> int:
    """Its own for every replicate and ask: with the same, a judge would say the same again."""
    turn = (row.replicate - 1) * judge.max_asks + row.n_asks
    return (judge.seed + turn) % (MAX_SEED + 1)


def request(
    judge: Judge, *, messages: list[dict[str, str]], schema: dict[str, Any], seed: int
) -> ChatRequest:
    """One question, with the judge's settings. Thinking is switched off."""
    return ChatRequest(
        model=judge.asked.served_name,
        messages=messages,
        sampling=Sampling(
            temperature=judge.temperature, top_p=1.0, max_tokens=judge.max_tokens, seed=seed
        ),
        enable_thinking=False,
        response_schema=schema,
        weighs=judge.takes_expected_value,
    )


def provenance(
    judge: Judge, answer: ChatAnswer, *, seed: int, schema: dict[str, Any]
) -> dict[str, Any]:
    """Who was asked how, and what came with the answer."""
    model = judge.asked
    return {
        "model": model.name,
        "answered_by": answer.model,
        "revision": model.revision,
        "engine": answer.engine,
        "prompt_digest": judge.prompt_digest,
        "rubric_digest": judge.rubric.digest,
        "schema_digest": digest(schema),
        "sampling": {"temperature": judge.temperature, "max_tokens": judge.max_tokens},
        "seed": seed,
        "finish_reason": answer.finish_reason,
        # Thinking was switched off; what a server thought all the same is kept, and counted.
        "has_reasoning": bool(answer.reasoning),
        "reasoning": answer.reasoning[:MAX_THOUGHT],
        "has_chances": bool(answer.tokens),
        "top_logprobs": answer.n_weighed,  # what the server took; 0 where none were asked for
        "n_prompt_tokens": answer.n_prompt_tokens,
        "n_completion_tokens": answer.n_completion_tokens,
        "n_cached_tokens": answer.n_cached_tokens,
    }
