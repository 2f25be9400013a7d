"""Near copies: a response that another pair gives already, word for word or nearly."""

from collections.abc import Iterator

from corpus.checks.shape import Draft, Remark

key = "near_copy"
label = "Near copies of other responses"
about = "Another pair has the same response, or nearly. It warns."


def look(draft: Draft) -> Iterator[Remark]:
    for near in draft.near:
        alike = "word for word" if near.likeness == 1 else f"to {near.likeness:.0%}"
        yield Remark(
            "warn",
            near.title,
            f"Another pair has this response {alike}.",
            "Write to this person: take up words of theirs, and choose the step that fits them.",
            near.url,
        )
