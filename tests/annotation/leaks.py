"""Can a program tell the arms apart from anything but the text? A small classifier that tries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]


def auc(truth: NDArray[Any], score: Floats) -> float:
    """The chance that a case of the one kind scores above one of the other; ties count half."""
    yes = truth.astype(bool)
    n, m = int(yes.sum()), int((~yes).sum())
    ranks = stats.rankdata(score)
    return float((ranks[yes].sum() - n * (n + 1) / 2) / (n * m))


def told(features: Floats, truth: NDArray[Any], *, folds: int = 5, seed: int = 1) -> float:
    """AUC of a logistic regression on cases that it has not seen, over all folds."""
    part = np.random.default_rng(seed).permutation(len(truth)) % folds
    scores = np.zeros(len(truth))
    for fold in range(folds):
        seen = part != fold
        scores[~seen] = _scores(features[seen], truth[seen], features[~seen])
    return auc(truth, scores)


def _scores(features: Floats, truth: NDArray[Any], others: Floats) -> Floats:
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    weights = _fit((features - mean) / spread, truth.astype(float))
    return np.asarray(((others - mean) / spread) @ weights[1:] + weights[0])


def _fit(x: Floats, y: Floats, penalty: float = 1e-6) -> Floats:
    """Intercept and weights, by the likelihood with a small ridge."""
    sign = 2 * y - 1

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = sign * (x @ w[1:] + w[0])
        pull = -sign * special.expit(-margin) / len(y)
        slope = np.concatenate(([pull.sum()], x.T @ pull + 2 * penalty * w[1:]))
        cost = np.logaddexp(0.0, -margin).mean() + penalty * (w[1:] @ w[1:])
        return float(cost), slope

    found = optimize.minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 3_000}
    )
    return np.asarray(found.x)
