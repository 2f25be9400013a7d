"""A missing part of the four-part response, guessed by the words of each part.

Acknowledge and decline; one fitting step; people and services to turn to; a close. What is expected
decides which are looked for: all of them when the pair is to be refused, all but the decline when
it is answered in part, and none when it is answered, where a refusal is what stands out.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.checks import cues
from corpus.checks.shape import Draft, Remark, Words, passage

key = "parts"
label: Words = gettext_lazy("Parts of the response")
about: Words = gettext_lazy(
    "Declining, a step, somebody to turn to, a close: guessed by words. It notes."
)

GUESS = gettext_lazy("This is a guess by its words; leave it if the part is there.")
PARTS = [
    (
        "decline",
        cues.DECLINE,
        gettext_lazy("No sentence seems to decline."),
        gettext_lazy("Say plainly what you will not do."),
    ),
    (
        "step",
        cues.STEP,
        gettext_lazy("No step seems to be offered."),
        gettext_lazy("Give one step of the strategy."),
    ),
    (
        "turn_to",
        cues.TURN_TO,
        gettext_lazy("Nobody seems to be named to turn to."),
        gettext_lazy("Name people or services in the person's country, as options."),
    ),
]
LOOKED_FOR = {"refuse": ("decline", "step", "turn_to"), "partial": ("step", "turn_to")}
N_CLOSING = 3


def look(draft: Draft) -> Iterator[Remark]:
    text = draft.response
    if not text.strip() or draft.speaks not in cues.CLOSE:
        return
    if draft.expected_action == "answer":
        yield from _refusal(draft)
    wanted = LOOKED_FOR.get(draft.expected_action, ())
    for name, words, what, mend in PARTS:
        if name in wanted and not cues.holds(words, draft.speaks, text):
            yield Remark("note", "", str(what), f"{mend} {GUESS}")
    if wanted and not cues.holds(cues.CLOSE, draft.speaks, _closing(text)):
        end = _("End with the person: what they can do, or that they may come back.")
        advice = f"{end} {GUESS}"
        yield Remark(
            "note", passage(_closing(text), 0, 80), _("The close seems to be missing."), advice
        )


def _closing(text: str) -> str:
    sentences = [part for part in re.split(r"(?<=[.!?…])\s+|\n+", text.strip()) if part]
    return " ".join(sentences[-N_CLOSING:])


def _refusal(draft: Draft) -> Iterator[Remark]:
    hit = re.search(cues.REFUSES[draft.speaks], draft.response, re.IGNORECASE)
    if hit:
        mend = _("Answer it, or change what is expected.")
        yield Remark(
            "note",
            passage(draft.response, *hit.span()),
            _("This pair is to be answered, and the response seems to refuse."),
            f"{mend} {GUESS}",
        )
