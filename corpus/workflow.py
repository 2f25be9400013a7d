"""The life of a version: which moves its state allows, and what a draft still needs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from corpus import conversation
from corpus.conversation import Message

MAX_RESPONSE = 20_000

# Move: the states it starts from, and where it leads.
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "save": (frozenset({"draft"}), "draft"),
    "submit": (frozenset({"draft"}), "in_review"),
    "withdraw": (frozenset({"in_review"}), "draft"),
    "approve": (frozenset({"in_review"}), "approved"),
    "request_changes": (frozenset({"in_review"}), "changes_requested"),
    "reject": (frozenset({"in_review"}), "rejected"),
    "write_anew": (frozenset({"approved", "changes_requested"}), "draft"),
}
REASON_NEEDED = frozenset({"approve", "request_changes", "reject"})


def allows(status: str, move: str) -> bool:
    """Whether a version in this state may make this move."""
    return status in MOVES[move][0]


def moves_from(status: str) -> list[str]:
    """Every move that this state allows."""
    return [move for move, (states, _) in MOVES.items() if status in states]


@dataclass(frozen=True)
class Missing:
    """What a draft still needs, and how to mend it."""

    field: str
    message: str
    mend: str


class Draft(Protocol):
    """What is read of a draft."""

    @property
    def messages(self) -> Sequence[Message]: ...
    @property
    def domain_id(self) -> str | None: ...
    @property
    def strategy_id(self) -> str | None: ...
    @property
    def expected_action(self) -> str: ...
    @property
    def response(self) -> str: ...


def missing(draft: Draft) -> list[Missing]:
    """Everything that stands between the draft and its review, in the order of the form."""
    gaps = [_action(draft), _conversation(draft), _domain(draft), _strategy(draft)]
    return [gap for gap in (*gaps, _response(draft)) if gap]


def _action(draft: Draft) -> Missing | None:
    if draft.expected_action:
        return None
    return Missing(
        "expected_action",
        gettext("It is not said whether this should be refused."),
        gettext("Choose refuse, answer in part or answer."),
    )


def _conversation(draft: Draft) -> Missing | None:
    reason = conversation.problem(draft.messages)
    if reason is None:
        return None
    return Missing(
        "messages",
        gettext("The conversation is not whole. %(reason)s") % {"reason": reason},
        gettext("Write what the person says; add or remove turns until it ends with theirs."),
    )


def _domain(draft: Draft) -> Missing | None:
    if draft.domain_id:
        return None
    return Missing(
        "domain", gettext("No risk domain is chosen."), gettext("Choose the domain that fits best.")
    )


def _strategy(draft: Draft) -> Missing | None:
    if draft.strategy_id or draft.expected_action == "answer":
        return None
    return Missing(
        "strategy",
        gettext("No strategy is named."),
        gettext(
            "Choose the strategy that the response follows; its steps are then shown beside it."
        ),
    )


def _response(draft: Draft) -> Missing | None:
    if draft.response.strip():
        return None
    return Missing(
        "response",
        gettext("There is no response yet."),
        gettext("Write what the person should read in answer."),
    )
