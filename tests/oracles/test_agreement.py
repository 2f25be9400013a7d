"""Agreement statistics beside other people's packages, on seeded random tables."""

from importlib import import_module

import numpy as np
import pytest

from agreement import fleiss, holm, icc, kappa, krippendorff, multiplicity, weights, wilson
from agreement.ratings import Ratings

pytestmark = pytest.mark.oracles


def table(seed, n_items=60, n_raters=4, missing=0.0):
    rng = np.random.default_rng(seed)
    scores = 3 + rng.normal(size=(n_items, 1)) + 0.8 * rng.normal(size=(n_items, n_raters))
    whole = np.clip(np.round(scores), 1, 5)
    whole[rng.random(whole.shape) < missing] = np.nan
    return whole


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", range(5))
def test_alpha(level, seed):
    numbers = table(seed, missing=0.2)
    mine = krippendorff.alpha(Ratings.from_matrix(numbers, level), level).value
    theirs = import_module("krippendorff").alpha(numbers.T, level_of_measurement=level)
    assert mine == pytest.approx(theirs, abs=1e-10)
    frame = import_module("pandas").DataFrame(numbers.T)
    assert mine == pytest.approx(import_module("evalica").alpha(frame, level).alpha, abs=1e-10)


@pytest.mark.parametrize("name", ["identity", "linear", "quadratic"])
@pytest.mark.parametrize("seed", range(3))
def test_kappa_and_its_standard_error(name, seed):
    ratings = Ratings.from_matrix(table(seed, n_raters=2), "ordinal", [1, 2, 3, 4, 5])
    counts = kappa.cross_table(ratings, "1", "2")
    mine = kappa.of_table(counts, weights.matrix(name, ratings.levels))
    rater = import_module("statsmodels.stats.inter_rater")
    kind = {"identity": None, "linear": "linear", "quadratic": "quadratic"}[name]
    theirs = rater.cohens_kappa(counts, wt=kind)
    assert mine.value == pytest.approx(theirs.kappa, abs=1e-10)
    assert mine.se == pytest.approx(theirs.std_kappa, rel=1e-6)


def test_fleiss():
    ratings = Ratings.from_matrix(table(7), "nominal", [1, 2, 3, 4, 5])
    rater = import_module("statsmodels.stats.inter_rater")
    theirs = rater.fleiss_kappa(ratings.dense_counts())
    assert fleiss.kappa(ratings).value == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_intraclass_correlations_and_intervals(seed):
    numbers = table(seed, n_items=20)
    item, rater = np.indices(numbers.shape)
    frame = import_module("pandas").DataFrame(
        {"item": item.ravel(), "rater": rater.ravel(), "score": numbers.ravel()}
    )
    theirs = import_module("pingouin").intraclass_corr(frame, "item", "rater", "score")
    ratings = Ratings.from_matrix(numbers, "interval")
    limits = next(column for column in theirs if str(column).startswith("CI95"))
    for form, (_, row) in zip(
        ["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"], theirs.iterrows(), strict=True
    ):
        mine = icc.icc(ratings, form)
        assert mine.value == pytest.approx(row["ICC"], abs=1e-6)
        assert mine.ends == pytest.approx(list(row[limits]), abs=0.0051)


def test_wilson():
    theirs = import_module("statsmodels.stats.proportion").proportion_confint
    for successes, n in [(3, 10), (0, 8), (170, 450)]:
        low, high = theirs(successes, n, method="wilson")
        assert wilson.proportion(successes, n).ends == pytest.approx((low, high), abs=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_adjusted_p_values(seed):
    p = np.random.default_rng(seed).beta(0.4, 1, size=12)
    theirs = import_module("statsmodels.stats.multitest").multipletests
    named = {
        "holm": holm.adjusted,
        "fdr_bh": multiplicity.benjamini_hochberg,
        "fdr_by": multiplicity.benjamini_yekutieli,
    }
    for method, adjust in named.items():
        assert adjust(p.tolist()) == pytest.approx(theirs(p, method=method)[1], abs=1e-12)
