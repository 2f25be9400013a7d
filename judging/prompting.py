"""What a judge is shown: the clinicians' own rubric text, and the answer fenced as data. Pure.

The fence is a mark drawn anew for every question, so nothing in the judged text can close it; chat
markup in that text is kept from opening turns of its own. The order is kept after the answer is
read by repeating what is wanted behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.sheets import When
from judging.markup import guarded

AFTER = "--- after ---"
MAX_EVIDENCE = 600
MAX_REASONING = 1200
MAX_WORDS = 600
NO_STRATEGY = "none"
# How kinds that are no single number are answered.
HOW = {
    "choices": "Any number of these may apply: the value is a list, empty where none does.",
    "text": "The value is a text of one or two sentences.",
    "strategy": "The value is one of these names.",
}


@dataclass(frozen=True)
class Point:
    """A value of a criterion, as clinicians read it."""

    value: int
    label: str
    anchor: str
    example: str


@dataclass(frozen=True)
class Question:
    """A criterion, as clinicians read it."""

    key: str
    label: str
    question: str
    hint: str
    points: tuple[Point, ...]
    kind: str = "scale"
    ask_when: When | None = None
    names: tuple[tuple[str, str], ...] = ()  # of strategies: short name, name

    @property
    def values(self) -> list[int]:
        """The whole scale, ascending."""
        return sorted(point.value for point in self.points)


def rubric_text(intro: str, questions: Sequence[Question]) -> str:
    """The rubric as one text: the same words that stand beside the scales on the rating page."""
    return "\n\n".join([intro.strip(), *map(_criterion_text, questions)])


def _criterion_text(question: Question) -> str:
    lines = [f"Criterion `{question.key}`: {question.label}", question.question, question.hint]
    if question.ask_when:
        lines.append(_condition(question.ask_when))
    lines.append(HOW.get(question.kind, ""))
    lines += map(_point_text, sorted(question.points, key=lambda point: point.value))
    lines += [f"  {slug}: {name}" for slug, name in _strategies(question)]
    return "\n".join(line for line in lines if line)


def _condition(when: When) -> str:
    values = " or ".join(map(str, when.values))
    return f"Asked only where `{when.criterion}` is {values}; else its value is null."


def _strategies(question: Question) -> list[tuple[str, str]]:
    if question.kind != "strategy":
        return []
    return [*question.names, (NO_STRATEGY, "None of these, or no strategy at all")]


def _point_text(point: Point) -> str:
    """As beside the scale; a value without a name of its own stands alone."""
    label = f" ({point.label})" if point.label != str(point.value) else ""
    anchor = f": {point.anchor}" if point.anchor else ""
    example = f" Example: {point.example}" if point.example else ""
    return f"  {point.value}{label}{anchor}{example}"


def messages(
    *,
    template: str,
    rubric: str,
    conversation: Sequence[Mapping[str, Any]],
    answer: str,
    fence: str,
) -> list[dict[str, str]]:
    """The two messages for one question. `fence` must not occur in what is judged (ValueError)."""
    material = _material(conversation, answer, fence)
    return framed(template=template, rubric=rubric, material=material, fence=fence)


def framed(*, template: str, rubric: str, material: str, fence: str) -> list[dict[str, str]]:
    """The judge's prompt around fenced material: rubric before it, the reminder behind it."""
    before, _, after = template.partition(AFTER)
    system = before.replace("{fence}", fence).replace("{rubric}", rubric).strip()
    reminder = after.replace("{fence}", fence).replace("{rubric}", "").strip()
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": f"{material}\n\n{reminder}".strip()},
    ]


def _material(conversation: Sequence[Mapping[str, Any]], answer: str, fence: str) -> str:
    return f"{said_before(conversation, fence)}\n\n{part('candidate answer', answer, fence)}"


def said_before(
    conversation: Sequence[Mapping[str, Any]], fence: str, *, name: str = "conversation"
) -> str:
    """The conversation between marks, each turn behind a mark of its own."""
    turns = [f"{fence} {_speaker(turn)}\n{_data(turn['content'], fence)}" for turn in conversation]
    return "\n".join([f"{fence} {name} begins", *turns, f"{fence} {name} ends"])


def part(name: str, text: str, fence: str) -> str:
    """A judged text between marks. ValueError if the fence occurs in it."""
    return f"{fence} {name} begins\n{_data(text, fence)}\n{fence} {name} ends"


def _data(text: str, fence: str) -> str:
    if fence in text:
        raise ValueError("the fence occurs in the judged text; draw another")
    return guarded(text)


def _speaker(turn: Mapping[str, Any]) -> str:
    return "the person says" if turn["role"] == "user" else "the assistant said, earlier"


def schema(questions: Sequence[Question]) -> dict[str, Any]:
    """The JSON schema of a judge's answer: evidence, reasoning, then the value, per criterion."""
    return _object({"criteria": _object({q.key: _verdict_schema(q) for q in questions})})


def _verdict_schema(question: Question) -> dict[str, Any]:
    return _object(
        {
            "evidence": {"type": "string", "maxLength": MAX_EVIDENCE},
            "reasoning": {"type": "string", "maxLength": MAX_REASONING},
            "value": _value_schema(question),
        }
    )


def _value_schema(question: Question) -> dict[str, Any]:
    if question.kind == "choices":
        each = {"type": "integer", "enum": question.values}
        return {"type": ["array", "null"], "items": each, "maxItems": len(question.values)}
    if question.kind == "text":
        return {"type": ["string", "null"], "maxLength": MAX_WORDS}
    if question.kind == "strategy":
        slugs = [slug for slug, _ in _strategies(question)]
        return {"type": ["string", "null"], "enum": [*slugs, None]}
    return {"type": ["integer", "null"], "enum": [*question.values, None]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
