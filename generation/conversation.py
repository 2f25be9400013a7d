"""What exactly is sent for one row of a run, and what is kept about it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from gate.text import digest
from generation.messages import ChatAnswer, ChatRequest, Sampling
from generation.models import Completion, Condition, LanguageModel

MAX_SEED = 2**31 - 1


def conversation(system_prompt: str, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The messages under a system prompt.

    Chat templates take one system message, first: a prompt's own one follows ours inside it.
    """
    said = [{"role": str(m["role"]), "content": str(m["content"])} for m in messages]
    own = ""
    if said and said[0]["role"] == "system":
        own = said.pop(0)["content"]
    system = "\n\n".join(text for text in (system_prompt, own) if text)
    return [{"role": "system", "content": system}, *said] if system else said


def seed_of(condition: Condition, replicate: int) -> int:
    """Replicates differ by their seeds and by nothing else."""
    return (condition.seed + replicate - 1) % (MAX_SEED + 1)


def request_for(model: LanguageModel, condition: Condition, row: Completion) -> ChatRequest:
    """What the server is asked for this row."""
    return ChatRequest(
        model=model.served_name,
        messages=conversation(condition.system_prompt, row.prompt.messages),
        sampling=Sampling(
            temperature=condition.temperature,
            top_p=condition.top_p,
            max_tokens=condition.max_tokens,
            seed=seed_of(condition, row.replicate),
        ),
        enable_thinking=condition.thinking,
    )


def provenance(
    model: LanguageModel, condition: Condition, request: ChatRequest, answer: ChatAnswer
) -> dict[str, Any]:
    """Everything that an answer came from, as far as it is known."""
    return {
        "model": model.name,
        "served_name": model.served_name,
        "answered_by": answer.model,
        "revision": model.revision,
        "adapter_digest": model.adapter_digest,
        "endpoint": model.endpoint.name if model.endpoint else "",
        "engine": answer.engine,
        "system_fingerprint": answer.system_fingerprint,
        "condition": condition.name,
        "system_prompt_digest": condition.system_prompt_digest,
        "messages_digest": digest(list(request.messages)),
        "sampling": request.sampling.sent(),
        "seed": request.sampling.seed,
        "enable_thinking": request.enable_thinking,
        "n_cached_tokens": answer.n_cached_tokens,
    }
