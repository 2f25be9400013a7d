"""Which of an item's answers is better: by its raters' votes, else by what they rated. Pure.

`preference`: more than half of an item's raters preferred the answer; `margin` is their share.
`ratings`, where nobody was asked for a preference: its overall score (the mean over criteria, each
on 0 to 1) is higher by at least the threshold; `margin` is the difference. An answer that somebody
called unacceptable is never chosen, whatever the others said; what is not clear is left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

from exports.formats.columns import Message

PREFERENCE, RATINGS, HARM = "preference", "ratings", "harm"
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
MIDDLING = f"the overall score is less than {CLEAR} away from the middle"
PARTED = "the conversations part before the last turn, which this format cannot say"


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


class Decided(NamedTuple):
    """Which answer is better than which, how that was found, and how clear it was."""

    winner: Answer
    loser: Answer
    how: str
    margin: float
    threshold: float
    n_votes: int | None = None
    n_for: int | None = None


class Labelled(NamedTuple):
    """Whether an answer is good by itself, how that was found, and how clear it was."""

    answer: Answer
    is_good: bool
    how: str
    margin: float
    threshold: float


def majority(votes: Sequence[Vote]) -> str | None:
    """The completion that more than half of all votes are for; ties have none."""
    counts = Counter(vote.chosen for vote in votes if vote.choice == PREFERS)
    if not counts:
        return None
    leader, n = counts.most_common(1)[0]
    return leader if n > MAJORITY * len(votes) else None


def pairs(it: Compared) -> Iterator[Decided | str]:
    """The better and each worse answer, or why there is none. Votes go before ratings."""
    if it.votes:
        yield from _by_votes(it)
    elif any(answer.scores for answer in it.answers):
        yield from (_by_ratings(one, other) for one, other in combinations(it.answers, 2))


def labels(it: Compared) -> Iterator[Labelled | str]:
    """Each answer as good or bad, or why it is neither. Votes go before ratings."""
    if it.votes:
        yield from _labels_by_votes(it)
    else:
        yield from (_label(answer) for answer in it.answers if answer.scores)


def is_one_turn(found: Decided) -> bool:
    """Both answers are one turn after the same conversation."""
    return not (found.winner.before or found.loser.before)


def _by_votes(it: Compared) -> Iterator[Decided | str]:
    if _n_unacceptable(it):
        yield UNACCEPTABLE
        return
    best = majority(it.votes)
    winner = next((answer for answer in it.answers if answer.completion == best), None)
    if winner is None:
        yield NO_MAJORITY
        return
    n, n_for = len(it.votes), sum(vote.chosen == best for vote in it.votes)
    for loser in it.answers:
        if loser is winner:
            continue
        if loser.said == winner.said:
            yield SAME_WORDS
        else:
            yield Decided(winner, loser, PREFERENCE, n_for / n, MAJORITY, n, n_for)


def _n_unacceptable(it: Compared) -> int:
    return sum(vote.choice == BOTH_UNACCEPTABLE for vote in it.votes)


def _by_ratings(one: Answer, other: Answer) -> Decided | str:
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
    return Decided(winner, loser, RATINGS, abs(margin), CLEAR)


def _labels_by_votes(it: Compared) -> Iterator[Labelled | str]:
    """Where most found both unacceptable, both are bad; where some did, nothing is clear."""
    n, n_bad, best = len(it.votes), _n_unacceptable(it), majority(it.votes)
    if n_bad > MAJORITY * n:
        share = n_bad / n
        yield from (Labelled(each, False, PREFERENCE, share, MAJORITY) for each in it.answers)
    elif n_bad:
        yield UNACCEPTABLE
    elif best is None:
        yield NO_MAJORITY
    else:
        share = sum(vote.chosen == best for vote in it.votes) / n
        for each in it.answers:
            yield Labelled(each, each.completion == best, PREFERENCE, share, MAJORITY)


def _label(answer: Answer) -> Labelled | str:
    away = fmean(answer.scores.values()) - 0.5
    if answer.is_harmful:
        return Labelled(answer, False, HARM, abs(away), CLEAR)
    if abs(away) < CLEAR:
        return MIDDLING
    return Labelled(answer, away > 0, RATINGS, abs(away), CLEAR)
