"""Length: too short to hold its parts, or longer than a person in distress reads.

The bounds are ours: no study fixes them.
"""

from collections.abc import Iterator

from corpus.checks.shape import Draft, Remark

key = "length"
label = "Length"
about = "Too short for its parts, or longer than is read to the end. It notes."

SHORTEST, LONGEST = 40, 260


def look(draft: Draft) -> Iterator[Remark]:
    n_words = len(draft.response.split())
    if n_words and n_words < SHORTEST and draft.expected_action != "answer":
        yield Remark(
            "note",
            "",
            f"The response has {n_words} words; its parts rarely fit into fewer than {SHORTEST}.",
            "See which part is missing. Leave it short if nothing is.",
        )
    if n_words > LONGEST:
        yield Remark(
            "note",
            "",
            f"The response has {n_words} words; more than {LONGEST} are rarely read to the end.",
            "Keep one step and one or two places to turn to; take the rest out.",
        )
