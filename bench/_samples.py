"""Studies made at random, of which the truth is known: what the coverage of intervals is held to.

Pure: every draw takes its generator, so a seed gives the same studies again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from agreement import (
    bootstrap,
    clustered,
    conger,
    contrast,
    fleiss,
    gwet,
    icc,
    kappa,
    krippendorff,
    paired,
    percent,
    ppi,
    ranks,
    wilson,
)
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import Level

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Estimate]

LEVELS = [1, 2, 3, 4, 5]
DRAWS = 1000
N_TRUTH = 400_000
TRUTH_SEED = 11


@dataclass(frozen=True)
class Claim:
    """An interval that says 95 %: `draw` makes a study and its estimate, `truth` is the number
    that the interval should hold. `is_held`: the bench fails when its coverage is not 93-97 %."""

    what: str
    study: str
    draw: Draw
    truth: float
    is_held: bool = False


def claims() -> Iterator[Claim]:
    """All of them, in the order of the table."""
    yield from _alphas()
    yield from _differences()
    yield from _corrected()
    yield from _shares()
    yield from _coefficients()
    yield from _correlations()


def rated(rng: np.random.Generator, n_items: int, n_raters: int, missing: float) -> Floats:
    """Scores from 1 to 5: what the item deserves, plus what the rater adds."""
    truth = rng.normal(size=(n_items, 1))
    scores = np.clip(np.round(3 + truth + 0.7 * rng.normal(size=(n_items, n_raters))), 1, 5)
    scores[rng.random(scores.shape) < missing] = np.nan
    return np.asarray(scores)


def _large(n_raters: int, level: Level, missing: float = 0.0) -> Ratings:
    rng = np.random.default_rng(TRUTH_SEED)
    return Ratings.from_matrix(rated(rng, N_TRUTH, n_raters, missing), level, LEVELS)


def _alphas() -> Iterator[Claim]:
    levels: tuple[Level, ...] = ("nominal", "ordinal", "interval")
    for level in levels:
        truth = krippendorff.alpha(_large(4, level, 0.3), level).known
        for n in (50, 100, 200):
            yield Claim(
                f"alpha, {level}: item bootstrap",
                f"4 raters, 30 % missing, {n} items",
                _alpha(level, n),
                truth,
                is_held=True,
            )
    yield Claim(
        "difference of two alphas, ordinal",
        "2 and 2 raters on the same 100 items",
        _alpha_difference,
        0.0,
    )


def _alpha(level: Level, n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        ratings = Ratings.from_matrix(rated(rng, n, 4, 0.3), level, LEVELS)
        seed = int(rng.integers(2**31))
        return bootstrap.alpha_interval(ratings, level, draws=DRAWS, seed=seed)

    return draw


def _alpha_difference(rng: np.random.Generator) -> Estimate:
    ratings = Ratings.from_matrix(rated(rng, 100, 4, 0.0), "ordinal", LEVELS)
    return contrast.of_raters(ratings, ["1", "2"], ["3", "4"], "ordinal", draws=DRAWS)


EFFECT = 0.3


def _differences() -> Iterator[Claim]:
    for n in (20, 50, 150):
        yield Claim(
            "clustered difference, paired",
            f"{n} prompts, 1 to 6 replicates each",
            _paired(n),
            EFFECT,
            is_held=True,
        )
    yield Claim(
        "clustered difference, prompts half shared",
        "40 prompts under A, 40 under B, 3 replicates",
        _half_shared,
        EFFECT,
        is_held=True,
    )
    better = float(stats.norm.cdf(EFFECT / (0.25 + 2 * 0.49) ** 0.5))
    for n in (50, 150):
        yield Claim("P(B > A): cluster bootstrap", f"{n} prompts, 4 rows each", _better(n), better)
        yield Claim(
            "ratio of means: cluster bootstrap", f"{n} prompts, 4 rows each", _ratio(n), 1.1
        )


def _scores(rng: np.random.Generator, own: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """A and B of each row; a prompt moves both, and moves what B adds."""
    n = int(own.max()) + 1
    prompt, gain = rng.normal(3, 1, n), rng.normal(EFFECT, 0.5, n)
    a = prompt[own] + rng.normal(0, 0.7, len(own))
    return a, prompt[own] + gain[own] + rng.normal(0, 0.7, len(own))


def _paired(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        own = np.repeat(np.arange(n), rng.integers(1, 7, n))
        a, b = _scores(rng, own)
        return clustered.paired_difference(a, b, own.tolist())

    return draw


def _half_shared(rng: np.random.Generator) -> Estimate:
    own = np.repeat(np.arange(60), 3)
    a, b = _scores(rng, own)
    in_a, in_b = own < 40, own >= 20
    return clustered.difference(a[in_a], own[in_a].tolist(), b[in_b], own[in_b].tolist())


def _better(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        own = np.repeat(np.arange(n), 4)
        pairs = paired.Pairs.build(*_scores(rng, own), own.tolist())
        return paired.superiority(pairs, draws=DRAWS, seed=int(rng.integers(2**31)))

    return draw


def _ratio(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        own = np.repeat(np.arange(n), 4)
        pairs = paired.Pairs.build(*_scores(rng, own), own.tolist())
        seed = int(rng.integers(2**31))
        return paired.ratio_of_means(pairs, scale=(1, 5), draws=DRAWS, seed=seed).estimate

    return draw


def _corrected() -> Iterator[Claim]:
    for n in (20, 40, 80, 150):
        yield Claim(
            "PPI++ of a paired difference, t",
            f"{n} of 450 items rated by people, judge 0.35 too kind",
            _ppi(n),
            EFFECT,
            is_held=True,
        )


def _ppi(n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        difference = rng.normal(EFFECT, 0.8, 450)
        people = difference + rng.normal(0, 0.6, 450)
        judge = 0.35 + 0.8 * (difference - EFFECT) + EFFECT + rng.normal(0, 0.6, 450)
        return ppi.mean(people[:n], judge[:n], judge[n:])

    return draw


def _shares() -> Iterator[Claim]:
    """Wilson's interval of a share that is itself drawn: its coverage swings with the share."""
    for n in (20, 50, 200):
        yield Claim(
            "share of binary answers: Wilson",
            f"{n} answers, true shares from .05 to .95",
            _wilson(n),
            0.0,
            is_held=True,
        )


