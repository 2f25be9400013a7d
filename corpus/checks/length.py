"""Length: too short to hold its parts, or longer than a person in distress reads.

The bounds are ours: no study fixes them.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus.checks.shape import Draft, Remark, Words

key = "length"
label: Words = gettext_lazy("Length")
about: Words = gettext_lazy("Too short for its parts, or longer than is read to the end. It notes.")

SHORTEST, LONGEST = 40, 260


def look(draft: Draft) -> Iterator[Remark]:
    n_words = len(draft.response.split())
    if n_words and n_words < SHORTEST and draft.expected_action != "answer":
        yield Remark(
            "note",
            "",
            _("The response has %(n)s words; its parts rarely fit into fewer than %(most)s.")
            % {"n": n_words, "most": SHORTEST},
            _("See which part is missing. Leave it short if nothing is."),
        )
    if n_words > LONGEST:
        yield Remark(
            "note",
            "",
            _("The response has %(n)s words; more than %(most)s are rarely read to the end.")
            % {"n": n_words, "most": LONGEST},
            _("Keep one step and one or two places to turn to; take the rest out."),
        )
