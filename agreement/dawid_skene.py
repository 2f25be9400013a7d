"""Dawid-Skene: the likely true label of each item and each rater's own confusions, by EM.

    P(labels of i | truth k) = prod_r pi_r[k, label_ir],   P(truth k) = share_k

Source: Dawid & Skene (1979), J. R. Stat. Soc. C 28:20-28. It takes raters to err independently and
no item to be harder than another: with three to six clinicians prefer rater severity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from agreement.ratings import Ratings
from agreement.wording import _

Floats = NDArray[np.float64]

ROUNDS = 1000
CLOSE = 1e-8


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """With L levels in the order of the scale: `posterior` (n_items, L), `shares` (L,) and
    `confusion[r, k, l]`, how often rater r says l where k is true.

    Everything else is empty where `reason` says why nothing was estimated; where the rounds ran
    out, `converged` is False, the last round stands and `reason` says so.
    """

    items: tuple[str, ...]
    raters: tuple[str, ...]
    posterior: Floats
    shares: Floats
    confusion: Floats
    log_likelihood: float | None
    n_rounds: int
    converged: bool
    reason: str | None = None

    @property
    def likeliest(self) -> tuple[int, ...]:
        """The place on the scale of each item's likeliest label; the first of equals."""
        return tuple(int(row.argmax()) for row in self.posterior)

    @property
    def accuracy(self) -> dict[str, float]:
        """How often each rater gives the true label, by the estimated shares."""
        hits = np.einsum("k,rkk->r", self.shares, self.confusion)
        return dict(zip(self.raters, hits.tolist(), strict=True))


def estimate(
    ratings: Ratings, *, prior: float = 1.0, trust: float = 1.0, rounds: int = ROUNDS
) -> DawidSkene:
    """EM from the majority, with pseudo-counts: `prior` / L in every cell of a rater's confusions
    and every share, and `trust` more where the rater is right, which keeps labels from swapping.

    Both 0 is the maximum likelihood of the source. Undefined without two levels that were used,
    without two raters and without an item that two rated.
    """
    if rounds < 1:
        raise ValueError("At least one round is needed.")
    if reason := why_undefined(ratings):
        return _nothing(ratings, reason)
    hot = _one_hot(ratings)
    n_levels = hot.shape[2]
    posterior = hot.sum(axis=1) / hot.sum(axis=(1, 2))[:, None]
    added = np.full((n_levels, n_levels), prior / n_levels) + trust * np.eye(n_levels)
    before, n_rounds, converged = -np.inf, 0, False
    while not converged and n_rounds < rounds:
        shares, confusion = _maximise(posterior, hot, prior / n_levels, added)
        joint = _joint(hot, shares, confusion)
        likelihood = float(special.logsumexp(joint, axis=1).sum())
        goal = likelihood + _log_prior(shares, confusion, prior / n_levels, added)
        posterior = special.softmax(joint, axis=1)
        converged = abs(goal - before) <= CLOSE * (1 + abs(goal))
        before, n_rounds = goal, n_rounds + 1
    late = None if converged else _("it had not settled after {n} rounds", n=rounds)
    return DawidSkene(
        ratings.items,
        ratings.raters,
        posterior,
        shares,
        confusion,
        likelihood,
        n_rounds,
        converged,
        late,
    )


def why_undefined(ratings: Ratings) -> str | None:
    """The reason, known before computing, why nothing can be estimated; else None."""
    if reason := ratings.too_many_levels():
        return reason
    if ratings.n_raters < 2:
        return _("raters are weighed against each other, and there are fewer than two")
    if not ratings.n_pairable_items:
        return _("no item has two ratings")
    if len(np.unique(ratings.codes[ratings.is_given])) < 2:
        return _("all ratings are the same value")
    return None


def _one_hot(ratings: Ratings) -> Floats:
    """(n_items, n_raters, L): 1 where the rater gave the item that level."""
    levels = np.arange(len(ratings.levels))
    return np.asarray(ratings.codes[:, :, None] == levels, dtype=np.float64)


def _maximise(
    posterior: Floats, hot: Floats, share_prior: float, added: Floats
) -> tuple[Floats, Floats]:
    shares = posterior.sum(axis=0) + share_prior
    counts = np.einsum("ik,irl->rkl", posterior, hot) + added
    total = counts.sum(axis=2, keepdims=True)
    even = np.full_like(counts, 1 / counts.shape[2])
    return shares / shares.sum(), np.divide(counts, total, out=even, where=total > 0)


def _joint(hot: Floats, shares: Floats, confusion: Floats) -> Floats:
    """log P(truth k and the labels of item i), (n_items, L)."""
    tiny = np.finfo(np.float64).tiny
    said = np.einsum("irl,rkl->ik", hot, np.log(np.maximum(confusion, tiny)))
    return np.asarray(np.log(np.maximum(shares, tiny)) + said)


def _log_prior(shares: Floats, confusion: Floats, share_prior: float, added: Floats) -> float:
    tiny = np.finfo(np.float64).tiny
    of_shares = share_prior * np.log(np.maximum(shares, tiny)).sum()
    return float(of_shares + (added * np.log(np.maximum(confusion, tiny))).sum())


def _nothing(ratings: Ratings, reason: str) -> DawidSkene:
    empty = np.zeros((0, 0))
    shape = (0, 0, 0)
    return DawidSkene(
        ratings.items, (), empty, np.zeros(0), np.zeros(shape), None, 0, False, reason
    )
