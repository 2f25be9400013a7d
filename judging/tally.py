"""From choices in both orders to wins. Pure.

A run wins a pair of answers only if the judge chose it in both orders; all else is a tie. A judge
that is asked several times still has one say on a pair: what more than half of its readable
replicates say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agreement import paired, wilson
from agreement.estimate import Estimate
from judging.side_by_side import FIRST, SECOND, of_places

A, B, EQUAL, BOTH_UNACCEPTABLE = "A", "B", "equal", "both_unacceptable"
INCONSISTENT, UNSCORED = "inconsistent", "unscored"
WORTH = {A: 0.0, B: 1.0}  # to run B; a tie is half
# Of fewer won pairs nothing follows, even if all go one way (two-sided sign test at 5 %).
FEWEST = 6


@dataclass(frozen=True)
class Choice:
    """What was chosen between two answers in one order. `choice` is empty where nothing was."""

    pair: str
    prompt: str
    domain: str
    replicate: int
    is_swapped: bool
    choice: str
    is_same_text: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a pair of answers came to."""

    prompt: str
    domain: str
    result: str
    is_same_text: bool


@dataclass(frozen=True)
class Tally:
    """How many pairs came to what."""

    label: str
    n_pairs: int
    a: int
    b: int
    equal: int
    both_unacceptable: int
    inconsistent: int
    unscored: int
    n_same_text: int
    # How often B is better, ties half, over pairs that have a result; resampled by prompt.
    superiority: Estimate

    @property
    def ties(self) -> int:
        return self.equal + self.both_unacceptable + self.inconsistent

    @property
    def preferred(self) -> str | None:
        """A or B, empty if neither; None if too few pairs were won to tell."""
        low, high = self.superiority.low, self.superiority.high
        if low is None or high is None or self.a + self.b < FEWEST:
            return None
        return B if low > 0.5 else A if high < 0.5 else ""


@dataclass(frozen=True)
class Position:
    """How much the place of an answer weighs. Pairs of the same text are left out of both."""

    n_compared: int  # pairs, by replicate, with a choice in both orders
    consistency: Estimate  # the same choice in both orders
    n_decided: int  # choices of one of the two answers
    first: Estimate  # of what stood first; 0.5 if the place means nothing

    @property
    def leans(self) -> str:
        """The place that is chosen more often than chance allows: first, second, or neither."""
        if self.first.low is None or self.first.high is None:
            return ""
        return FIRST if self.first.low > 0.5 else SECOND if self.first.high < 0.5 else ""


def outcomes(choices: Iterable[Choice]) -> list[Outcome]:
    """One for each pair of which both orders came to an end in some replicate."""
    by_pair: dict[str, list[tuple[Choice, str]]] = defaultdict(list)
    for orders in _both_orders(choices):
        by_pair[orders[0].pair].append((orders[0], of_orders([each.choice for each in orders])))
    return [
        Outcome(
            prompt=heard[0][0].prompt,
            domain=heard[0][0].domain,
            result=of_replicates([result for _, result in heard]),
            is_same_text=heard[0][0].is_same_text,
        )
        for heard in by_pair.values()
    ]


def of_orders(choices: Sequence[str]) -> str:
    """What the two orders of a pair come to."""
    if "" in choices:
        return UNSCORED
    return choices[0] if len(set(choices)) == 1 else INCONSISTENT


def of_replicates(results: Sequence[str]) -> str:
    """What more than half of the readable replicates came to; without such, inconsistent."""
    readable = Counter(result for result in results if result != UNSCORED)
    if not readable:
        return UNSCORED
    result, n = readable.most_common(1)[0]
    return result if 2 * n > readable.total() else INCONSISTENT


def tally(found: Sequence[Outcome], label: str, *, draws: int = 1000) -> Tally:
    """The outcomes counted."""
    n = Counter(each.result for each in found)
    return Tally(
        label=label,
        n_pairs=len(found),
        a=n[A],
        b=n[B],
        equal=n[EQUAL],
        both_unacceptable=n[BOTH_UNACCEPTABLE],
        inconsistent=n[INCONSISTENT],
        unscored=n[UNSCORED],
        n_same_text=sum(each.is_same_text for each in found),
        superiority=_superiority(found, draws),
    )


def by_domain(found: Sequence[Outcome], *, draws: int = 1000) -> list[Tally]:
    """A tally for each domain, by name; pairs of prompts without one come last."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for each in found:
        groups[each.domain].append(each)
    names = sorted(groups, key=lambda name: (not name, name))
    return [tally(groups[name], name, draws=draws) for name in names]


def position(choices: Iterable[Choice]) -> Position:
    """Over all pairs and replicates; the intervals are Wilson's."""
    asked = [each for each in choices if not each.is_same_text]
    both = [[each.choice for each in orders] for orders in _both_orders(asked)]
    readable = [orders for orders in both if "" not in orders]
    places = Counter(of_places(each.choice, is_swapped=each.is_swapped) for each in asked)
    decided = places[FIRST] + places[SECOND]
    agreeing = sum(len(set(orders)) == 1 for orders in readable)
    return Position(
        n_compared=len(readable),
        consistency=wilson.proportion(agreeing, len(readable)),
        n_decided=decided,
        first=wilson.proportion(places[FIRST], decided),
    )


def _both_orders(choices: Iterable[Choice]) -> list[list[Choice]]:
    """The two choices of every pair and replicate of which both orders came to an end."""
    groups: dict[tuple[str, int], list[Choice]] = defaultdict(list)
    for each in choices:
        groups[each.pair, each.replicate].append(each)
    return [orders for orders in groups.values() if len(orders) == 2]


def _superiority(found: Sequence[Outcome], draws: int) -> Estimate:
    """P(B better) + P(tie) / 2, as comparisons of scores state it.

    Where every pair went to one run, resampling sees no doubt; Wilson's interval over prompts does.
    """
    scored = [each for each in found if each.result != UNSCORED]
    worth = [WORTH.get(each.result, 0.5) for each in scored]
    prompts = [each.prompt for each in scored]
    if set(worth) in ({0.0}, {1.0}):
        n = len(set(prompts))
        return wilson.proportion(n if worth[0] else 0, n)
    return paired.superiority(paired.Pairs.build([0.5] * len(worth), worth, prompts), draws=draws)
