"""What is said to a model server and what comes back, as plain data.

Follows the OpenAI chat format as vLLM, Ollama, transformers and hosted services speak it. Pure:
nothing here opens a connection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from gate.text import visible
from generation import chances
from generation.failures import Nonsense

STUCK_IN_REASONING = "stuck_in_reasoning"
OPENING, CLOSING = "<think>", "</think>"


@dataclass(frozen=True)
class Sampling:
    """How tokens are drawn. None leaves a field to the server, which is worth avoiding."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    top_k: int | None = None
    min_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    repetition_penalty: float | None = None
    stop: tuple[str, ...] | None = None

    def sent(self) -> dict[str, Any]:
        """The fields that have a value, by the names that servers use."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class ChatRequest:
    """One conversation for one model. `extra` adds server-specific fields, never replaces ours.

    `weighs` asks for the chances of what could have stood in each token's place.
    """

    model: str
    messages: Sequence[Mapping[str, str]]
    sampling: Sampling = field(default_factory=Sampling)
    enable_thinking: bool | None = None
    response_schema: Mapping[str, Any] | None = None
    weighs: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def body(self, n_weighed: int = chances.MOST_WEIGHED) -> dict[str, Any]:
        """The JSON document that is posted to /chat/completions.

        `n_weighed`: how many chances the server tells beside a token, where it `weighs`.
        """
        body = {**self.extra, **self.sampling.sent()}
        body.update(model=self.model, messages=[dict(each) for each in self.messages], stream=False)
        if self.weighs and n_weighed:
            body.update(logprobs=True, top_logprobs=n_weighed)
        if self.enable_thinking is not None:
            options = dict(self.extra.get("chat_template_kwargs") or {})
            body["chat_template_kwargs"] = {**options, "enable_thinking": self.enable_thinking}
        if self.response_schema is not None:
            named = {"name": "answer", "strict": True, "schema": dict(self.response_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body


@dataclass(frozen=True)
class ChatAnswer:
    """What the model said. `text` is the answer alone; `reasoning` was never meant for a reader.

    `finish_reason` is the server's own word, or `stuck_in_reasoning` when the thinking never ended.
    """

    text: str
    reasoning: str = ""
    finish_reason: str = "stop"
    n_prompt_tokens: int | None = None
    n_completion_tokens: int | None = None
    n_cached_tokens: int | None = None
    engine: str = ""
    model: str = ""
    latency_s: float = 0.0
    system_fingerprint: str = ""
    # Of everything that was written, thinking included; empty unless asked for and offered.
    tokens: tuple[chances.Token, ...] = ()
    n_weighed: int = 0  # how many chances a token the server was asked for

    @property
    def is_truncated(self) -> bool:
        return self.finish_reason in ("length", STUCK_IN_REASONING)


@dataclass(frozen=True)
class Health:
    """Whether a server can be asked now, and what it is."""

    is_up: bool
    detail: str
    engine: str = ""
    latency_s: float = 0.0


def read_answer(
    document: Any,
    *,
    request: ChatRequest,
    latency_s: float = 0.0,
    engine: str = "",
    n_weighed: int = chances.MOST_WEIGHED,
) -> ChatAnswer:
    """The answer in a server's JSON document; `Nonsense` says which part of it is missing."""
    choice = _choice(document)
    message = choice["message"]
    given = _words(message, "reasoning_content") or _words(message, "reasoning")
    said, thought, is_stuck = _apart(_content(message), given, request.enable_thinking)
    finish = choice.get("finish_reason")
    if is_stuck or (finish == "length" and given and not said):
        finish = STUCK_IN_REASONING
    return ChatAnswer(
        text=visible(said),
        reasoning=visible(thought),
        finish_reason=visible(finish)[:40] if isinstance(finish, str) else "unknown",
        engine=engine,
        model=visible(_words(document, "model") or request.model),
        latency_s=latency_s,
        system_fingerprint=visible(_words(document, "system_fingerprint"))[:200],
        tokens=chances.read(choice) if request.weighs and n_weighed else (),
        n_weighed=n_weighed if request.weighs else 0,
        **_usage(document.get("usage")),
    )


def split_thinking(text: str, *, enable_thinking: bool | None = None) -> tuple[str, str, bool]:
    """(answer, reasoning, is_stuck) of a text whose server has no reasoning parser.

    A block counts only at the start, so that an answer may mention the tags. Some chat templates
    open the block in the prompt: then the text has a closing tag alone, unless thinking is off.
    """
    stripped = text.lstrip()
    has_opening = stripped.startswith(OPENING)
    if not has_opening and (enable_thinking is False or CLOSING not in text):
        return text, "", False
    thought, closing, said = stripped.removeprefix(OPENING).partition(CLOSING)
    return said.lstrip(), thought.strip(), not closing


def _apart(content: str, given: str, enable_thinking: bool | None) -> tuple[str, str, bool]:
    if given:
        return content, given, False
    return split_thinking(content, enable_thinking=enable_thinking)


def _choice(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Nonsense(_("The server's answer is not a JSON object."))
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise Nonsense(_("The server's answer has no 'choices'."))
    if not isinstance(choices[0].get("message"), dict):
        raise Nonsense(_("The server's answer has no 'message' in its first choice."))
    return choices[0]


def _content(message: Mapping[str, Any]) -> str:
    """The text; a refusal that a hosted service reports in its own field is an answer too."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(_words(part, "text") for part in content if isinstance(part, dict))
    if content is None and "content" in message:
        content = _words(message, "refusal")
    if not isinstance(content, str):
        raise Nonsense(_("The server's answer has no text in 'content'."))
    return content


def _words(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _usage(usage: Any) -> dict[str, int | None]:
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    details = details if isinstance(details, dict) else {}
    return {
        "n_prompt_tokens": _count(usage.get("prompt_tokens")),
        "n_completion_tokens": _count(usage.get("completion_tokens")),
        "n_cached_tokens": _count(details.get("cached_tokens")),
    }


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else None
