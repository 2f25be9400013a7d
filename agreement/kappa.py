"""Cohen's kappa and weighted kappa between two named raters, or the mean over all pairs of raters.

Counted over the full declared scale. Sources: Cohen (1960), Educ. Psychol. Meas. 20:37-46; Cohen
(1968), Psychol. Bull. 70:213-220; mean over pairs: Light (1971), Psychol. Bull. 76:365-377.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from agreement import weights
from agreement.chance import ONE_ITEM
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings
from agreement.weights import WeightName
from agreement.wording import _

Floats = NDArray[np.float64]

Z = float(special.ndtri(0.975))
NO_COMMON = _("the two raters have no item in common")
SAME_VALUE = _("both raters gave every common item one and the same value")


def cohen(ratings: Ratings, first: str, second: str) -> Estimate:
    """Unweighted kappa of two raters: `weighted` with identity weights."""
    return weighted(ratings, first, second, "identity")


def weighted(ratings: Ratings, first: str, second: str, name: WeightName = "quadratic") -> Estimate:
    """1 - sum v_ij p_ij / sum v_ij p_i. p_.j over the items that both rated; v = 1 - weight.

    `se` is the large-sample standard error (Fleiss, Cohen & Everitt 1969, Psychol. Bull. 72:323)
    and the interval value +- z se, cut off at 1. Undefined without a common item, and when no
    disagreement could be expected (both raters constant and equal).
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    table = cross_table(ratings, first, second)
    return of_table(table, weights.matrix(name, ratings.levels))


def mean_pairwise(ratings: Ratings, name: WeightName = "identity") -> Estimate:
    """The mean of `weighted` over all pairs of raters for whom it is defined.

    Undefined with fewer than two raters and when no pair has a defined kappa.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason)
    if ratings.n_raters < 2:
        return undefined(_("kappa compares raters, and there are fewer than two"))
    kappas = _all_pairs(ratings, weights.matrix(name, ratings.levels))
    if kappas.size:
        return Estimate(float(kappas.mean()))
    shared = ratings.n_pairable_items > 0
    if ratings.n_raters == 2:
        return undefined(SAME_VALUE if shared else NO_COMMON)
    return undefined(
        _("no two raters vary in what they gave") if shared else _("no two raters share an item")
    )


def cross_table(ratings: Ratings, first: str, second: str) -> Floats:
    """How often the first rater gave level i and the second level j, shape (q, q)."""
    q = len(ratings.levels)
    a = ratings.codes[:, ratings.raters.index(first)]
    b = ratings.codes[:, ratings.raters.index(second)]
    both = (a >= 0) & (b >= 0)
    table = np.bincount(a[both] * q + b[both], minlength=q * q)
    return table.reshape(q, q).astype(np.float64)


def of_table(table: Floats, weight: Floats) -> Estimate:
    """Weighted kappa, with `se`, of a table (q, q) of joint counts and weights of agreement.

    `weight` may be any (q, q), so weights of disagreement v enter as 1 - v / max(v).
    """
    n = table.sum()
    if not n:
        return undefined(NO_COMMON)
    share = table / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed = float((weight * share).sum())
    expected = float(rows @ weight @ columns)
    if np.isclose(expected, 1.0, atol=1e-12):
        return undefined(SAME_VALUE)
    value = (observed - expected) / (1 - expected)
    means = (weight @ columns)[:, None] + (rows @ weight)[None, :]
    spread = (share * (weight - means * (1 - value)) ** 2).sum()
    variance = spread - (value - expected * (1 - value)) ** 2
    if n < 2:
        return Estimate(value, interval_reason=ONE_ITEM)
    se = float(np.sqrt(max(variance, 0.0) / n) / (1 - expected))
    reach = Z * se
    return Estimate(value, value - reach, min(1.0, value + reach), se=se)


def se_without_agreement(table: Floats, weight: Floats) -> float | None:
    """The standard error of kappa if raters agreed by chance alone, for the test of kappa = 0.

    se0^2 = (sum_ij p_i. p_.j (w_ij - (w_i. + w_.j))^2 - pe^2) / (n (1 - pe)^2), w_i. and w_.j the
    mean weights of row i and column j. None where kappa is undefined.
    """
    n = table.sum()
    if not n:
        return None
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    expected = float(rows @ weight @ columns)
    if np.isclose(expected, 1.0, atol=1e-12):
        return None
    means = (weight @ columns)[:, None] + (rows @ weight)[None, :]
    spread = (np.outer(rows, columns) * (weight - means) ** 2).sum()
    return float(np.sqrt(max(spread - expected**2, 0.0) / n) / (1 - expected))


def highest(ratings: Ratings, first: str, second: str) -> tuple[Estimate, Estimate]:
    """The exact agreement and the unweighted kappa that two raters could at most have reached,
    each using the levels as often as they did: sum_k min(p_k., p_.k), and kappa of it.

    Source: Cohen (1960). Undefined where kappa is.
    """
    if reason := ratings.too_many_levels():
        return undefined(reason), undefined(reason)
    table = cross_table(ratings, first, second)
    plain = of_table(table, np.eye(len(table)))
    if plain.reason is not None:
        return undefined(plain.reason), plain
    rows, columns = table.sum(axis=1) / table.sum(), table.sum(axis=0) / table.sum()
    most, expected = float(np.minimum(rows, columns).sum()), float(rows @ columns)
    return Estimate(most), Estimate((most - expected) / (1 - expected))


def _all_pairs(ratings: Ratings, weight: Floats) -> Floats:
    """Kappa of every pair of raters for whom it is defined; one pass per rater."""
    hot = one_hot(ratings)
    q = len(ratings.levels)
    found = []
    for rater in range(ratings.n_raters - 1):
        mine = hot[:, rater * q : (rater + 1) * q]
        others = hot[:, (rater + 1) * q :]
        tables = np.asarray((mine.T @ others).todense()).reshape(q, -1, q).swapaxes(0, 1)
        found.append(_kappas(tables, weight))
    return np.concatenate(found)


def _kappas(tables: Floats, weight: Floats) -> Floats:
    """Weighted kappa of each table (pairs, q, q), leaving out those without one."""
    tables = tables[tables.sum(axis=(1, 2)) > 0]
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = (share * weight).sum(axis=(1, 2))
    expected = ((share.sum(axis=2) @ weight) * share.sum(axis=1)).sum(axis=1)
    free = ~np.isclose(expected, 1.0, atol=1e-12)
    return np.asarray((observed[free] - expected[free]) / (1 - expected[free]))


def one_hot(ratings: Ratings) -> Any:
    """Sparse (n_items, n_raters * q): a 1 where the rater gave the item that level."""
    q = len(ratings.levels)
    item, rater = np.nonzero(ratings.is_given)
    column = rater * q + ratings.codes[item, rater]
    shape = (ratings.n_items, ratings.n_raters * q)
    return sparse.csc_array((np.ones(len(item)), (item, column)), shape=shape)
