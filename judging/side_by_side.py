"""Two answers before a judge, and what it chose. Pure.

The judge reads "first" and "second", never A and B: which run an answer is of is known here alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gate.text import visible
from judging import parsing, prompting
from judging.prompting import MAX_REASONING

FIRST, SECOND, EQUAL, BOTH_UNACCEPTABLE = CHOICES = (
    "first",
    "second",
    "equal",
    "both_unacceptable",
)


@dataclass(frozen=True)
class Shown:
    """An answer and the conversation that it answers."""

    conversation: Sequence[Mapping[str, Any]]
    text: str

    @property
    def said(self) -> str:
        """All of it, as one text."""
        return "\n".join([*(str(turn["content"]) for turn in self.conversation), self.text])


def messages(
    *, template: str, rubric: str, first: Shown, second: Shown, fence: str
) -> list[dict[str, str]]:
    """The two messages for one order. `fence` must not occur in what is judged (ValueError)."""
    material = _material(first, second, fence)
    return prompting.framed(template=template, rubric=rubric, material=material, fence=fence)


def _material(first: Shown, second: Shown, fence: str) -> str:
    """The conversation once; twice where each run's model led one of its own."""
    answers = [
        prompting.part("first answer", first.text, fence),
        prompting.part("second answer", second.text, fence),
    ]
    if list(first.conversation) == list(second.conversation):
        return "\n\n".join([prompting.said_before(first.conversation, fence), *answers])
    led = [
        prompting.said_before(shown.conversation, fence, name=f"conversation before the {which}")
        for shown, which in ((first, "first answer"), (second, "second answer"))
    ]
    return "\n\n".join([led[0], answers[0], led[1], answers[1]])


def schema() -> dict[str, Any]:
    """The JSON schema of a judge's answer: reasoning, then the choice."""
    return {
        "type": "object",
        "properties": {
            "reasoning": {"type": "string", "maxLength": MAX_REASONING},
            "choice": {"type": "string", "enum": list(CHOICES)},
        },
        "required": ["reasoning", "choice"],
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class Reading:
    """What the judge chose, or the reason why that is not known."""

    choice: str
    unscored_reason: str = ""
    reasoning: str = ""


def read(text: str, *, judged: str = "") -> Reading:
    """The last choice that is the judge's own. `judged` is all that the judge was shown."""
    found = parsing.last_verdict(text, judged=judged, holds=lambda document: "choice" in document)
    if found is None:
        return Reading("", parsing.why_none(text))
    chosen, reasoning = found[0]["choice"], parsing.spoken(found[0].get("reasoning"))
    if isinstance(chosen, str) and chosen in CHOICES:
        return Reading(chosen, "", reasoning[:MAX_REASONING])
    said = visible(str(chosen))[:40]
    reason = f"The judge chose {said!r}, which is none of {', '.join(CHOICES)}."
    return Reading("", reason, reasoning[:MAX_REASONING])


def of_runs(choice: str, *, is_swapped: bool) -> str:
    """The choice in terms of the runs: A or B, where one of them was chosen."""
    if choice not in (FIRST, SECOND):
        return choice
    return "A" if (choice == FIRST) != is_swapped else "B"


def of_places(choice: str, *, is_swapped: bool) -> str:
    """`of_runs` undone: where what was chosen stood."""
    if choice not in ("A", "B"):
        return choice
    return FIRST if (choice == "A") != is_swapped else SECOND
