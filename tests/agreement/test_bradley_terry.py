"""Bradley-Terry reaches published values, takes covariates out, and refuses what has no bound."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import bradley_terry
from agreement.comparisons import ComparisonError, Comparisons

NAMES = ["base", "generic", "psych", "lora"]
# A simulated round robin of four conditions: who beat whom, ties apart, and the strengths that
# two other programs find in it.
WINS = [[0, 106, 70, 42], [121, 0, 82, 54], [163, 149, 0, 100], [172, 175, 119, 0]]
TIES = [[0, 73, 67, 86], [73, 0, 69, 71], [67, 69, 0, 81], [86, 71, 81, 0]]
STRENGTHS = {"base": 0.0, "generic": 0.1153, "psych": 0.6597, "lora": 0.8889}


def drawn_rows(seed=0, n_items=60, side=0.0, ties=0.2):
    rng = np.random.default_rng(seed)
    strength = dict(zip(NAMES, (0.0, 0.2, 0.6, 0.9), strict=True))
    rows = []
    for item in range(n_items):
        for a, b in itertools.permutations(NAMES, 2):
            chance = 1 / (1 + np.exp(strength[b] - strength[a] - side))
            tie = rng.random() < ties
            rows.append((item, a, b, 0.5 if tie else float(rng.random() < chance)))
    return rows


def values(found):
    return {name: estimate.value for name, estimate in found.strengths.items()}


def test_a_table_of_wins_and_ties_gives_the_known_strengths():
    found = bradley_terry.fit(Comparisons.of_table(np.array(WINS), NAMES, np.array(TIES)))
    assert values(found) == pytest.approx(STRENGTHS, abs=5e-5)


def test_the_table_of_wins_counts_ties_as_half_for_each():
    rows = [(1, "a", "b", 1.0), (1, "b", "a", 0.5), (2, "a", "b", 0.0), (2, "b", "a", 1.0)]
    wins = bradley_terry.win_matrix(Comparisons.build(rows))
    assert wins.tolist() == [[0, 1.5], [2.5, 0]]


def test_the_reference_only_moves_the_origin():
    comparisons = Comparisons.build(drawn_rows())
    one = values(bradley_terry.fit(comparisons))
    other = values(bradley_terry.fit(comparisons, reference="lora"))
    assert {name: one[name] - one["lora"] for name in NAMES} == pytest.approx(other)


@given(order=st.permutations(NAMES), seed=st.integers(0, 20))
def test_names_and_sides_of_a_row_do_not_matter(order, seed):
    rows = drawn_rows(seed, n_items=8)
    rename = dict(zip(NAMES, order, strict=True))
    turned = [(item, rename[b], rename[a], 1 - score) for item, a, b, score in rows]
    found = values(bradley_terry.fit(Comparisons.build(rows), reference="base"))
    renamed = bradley_terry.fit(Comparisons.build(turned), reference=rename["base"])
    assert {name: values(renamed)[rename[name]] for name in NAMES} == pytest.approx(found, abs=1e-8)


def test_doubling_the_rows_keeps_strengths_and_narrows_errors():
    rows = drawn_rows()
    once = bradley_terry.fit(Comparisons.build(rows)).strengths["lora"]
    twice = bradley_terry.fit(Comparisons.build(rows + rows)).strengths["lora"]
    assert twice.value == pytest.approx(once.value)
    assert twice.se == pytest.approx(once.se / np.sqrt(2))


def test_two_conditions_give_the_log_odds():
    rows = [(place, "a", "b", float(place < 30)) for place in range(40)]
    found = bradley_terry.fit(Comparisons.build(rows), reference="b")
    assert found.strengths["a"].value == pytest.approx(np.log(3))
    assert found.strengths["a"].se == pytest.approx(np.sqrt(1 / 30 + 1 / 10))
    assert found.chance("a", "b") == pytest.approx(0.75)


def test_the_side_takes_its_share_out_of_the_strengths():
    comparisons = Comparisons.build(drawn_rows(3, n_items=400, side=0.5, ties=0.0))
    side = {"side": np.ones(len(comparisons.score))}
    found = bradley_terry.fit(comparisons, covariates=side)
    low, high = found.effects["side"].ends
    assert low < 0.5 < high
    assert values(found)["lora"] == pytest.approx(0.9, abs=0.15)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no comparison"),
        ([(1, "a", "b", 1.0), (2, "a", "b", 1.0)], "tied with a, so"),
        ([(1, "a", "b", 0.5), (2, "c", "d", 0.5)], "never compared"),
        ([(1, "a", "b", 1.0), (2, "c", "b", 1.0)], "tied with a, c, so"),
    ],
)
def test_what_does_not_hang_together_is_undefined_with_the_reason(rows, said):
    found = bradley_terry.with_bootstrap(Comparisons.build(rows))
    assert found.deviance is None
    reasons = {estimate.reason for estimate in found.strengths.values()}
    assert not reasons or said in reasons.pop()
    assert said in (bradley_terry.why_undefined(Comparisons.build(rows)) or "")


def test_a_covariate_that_foretells_every_winner_is_refused():
    rows = drawn_rows(ties=0.0, n_items=5)
    comparisons = Comparisons.build(rows)
    length = {"length": comparisons.score - 0.5}
    found = bradley_terry.fit(comparisons, covariates=length)
    assert found.effects["length"].reason == bradley_terry.SEPARATED
    assert found.strengths["lora"].reason == bradley_terry.SEPARATED


def test_the_bootstrap_resamples_items_as_wholes():
    rows = drawn_rows(1, n_items=40, ties=0.0)
    copied = [(item, *rest) for item, *rest in rows for _ in range(5)]
    plain = bradley_terry.with_bootstrap(Comparisons.build(rows)).strengths["lora"]
    doubled = bradley_terry.with_bootstrap(Comparisons.build(copied)).strengths["lora"]
    assert doubled.ends == pytest.approx(plain.ends, abs=1e-8)
    assert plain.low < plain.value < plain.high


def test_the_bootstrap_is_the_same_for_one_seed_and_undefined_for_one_item():
    comparisons = Comparisons.build(drawn_rows(2, n_items=20))
    one, two = (bradley_terry.with_bootstrap(comparisons, seed=5, draws=200) for _ in range(2))
    assert one == two
    single = bradley_terry.with_bootstrap(Comparisons.build(drawn_rows(2, n_items=1, ties=1.0)))
    assert "two items" in (single.strengths["lora"].interval_reason or "")


def test_two_thousand_draws_take_less_than_a_second():
    comparisons = Comparisons.build(drawn_rows(n_items=300))
    began = time.perf_counter()
    bradley_terry.with_bootstrap(comparisons, draws=2000)
    assert time.perf_counter() - began < 1


def test_rows_that_are_no_comparison_are_refused():
    with pytest.raises(ComparisonError, match="Row 1 compares 'a' with itself"):
        Comparisons.build([(1, "a", "a", 1.0)])
    with pytest.raises(ComparisonError, match=r"Row 2: 0\.7"):
        Comparisons.build([(1, "a", "b", 1.0), (1, "a", "b", 0.7)])
