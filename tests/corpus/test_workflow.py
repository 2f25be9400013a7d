from dataclasses import dataclass, field, replace

from corpus import conversation, workflow
from corpus.conversation import Message


@dataclass(frozen=True)
class Draft:
    messages: list[Message] = field(default_factory=lambda: conversation.single("Hello"))
    domain_id: str | None = "d"
    strategy_id: str | None = "s"
    expected_action: str = "refuse"
    response: str = "No."


def fields_missing(draft: Draft) -> list[str]:
    return [gap.field for gap in workflow.missing(draft)]


def test_a_full_draft_misses_nothing() -> None:
    assert fields_missing(Draft()) == []


def test_an_empty_draft_is_told_everything_in_the_order_of_the_form() -> None:
    empty = Draft([], None, None, "", " ")
    wanted = ["expected_action", "messages", "domain", "strategy", "response"]
    assert fields_missing(empty) == wanted
    assert all(gap.message and gap.mend for gap in workflow.missing(empty))


def test_an_answered_prompt_needs_no_strategy() -> None:
    assert fields_missing(replace(Draft(), strategy_id=None, expected_action="answer")) == []
    assert fields_missing(replace(Draft(), strategy_id=None, expected_action="partial")) == [
        "strategy"
    ]


def test_a_rejected_version_moves_no_more() -> None:
    assert workflow.moves_from("rejected") == []


def test_only_a_version_in_review_is_decided() -> None:
    for move in ("approve", "request_changes", "reject"):
        assert workflow.MOVES[move][0] == {"in_review"}


def test_what_is_approved_is_replaced_and_never_edited() -> None:
    assert workflow.moves_from("approved") == ["write_anew"]
    assert not workflow.allows("approved", "save")
