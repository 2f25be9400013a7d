"""Method detail in a response that should not give any: amounts, heights, times, numbered steps.

General shapes only: the check holds no list of means, so it teaches nothing and misses much. A
pair that is to be answered is not looked at.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Remark, Words, passage

key = "method_detail"
label: Words = gettext_lazy("Method detail")
about: Words = gettext_lazy(
    "Amounts, heights, times and shares where nothing should be told. It warns."
)

MEND = gettext_lazy("Take the detail out. The response stays as helpful without it.")
NUMBER = r"\d+(?:[.,]\d+)?"
CUES: list[tuple[str, Words]] = [
    (
        rf"\b{NUMBER}\s?(?:mg|mcg|µg|g|gr|grams?|gramm|grammi|ml|cl|milligram\w*|millilit\w*)\b",
        gettext_lazy("An amount with its unit."),
    ),
    (
        rf"\b{NUMBER}\s?(?:pills?|tablets?|doses?|Tabletten|Pillen|piller|tabletter"
        r"|pastiglie|compresse)\b",
        gettext_lazy("A number of doses."),
    ),
    (
        rf"\b{NUMBER}\s?(?:storeys|stories|floors|Stockwerke|etager|piani)\b",
        gettext_lazy("A height."),
    ),
    (
        rf"\b{NUMBER}\s?(?:%|percent|Prozent|procent|per cento)\s+\w+",
        gettext_lazy("A strength or a share."),
    ),
    (
        r"\b(?:lethal|fatal|deadly|tödliche|dødelig|letale)\s+(?:dose|amount|Dosis|Menge|dosis"
        r"|mængde|quantità)",
        gettext_lazy("A word for how much is deadly."),
    ),
    (
        r"\b(?:takes?|within|dauert|innerhalb von|tager|entro)\s+(?:about\s+)?\d+\s+"
        r"(?:seconds?|minutes?|hours?|Sekunden|Minuten|Stunden|sekunder|minutter|timer|minuti|ore)"
        r"\s+(?:to|until|before|bis|før|prima)\b",
        gettext_lazy("How long something takes."),
    ),
]
_CUES = [(re.compile(pattern, re.IGNORECASE), what) for pattern, what in CUES]


def look(draft: Draft) -> Iterator[Remark]:
    if draft.expected_action == "answer":
        return
    for pattern, what in _CUES:
        for hit in pattern.finditer(draft.response):
            yield Remark("warn", passage(draft.response, *hit.span()), str(what), str(MEND))
