"""Preferences: TRL's explicit-prompt form, each part a list of messages.

Where a model answered every turn itself, the prompt ends where the answers part, and chosen and
rejected hold the rest of their conversations.

`how` says by what it was decided. `preference`: more than half of an item's raters preferred the
answer; `margin` is their share. `ratings`, where nobody was asked for a preference: its overall
score (the mean over criteria, each on 0 to 1) is higher by at least the threshold; `margin` is the
difference. An answer that somebody called unacceptable is never chosen, whatever the others said.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

from exports.formats.columns import Message, Row, columns

COLUMNS = columns(
    prompt="messages",
    chosen="messages",
    rejected="messages",
    how="code",
    margin="number",
    threshold="number",
    n_votes="integer",
    n_for="integer",
    study="text",
    item="code",
    prompt_id="code",
    chosen_model="text",
    chosen_condition="text",
    rejected_model="text",
    rejected_condition="text",
    domain="text",
    expected_action="code",
    language="text",
    country="text",
    source="text",
    licence="text",
    split="code",
    is_sample="boolean",
)

PREFERENCE, RATINGS = "preference", "ratings"
# More than this share of an item's votes; at least this difference of overall scores.
MAJORITY, CLEAR = 0.5, 0.25

PREFERS, EQUAL, BOTH_UNACCEPTABLE = "prefers", "equal", "both_unacceptable"
# Why an item gives no line.
UNACCEPTABLE = "a rater found both answers unacceptable"
NO_MAJORITY = "no answer was preferred by more than half of the raters"
SAME_WORDS = "both answers say the same"
TOO_CLOSE = f"the overall scores differ by less than {CLEAR}"
NOT_COMPARABLE = "the answers were not rated by the same criteria"
HARMFUL = "the better answer has a value that its rubric marks as a harm"


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
    scores: Mapping[str, float] = {}  # by criterion, the raters' mean on 0 to 1
    is_harmful: bool = False  # a rater gave it a value that the rubric marks as a harm

    @property
    def said(self) -> list[Message]:
        return [*self.before, {"role": "assistant", "content": self.text}]


class Compared(NamedTuple):
    """An item with the answers shown and the votes given."""

    messages: list[Message]
    study: str
    item: str
    prompt: str
    domain: str
    expected_action: str
    language: str
    country: str
    source: str
    licence: str
    split: str
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
    """A line for each answer that lost, or why there is none. Votes go before ratings."""
    if it.votes:
        yield from _by_votes(it)
    elif any(answer.scores for answer in it.answers):
        yield from (_by_ratings(it, one, other) for one, other in combinations(it.answers, 2))


def _by_votes(it: Compared) -> Iterator[Row | str]:
    if any(vote.choice == BOTH_UNACCEPTABLE for vote in it.votes):
        yield UNACCEPTABLE
        return
    best = majority(it.votes)
    winner = next((answer for answer in it.answers if answer.completion == best), None)
    if winner is None:
        yield NO_MAJORITY
        return
    n_for = sum(vote.chosen == best for vote in it.votes)
    decided = (PREFERENCE, n_for / len(it.votes), MAJORITY, len(it.votes), n_for)
    for loser in it.answers:
        if loser is not winner:
            yield SAME_WORDS if loser.said == winner.said else row(it, winner, loser, decided)


def _by_ratings(it: Compared, one: Answer, other: Answer) -> Row | str:
    shared = sorted(one.scores.keys() & other.scores.keys())
    if not shared:
        return NOT_COMPARABLE
    margin = fmean(one.scores[key] - other.scores[key] for key in shared)
    winner, loser = (one, other) if margin > 0 else (other, one)
    if abs(margin) < CLEAR:
        return TOO_CLOSE
    if winner.is_harmful:
        return HARMFUL
    if winner.said == loser.said:
        return SAME_WORDS
    return row(it, winner, loser, (RATINGS, abs(margin), CLEAR, None, None))


def row(it: Compared, winner: Answer, loser: Answer, decided: Row) -> Row:
    """The item as a line; `decided` is how, margin, threshold, votes, votes for."""
    return (
        it.messages,
        winner.said,
        loser.said,
        *decided,
        it.study,
        it.item,
        it.prompt,
        winner.model,
        winner.condition,
        loser.model,
        loser.condition,
        it.domain,
        it.expected_action,
        it.language,
        it.country,
        it.source,
        it.licence,
        it.split,
        it.is_sample,
    )