def _wilson(n: int) -> Draw:
    """The interval of share - true share, so that the truth is 0 whichever share was drawn."""

    def draw(rng: np.random.Generator) -> Estimate:
        share = rng.uniform(0.05, 0.95)
        found = wilson.proportion(int(rng.binomial(n, share)), n)
        low, high = found.ends
        return Estimate(found.known - share, low - share, high - share)

    return draw


def _coefficients() -> Iterator[Claim]:
    whole = _large(4, "ordinal")
    n, study = 100, "4 raters, 100 items"
    statistics: dict[str, Callable[[Ratings], Estimate]] = {
        "percent agreement": percent.exact,
        "AC1": gwet.ac,
        "AC2, quadratic": lambda r: gwet.ac(r, "quadratic"),
        "Fleiss' kappa": fleiss.kappa,
        "Conger's kappa, quadratic": lambda r: conger.kappa(r, "quadratic"),
        "Cohen's kappa of a pair, quadratic": lambda r: kappa.weighted(r, "1", "2"),
    }
    for what, statistic in statistics.items():
        yield Claim(what, study, _statistic(statistic, n), statistic(whole).known)
    forms: tuple[icc.Form, ...] = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")
    for form in forms:
        yield Claim(
            f"ICC({form})", "6 severe and mild raters, 50 items", _icc(form), _icc_truth(form)
        )


def _statistic(statistic: Callable[[Ratings], Estimate], n: int) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        return statistic(Ratings.from_matrix(rated(rng, n, 4, 0.0), "ordinal", LEVELS))

    return draw


OF_ITEMS, OF_RATERS, OF_REST, N_RATERS = 1.0, 0.2, 0.6, 6  # variances


def _icc_truth(form: icc.Form) -> float:
    """From the variances the ratings are made of; a one-way design gives every item new raters."""
    noise = OF_REST if form[0] == "3" else OF_REST + OF_RATERS
    return OF_ITEMS / (OF_ITEMS + noise / (N_RATERS if form[2] == "k" else 1))


def _icc(form: icc.Form) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        raters = rng.normal(0, OF_RATERS**0.5, (50 if form[0] == "1" else 1, N_RATERS))
        noise = rng.normal(0, OF_REST**0.5, (50, N_RATERS))
        table = rng.normal(0, OF_ITEMS**0.5, (50, 1)) + raters + noise
        return icc.icc(Ratings.from_matrix(table, "interval"), form)

    return draw


def _correlations() -> Iterator[Claim]:
    x, y = _columns(np.random.default_rng(TRUTH_SEED), 50_000)
    for what, ours in (("Spearman", ranks.spearman), ("tau-b", ranks.tau_b)):
        truth = ours(x, y, draws=1).known
        yield Claim(what, "judge and the mean of 3 people, 80 items", _correlation(ours), truth)


def _columns(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    scores = rated(rng, n, 4, 0.0)
    return scores[:, 0], scores[:, 1:].mean(axis=1)


def _correlation(ours: Callable[..., Estimate]) -> Draw:
    def draw(rng: np.random.Generator) -> Estimate:
        x, y = _columns(rng, 80)
        return ours(x, y, draws=DRAWS, seed=int(rng.integers(2**31)))

    return draw
