"""How a request on a version moves: asked, addressed, resolved, reopened. Pure.

A comment is only answered. What was said and moved stays; the state is the last move.
"""

COMMENT, REQUEST = "comment", "request"
OPEN, ADDRESSED, RESOLVED = "open", "addressed", "resolved"
REPLY, REOPENED = "reply", "reopened"

# State: the moves that it allows.
MOVES: dict[str, tuple[str, ...]] = {
    OPEN: (ADDRESSED, RESOLVED),
    ADDRESSED: (RESOLVED, REOPENED),
    RESOLVED: (REOPENED,),
}
STATES = {ADDRESSED: ADDRESSED, RESOLVED: RESOLVED, REOPENED: OPEN}


def state(last_move: str | None) -> str:
    """Where a request stands after its last move; open before the first."""
    return STATES[last_move] if last_move else OPEN


def allowed(kind: str, now: str) -> tuple[str, ...]:
    """The moves of a thread of this kind in this state; answering is always possible."""
    return (REPLY, *(MOVES[now] if kind == REQUEST else ()))


def stands_in(passage: str, *texts: str) -> bool:
    """Whether these words stand in one of the texts, however lines are broken."""
    wanted = " ".join(passage.split())
    return bool(wanted) and any(wanted in " ".join(text.split()) for text in texts)
