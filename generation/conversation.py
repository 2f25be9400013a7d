"""What exactly is sent for one row of a run, and what is kept about it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from gate.text import digest, visible
from generation.messages import STUCK_IN_REASONING, ChatAnswer, ChatRequest, Sampling
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


def script(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the person says, turn by turn; what an assistant said in between is left out."""
    return [str(each["content"]) for each in messages if each["role"] == "user"]


def played(
    messages: Sequence[Mapping[str, Any]], trajectory: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """The conversation up to the person's next turn: its script, with the model's own answers."""
    own = [dict(each) for each in messages[:1] if each["role"] == "system"]
    said = script(messages)[: len(trajectory) + 1]
    for number, text in enumerate(said):
        own.append({"role": "user", "content": text})
        if number < len(trajectory) and number + 1 < len(said):
            own.append({"role": "assistant", "content": str(trajectory[number]["text"])})
    return own


def request_for(
    model: LanguageModel, condition: Condition, row: Completion, *, plays_turns: bool = False
) -> ChatRequest:
    """What the server is asked for this row, or for its next turn."""
    said = row.prompt.messages
    return ChatRequest(
        model=model.served_name,
        messages=conversation(
            condition.system_prompt, played(said, row.trajectory) if plays_turns else said
        ),
        sampling=Sampling(
            temperature=condition.temperature,
            top_p=condition.top_p,
            max_tokens=condition.max_tokens,
            seed=seed_of(condition, row.replicate),
        ),
        enable_thinking=condition.thinking,
    )


def turn_of(request: ChatRequest, answer: ChatAnswer) -> dict[str, Any]:
    """One turn of a played conversation, as it is kept."""
    return {
        "said": request.messages[-1]["content"],
        "text": visible(answer.text),
        "reasoning": visible(answer.reasoning),
        "finish_reason": answer.finish_reason[:40],
        "n_prompt_tokens": answer.n_prompt_tokens,
        "n_completion_tokens": answer.n_completion_tokens,
        "latency_s": round(answer.latency_s, 4),
        "engine": answer.engine,
    }


def over_all(answer: ChatAnswer, trajectory: Sequence[Mapping[str, Any]]) -> ChatAnswer:
    """The last answer with the tokens and seconds of all turns, and the worst way one ended."""
    ends = [turn["finish_reason"] for turn in trajectory]
    bad = [end for end in (STUCK_IN_REASONING, "length") if end in ends]
    return replace(
        answer,
        finish_reason=bad[0] if bad else answer.finish_reason,
        n_prompt_tokens=_sum(trajectory, "n_prompt_tokens"),
        n_completion_tokens=_sum(trajectory, "n_completion_tokens"),
        latency_s=sum(turn["latency_s"] for turn in trajectory),
    )


def _sum(trajectory: Sequence[Mapping[str, Any]], name: str) -> int | None:
    """None if one turn's count is not known: a part would be taken for the whole."""
    counts = [turn[name] for turn in trajectory]
    return None if None in counts else sum(counts)


def provenance(
    model: LanguageModel,
    condition: Condition,
    request: ChatRequest,
    answer: ChatAnswer,
    *,
    replicate: int = 1,
    n_turns: int = 1,
) -> dict[str, Any]:
    """Everything that an answer came from, as far as it is known.

    A sampling field that is null was left to the server.
    """
    endpoint = (model.base or model).endpoint
    return {
        "model": model.name,
        "served_name": model.served_name,
        "answered_by": answer.model,
        "revision": model.revision,
        "base": model.base.name if model.base else "",
        "base_revision": model.base.revision if model.base else "",
        "adapter_digest": model.adapter_digest,
        "endpoint": endpoint.name if endpoint else "",
        "engine": answer.engine,
        "system_fingerprint": answer.system_fingerprint,
        "condition": condition.name,
        "system_prompt_digest": condition.system_prompt_digest,
        "messages_digest": digest(list(request.messages)),
        "sampling": asdict(request.sampling),
        "seed": request.sampling.seed,
        "replicate": replicate,
        "enable_thinking": request.enable_thinking,
        "chat_template_options": request.body().get("chat_template_kwargs", {}),
        "n_turns": n_turns,
        "n_cached_tokens": answer.n_cached_tokens,
    }
