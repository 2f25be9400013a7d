"""Preferences: TRL's explicit-prompt form, each part a list of messages.

Where a model answered every turn itself, the prompt ends where the answers part, and chosen and
rejected hold the rest of their conversations.

Only what most raters of an item preferred is chosen. An answer that somebody called unacceptable
together with its rival is never chosen, whatever the others said.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exports.formats.columns import Message, Row, columns

COLUMNS = columns(
    prompt="messages",
    chosen="messages",
    rejected="messages",
    item="code",
    prompt_id="code",
    chosen_model="text",
    chosen_condition="text",
    rejected_model="text",
    rejected_condition="text",
    n_votes="integer",
    n_for="integer",
    domain="text",
    expected_action="code",
    language="text",
    country="text",
    source="text",
    licence="text",
    is_sample="boolean",
)

PREFERS, EQUAL, BOTH_UNACCEPTABLE = "prefers", "equal", "both_unacceptable"
# Why an item gives no line.
UNACCEPTABLE = "a rater found both answers unacceptable"
NO_MAJORITY = "no answer was preferred by more than half of the raters"
SAME_WORDS = "both answers say the same"


class Vote(NamedTuple):
    """A rater's choice; `chosen` is a completion's id where they preferred one."""

    choice: str
    chosen: str | None


class Answer(NamedTuple):
    """An answer that was shown."""

    completion: str
    text: str
    model: str
    condition: str
    before: Sequence[Message] = ()  # turns of its own, after those of the prompt

    @property
    def said(self) -> list[Message]:
        return [*self.before, {"role": "assistant", "content": self.text}]


class Compared(NamedTuple):
    """An item with the answers shown and the votes given."""

    messages: list[Message]
    item: str
    prompt: str
    domain: str
    expected_action: str
    language: str
    country: str
    source: str
    licence: str
    is_sample: bool
    answers: Sequence[Answer]
    votes: Sequence[Vote]


def majority(votes: Sequence[Vote]) -> str | None:
    """The completion that more than half of all votes are for; ties have none."""
    counts = Counter(vote.chosen for vote in votes if vote.choice == PREFERS)
    if not counts:
        return None
    leader, n = counts.most_common(1)[0]
    return leader if 2 * n > len(votes) else None


def rows(it: Compared) -> Iterator[Row | str]:
    """A line for each answer that lost, or the reason why the item gives none."""
    if any(vote.choice == BOTH_UNACCEPTABLE for vote in it.votes):
        yield UNACCEPTABLE
        return
    best = majority(it.votes)
    winner = next((answer for answer in it.answers if answer.completion == best), None)
    if winner is None:
        yield NO_MAJORITY
        return
    for loser in it.answers:
        if loser is not winner:
            yield SAME_WORDS if loser.said == winner.said else row(it, winner, loser)


def row(it: Compared, winner: Answer, loser: Answer) -> Row:
    """The item as a line."""
    return (
        it.messages,
        winner.said,
        loser.said,
        it.item,
        it.prompt,
        winner.model,
        winner.condition,
        loser.model,
        loser.condition,
        len(it.votes),
        sum(vote.chosen == winner.completion for vote in it.votes),
        it.domain,
        it.expected_action,
        it.language,
        it.country,
        it.source,
        it.licence,
        it.is_sample,
    )
