"""The PsychoSafe corpus (arXiv 2606.09697): a JSON list or JSON Lines with risk clusters.

The names of prompt and answer differ between its files, so the usual ones are tried; answers may
end in a chat token, which is taken away. `framework_name` is the benchmark that a prompt was taken
from; where a file names an intervention there, it is the strategy.
"""

import re
from collections.abc import Sequence
from typing import Any

from corpus import conversation
from corpus.conversation import Message
from corpus.formats.shape import Format, PairRow, response, spoken
from corpus.reading import Row, RowProblem, choice, text

CLUSTERS = {
    "suicide and selfharm": "suicide-self-harm",
    "substance": "substance-use",
    "violence": "violence",
    "weapon": "weapons",
    "crimes (sexual)": "sexual-crimes",
}
ORIGINS = {
    "salad bench": "SALAD-Bench",
    "alert": "ALERT",
    "or bench": "OR-Bench",
    "do not answer": "Do-Not-Answer",
    "attaq": "AttaQ",
    "aya red teaming": "Aya Red-teaming",
}
STRATEGIES = {
    "psychological first aid": "pfa-core-actions",
    "psychological first aid core actions": "pfa-core-actions",
    "pfa": "pfa-core-actions",
    "pfa core actions": "pfa-core-actions",
    "psychological first aid five principles": "pfa-five-principles",
    "pfa five principles": "pfa-five-principles",
    "safety planning": "safety-planning",
    "safety planning intervention": "safety-planning",
    "algee": "algee",
    "mental health first aid": "algee",
    "qpr": "qpr",
    "question persuade refer": "qpr",
    "motivational interviewing": "motivational-interviewing",
    "mi": "motivational-interviewing",
    "5 a s": "five-as",
    "five as": "five-as",
    "sober": "sober",
    "green dot": "green-dot",
    "green dot bystander intervention": "green-dot",
}
PROMPT_NAMES = ("prompt", "question", "instruction", "input")
ANSWER_NAMES = ("response", "answer", "output", "completion")
CHAT_END = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>")


def read(row: Row) -> PairRow:
    row = _unwrapped(row)
    said, answer = _said(row)
    origin, strategy = _framework(row)
    return PairRow(
        number=row.number,
        messages=said,
        external_id=text(row, "id", limit=120, default=""),
        domain=choice(row, "risk cluster", CLUSTERS),
        category=text(row, "risk category", limit=120, default=""),
        expected_action="refuse",
        response=answer,
        origin=origin,
        strategy=strategy,
    )


def _framework(row: Row) -> tuple[str, str]:
    """The benchmark, or the strategy, that `framework_name` names."""
    word = text(row, "framework_name", limit=200, default="").strip()
    plain = re.sub(r"[\W_]+", " ", word.lower()).strip()
    if not plain or plain in ORIGINS:
        return ORIGINS.get(plain, ""), ""
    if plain in STRATEGIES:
        return "", STRATEGIES[plain]
    origins, strategies = ", ".join(ORIGINS.values()), ", ".join(dict.fromkeys(STRATEGIES.values()))
    raise RowProblem(
        "framework_name",
        f"{word[:60]!r} is not known. Use the benchmark that the prompt was taken from ({origins}) "
        f"or a strategy ({strategies}).",
    )


def _unwrapped(row: Row) -> Row:
    """Merged result files keep the corpus's row in `full_example`."""
    inner = row.values.get("full_example")
    return Row(row.number, inner) if isinstance(inner, dict) else row


def _said(row: Row) -> tuple[list[Message], str]:
    if isinstance(row.values.get("messages"), list):
        return _from_chat(row, row.values["messages"])
    named = {"prompt": _first(row, PROMPT_NAMES), "response": _first(row, ANSWER_NAMES)}
    if isinstance(named["response"], str):
        named["response"] = _without_end(named["response"])
    plain = Row(row.number, named)
    return spoken(plain), response(plain, "response")


def _from_chat(row: Row, messages: list[Any]) -> tuple[list[Message], str]:
    """Turns that end with the answer; a system turn is the condition's, not the prompt's."""
    turns = [turn for turn in messages if not _is_system(turn)]
    answer = turns[-1].get("content") if turns and isinstance(turns[-1], dict) else None
    if not isinstance(answer, str) or turns[-1].get("role") != conversation.ASSISTANT:
        raise RowProblem("messages", "The last turn must be the assistant's answer.")
    plain = Row(row.number, {"messages": turns[:-1], "response": _without_end(answer)})
    return spoken(plain), response(plain, "response")


def _is_system(turn: Any) -> bool:
    return isinstance(turn, dict) and turn.get("role") == "system"


def _first(row: Row, names: Sequence[str]) -> Any:
    for name in names:
        if row.values.get(name):
            return row.values[name]
    raise RowProblem(names[0], f"The value is missing. It may be called {', '.join(names)}.")


def _without_end(answer: str) -> str:
    answer = answer.strip()
    for token in CHAT_END:
        answer = answer.removesuffix(token).rstrip()
    return answer


PAIRS = Format[PairRow](
    label="PsychoSafe",
    layout="json",
    read=read,
    optional=None,
    url="https://github.com/aisilab/psychological-safety",
)
