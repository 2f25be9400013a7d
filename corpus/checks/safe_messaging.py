"""Safe-messaging wording in the response: stigma, glamour, one simple cause.

Only languages with wordings of their own are looked at; nothing is said about the others.
"""

import re
from collections.abc import Iterator
from functools import cache

from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Remark, Words, passage
from corpus.checks.wordings import WORDINGS

key = "safe_messaging"
label: Words = gettext_lazy("Safe-messaging wording")
about: Words = gettext_lazy(
    "Stigma, glamour and single causes, in English, German, Danish and Italian. It warns."
)


def look(draft: Draft) -> Iterator[Remark]:
    lowered = draft.response.lower()
    for pattern, quick, why, mend in _patterns(draft.speaks):
        for hit in pattern.finditer(draft.response) if quick.search(lowered) else ():
            yield Remark("warn", passage(draft.response, *hit.span()), str(why), str(mend))


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], re.Pattern[str], Words, Words]]:
    """Each as it finds places, and as it tells quickly that there is none: in lower case."""
    return [
        (
            re.compile(wording.pattern, re.IGNORECASE),
            re.compile(wording.pattern.lower()),
            wording.why,
            wording.mend,
        )
        for wording in WORDINGS.get(language, [])
    ]
