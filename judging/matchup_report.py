"""What a matchup's page says beside its progress: wins, what place means, what was left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from generation.queue import State
from judging import tally
from judging.models import Matchup
from judging.tally import Choice, Position, Tally

N_REASONS = 5


@dataclass(frozen=True)
class Findings:
    """Read once for a page, not at every poll."""

    whole: Tally
    domains: tuple[Tally, ...]
    position: Position
    reasons: tuple[tuple[str, int], ...]  # why there is no choice, the commonest first
    n_reasoned: int

    @property
    def headline(self) -> str:
        """The finding, in a sentence."""
        preferred = self.whole.preferred
        if preferred is None:
            return _("Too few pairs were won to tell A and B apart.")
        if not preferred:
            return _("The judge does not tell A and B apart.")
        return _("The judge prefers %(run)s.") % {"run": preferred}

    @property
    def rows(self) -> tuple[Tally, ...]:
        """The table: everything, then each domain if there are several."""
        return (self.whole, *(self.domains if len(self.domains) > 1 else ()))


def findings(matchup: Matchup, *, draws: int = 1000) -> Findings:
    """Two queries, one of them over every choice."""
    reasons: Counter[str] = Counter()
    said = list(_choices(matchup, reasons))
    found = tally.outcomes(said)
    return Findings(
        whole=tally.tally(found, _("All pairs"), draws=draws),
        domains=tuple(tally.by_domain(found, draws=draws)),
        position=tally.position(said),
        reasons=tuple(reasons.most_common(N_REASONS)),
        n_reasoned=matchup.duels.filter(provenance__has_reasoning=True).count(),
    )


def _choices(matchup: Matchup, reasons: Counter[str]) -> Iterator[Choice]:
    """Every choice, and every order in which there is none for good; counts why."""
    ended = matchup.duels.filter(state__in=[State.DONE, State.FAILED]).order_by()
    rows = ended.values_list(
        "completion_a_id",
        "completion_a__prompt_id",
        "completion_a__prompt__domain__name",
        "replicate",
        "is_swapped",
        "choice",
        "provenance__is_same_text",
        "unscored_reason",
        "error",
    )
    for (
        pair,
        prompt,
        domain,
        replicate,
        is_swapped,
        choice,
        is_same,
        unscored,
        error,
    ) in rows.iterator(chunk_size=2000):
        if not choice:
            reasons[unscored or error] += 1
        yield Choice(pair, prompt, domain or "", replicate, is_swapped, choice, bool(is_same))
