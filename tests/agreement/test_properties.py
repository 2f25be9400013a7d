"""What must hold for any ratings: order and names do not matter, and nothing is ever NaN."""

import json
import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from agreement import (
    bootstrap,
    brennan_prediger,
    conger,
    fleiss,
    gwet,
    icc,
    kappa,
    kendall,
    krippendorff,
    percent,
    report,
    weighted_alpha,
    weights,
)
from agreement.estimate import Estimate
from agreement.ratings import Ratings
from agreement.scale import LEVELS

pytestmark = pytest.mark.filterwarnings("error")

SCALE = [1, 2, 3, 4]
CELL = st.sampled_from([np.nan, 1.0, 2.0, 3.0, 4.0])
TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 8), st.integers(0, 5)),
    elements=CELL,
    fill=st.nothing(),
)
FULL = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 8), st.integers(2, 5)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0]),
    fill=st.nothing(),
)
LEVEL = st.sampled_from(LEVELS)


def everything(table: Any, level: Any, scale: Any = SCALE) -> list[Estimate]:
    ratings = Ratings.from_matrix(table, level, scale)
    found = report.summarise(ratings, level, draws=20)
    return [
        found.percent,
        found.within_one,
        found.alpha,
        found.ac,
        found.kappa,
        found.icc2_1,
        found.icc2_k,
        fleiss.kappa(ratings),
        brennan_prediger.kappa(ratings),
        *(fleiss.of_level(ratings, label) for label in ratings.scale.labels),
        *(icc.icc(ratings, form) for form in icc.FORMS),
        *(gwet.ac(ratings, name) for name in weights.WEIGHTS),
        *(conger.kappa(ratings, name) for name in ("identity", "quadratic")),
        *(weighted_alpha.alpha(ratings, name) for name in ("identity", "linear")),
        kendall.concordance(ratings).w,
    ]


def same(a: list[Estimate], b: list[Estimate]) -> bool:
    pairs = list(zip(a, b, strict=True))
    return all((x.value is None) == (y.value is None) for x, y in pairs) and all(
        x.value is None or math.isclose(x.value, y.value or 0.0, rel_tol=1e-9, abs_tol=1e-9)
        for x, y in pairs
    )


@given(TABLES, LEVEL, st.booleans())
def test_nothing_is_nan_and_what_is_undefined_says_why(table, level, is_declared):
    for found in everything(table, level, SCALE if is_declared else None):
        assert (found.value is None) == (found.reason is not None)
        assert found.value is None or math.isfinite(found.value)
        assert (found.low is None) == (found.high is None)
        assert found.interval is None or found.ends[0] <= found.ends[1]


@given(TABLES, LEVEL)
def test_the_record_is_strict_json_with_a_reason_for_every_null(table, level):
    ratings = Ratings.from_matrix(table, level, SCALE)
    record = report.summarise(ratings, level, draws=20).record(None)
    text = json.dumps(record, allow_nan=False)
    nulls = {name for name, value in json.loads(text).items() if value is None}
    assert nulls - {"criterion"} == set(record["undefined"])


@given(TABLES, LEVEL, st.randoms(use_true_random=False))
def test_the_order_of_items_and_of_raters_does_not_matter(table, level, random):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = table[np.ix_(rows, columns)]
    assert same(everything(table, level), everything(shuffled, level))


@given(TABLES, st.permutations(SCALE))
def test_nominal_statistics_do_not_care_what_the_levels_are_called(table, names):
    renamed = np.array([np.nan, *names])[np.nan_to_num(table).astype(int)]
    assert same(everything(table, "nominal")[:7], everything(renamed, "nominal")[:7])


@given(TABLES)
def test_turning_the_scale_round_changes_no_ordered_statistic(table):
    turned = 5 - table
    for level in ("ordinal", "interval"):
        assert same(everything(table, level)[:8], everything(turned, level)[:8])


@given(FULL, LEVEL)
def test_counting_every_item_twice_changes_no_share_and_brings_alpha_closer_to_kappa(table, level):
    once = Ratings.from_matrix(table, level, SCALE)
    twice = Ratings.from_matrix(np.vstack([table, table]), level, SCALE)
    for statistic in (percent.exact, kappa.mean_pairwise, fleiss.kappa, gwet.ac):
        assert same([statistic(once)], [statistic(twice)])
    a, b = krippendorff.alpha(once, "nominal"), krippendorff.alpha(twice, "nominal")
    limit = fleiss.kappa(once)
    assume(a.value is not None and limit.value is not None)
    assert abs(b.known - limit.known) <= abs(a.known - limit.known) + 1e-12


@given(st.lists(st.sampled_from(SCALE), min_size=2, max_size=9), st.integers(2, 5), LEVEL)
def test_identical_raters_agree_perfectly_unless_nothing_varies(column, n_raters, level):
    table = np.repeat(np.array(column, dtype=float)[:, None], n_raters, axis=1)
    estimates = everything(table, level)
    names = [e.value for e in estimates[2:]]
    assert estimates[0].value == 1.0
    if len(set(column)) == 1:
        assert estimates[2].value is None and estimates[4].value is None
    else:
        assert all(value is None or value == pytest.approx(1.0) for value in names)
        assert estimates[2].value == pytest.approx(1.0)


@given(TABLES, LEVEL)
def test_alpha_equals_its_definition_over_pairs_of_values(table, level):
    ratings = Ratings.from_matrix(table, level, SCALE)
    found, slow = krippendorff.alpha(ratings, level).value, by_definition(table, level)
    assert (found is None) == (slow is None)
    assert found is None or found == pytest.approx(slow, abs=1e-12)


def by_definition(table: Any, level: str) -> float | None:
    """Alpha from every pair of values, with the distances written out."""
    units = [row[~np.isnan(row)] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        return None
    pool = np.concatenate(units)
    distance = distances(pool, level)
    expected = 2 * sum(distance(c, k) for c, k in combinations(pool, 2))
    observed = sum(
        2 * sum(distance(c, k) for c, k in combinations(unit, 2)) / (len(unit) - 1)
        for unit in units
    )
    return None if expected == 0 else 1 - (len(pool) - 1) * observed / expected


def distances(pool: Any, level: str) -> Any:
    def ordinal(c: float, k: float) -> float:
        between = np.count_nonzero((pool >= min(c, k)) & (pool <= max(c, k)))
        return float(between - np.count_nonzero(pool == c) / 2 - np.count_nonzero(pool == k) / 2)

    return {
        "nominal": lambda c, k: float(c != k),
        "interval": lambda c, k: (c - k) ** 2,
        "ratio": lambda c, k: ((c - k) / (c + k)) ** 2,
        "ordinal": lambda c, k: ordinal(c, k) ** 2 if c != k else 0.0,
    }[level]


@given(TABLES)
def test_the_mean_over_pairs_equals_kappa_pair_by_pair(table):
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    pairs = [kappa.weighted(ratings, a, b).value for a, b in combinations(ratings.raters, 2)]
    known = [value for value in pairs if value is not None]
    found = kappa.mean_pairwise(ratings, "quadratic")
    assert (found.value is None) == (not known)
    assert found.value is None or found.value == pytest.approx(np.mean(known))


@settings(max_examples=25)
@given(TABLES, LEVEL, st.integers(0, 3))
def test_the_same_seed_gives_the_same_interval(table, level, seed):
    ratings = Ratings.from_matrix(table, level, SCALE)
    first = bootstrap.alpha_interval(ratings, level, draws=30, seed=seed)
    assert first == bootstrap.alpha_interval(ratings, level, draws=30, seed=seed)
