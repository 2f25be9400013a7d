"""Severity, condition effects and variance components from the crossed mixed model."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement import icc, reml, severity
from agreement.ratings import Ratings
from tests.agreement import published


def scores(n=80, raters=4, conditions="AB", missing=0.3, seed=0, effect=0.3, cell_sd=0.4):
    rng = np.random.default_rng(seed)
    item, strict = rng.normal(size=n), np.linspace(-0.5, 0.5, raters)
    rows = []
    for i in range(n):
        for place, condition in enumerate(conditions):
            cell = cell_sd * rng.normal()
            for r in range(raters):
                score = 3 + item[i] - strict[r] + effect * place + cell + 0.6 * rng.normal()
                if rng.random() >= missing:
                    rows.append((f"i{i}", f"r{r}", condition, score))
    return rows


def likelihood(rows, ratios, interaction):
    """The criterion from the whole covariance matrix, as a textbook writes it."""
    columns = [np.array([row[place] for row in rows]) for place in range(4)]
    y = columns[3].astype(float)
    keys = [columns[0], columns[1], np.char.add(columns[0], columns[2])]
    v = np.eye(len(y))
    for key, ratio in zip(keys, ratios, strict=False):
        v += ratio**2 * (key[:, None] == key[None, :])
    x = (columns[2][:, None] == np.unique(columns[2])).astype(float)
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ y)
    left = y - x @ beta
    n, p = x.shape
    s2 = left @ inverse @ left / (n - p)
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
    rater = (columns[1][:, None] == list(dict.fromkeys(columns[1]))).astype(float)
    offsets = ratios[1] ** 2 * rater.T @ inverse @ left
    error = np.sqrt(np.diag(s2 * np.linalg.inv(information)))
    return logs + (n - p) * (1 + np.log(2 * np.pi * s2)), beta, error, offsets


@pytest.mark.parametrize("interaction", [True, False])
def test_the_criterion_is_the_textbooks(interaction):
    rows = scores(n=15)
    design = reml.Design.build(rows, interaction=interaction)
    for ratios in ([1.0, 0.5, 0.7], [0.0, 0.3, 0.2], [2.0, 0.0, 0.0]):
        ratios = ratios[: design.n_random]
        expected = likelihood(rows, ratios, interaction)[0]
        assert reml.deviance(design, np.array(ratios)) == pytest.approx(expected, abs=1e-8)


def test_estimates_are_the_textbooks_at_the_minimum():
    rows = scores(n=25)
    found = severity.fit(rows)
    parts = found.components
    ratios = np.sqrt(np.array([parts.item, parts.rater, parts.item_condition]) / parts.residual)
    deviance, beta, error, offsets = likelihood(rows, ratios, True)
    assert found.deviance == pytest.approx(deviance)
    assert [mean.value for mean in found.means.values()] == pytest.approx(list(beta))
    assert [mean.se for mean in found.means.values()] == pytest.approx(list(error))
    assert [-one.value for one in found.severity.values()] == pytest.approx(list(offsets))
    for other in (ratios * 1.02, ratios * 0.98):
        assert likelihood(rows, other, True)[0] > deviance


@pytest.mark.parametrize("k", [1, 4])
@pytest.mark.parametrize(("absolute", "form"), [(True, "2"), (False, "3")])
def test_complete_tables_give_the_intraclass_correlations(k, absolute, form):
    ratings = Ratings.from_matrix(published.SHROUT_FLEISS, "interval")
    found = severity.of_ratings(ratings).components.reliability(k, absolute=absolute)
    expected = icc.icc(ratings, f"{form},{'1' if k == 1 else 'k'}")
    assert found.value == pytest.approx(expected.value, abs=1e-6)


def test_complete_tables_give_the_variances_of_the_analysis_of_variance():
    ratings = Ratings.from_matrix(published.SHROUT_FLEISS, "interval")
    squares, found = icc.mean_squares(ratings), severity.of_ratings(ratings).components
    assert found.residual == pytest.approx(squares.residual, rel=1e-5)
    assert found.item == pytest.approx((squares.items - squares.residual) / 4, rel=1e-5)
    assert found.rater == pytest.approx((squares.raters - squares.residual) / 6, rel=1e-5)


def test_the_strict_rater_is_found_in_spite_of_gaps():
    found = severity.fit(scores(n=150, missing=0.5)).severity
    assert max(found, key=lambda name: found[name].known) == "r3"
    assert found["r3"].low > 0 > found["r0"].high


def test_without_the_response_the_error_of_a_condition_is_too_small():
    rows = scores(n=120, missing=0.0, cell_sd=0.7)
    whole, without = severity.fit(rows), severity.fit(rows, interaction=False)
    assert whole.effects["B"].se > 1.15 * without.effects["B"].se
    assert whole.components.item_condition == pytest.approx(0.49, rel=0.35)
    assert without.components.item_condition is None


def test_a_variance_that_is_not_there_is_zero():
    rows = scores(n=100, cell_sd=0.0, seed=9)
    assert severity.fit(rows).components.item_condition == pytest.approx(0.0, abs=0.03)


def test_the_reference_turns_the_sign():
    rows = scores(n=20)
    there, back = (severity.fit(rows, reference=name).effects for name in "AB")
    assert there["B"].value == pytest.approx(-back["A"].value)
    assert list(there) == ["B"]


def test_effects_cover_the_truth():
    covered, n = 0, 60
    for seed in range(n):
        found = severity.fit(scores(n=30, raters=3, seed=seed), reference="A")
        low, high = found.effects["B"].ends
        covered += low <= 0.3 <= high
    assert 0.88 <= covered / n <= 0.99


@settings(max_examples=20)
@given(shift=st.floats(-50, 50), scale=st.floats(0.2, 5))
def test_estimates_move_with_the_scale(shift, scale):
    rows = scores(n=20, seed=1)
    plain = severity.fit(rows)
    moved = severity.fit([(*row[:3], shift + scale * row[3]) for row in rows])
    assert moved.effects["B"].value == pytest.approx(scale * plain.effects["B"].value, rel=1e-3)
    assert moved.severity["r0"].value == pytest.approx(scale * plain.severity["r0"].value, rel=1e-2)


def test_the_order_of_rows_does_not_matter():
    rows = scores(n=20, seed=2)
    plain, turned = severity.fit(rows), severity.fit(rows[::-1])
    assert turned.severity["r1"].value == pytest.approx(plain.severity["r1"].value, abs=1e-4)
    assert turned.deviance == pytest.approx(plain.deviance)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("i", "r", "A", 1.0), ("i", "s", "A", 2.0)], "two items and two raters"),
        ([("i", "r", "A", 1.0), ("j", "s", "A", 1.0)], "the same"),
        ([("i", "r", "A", 1.0), ("j", "s", "A", 2.0)], "too few ratings"),
        ([], "two items"),
    ],
)
def test_too_little_is_undefined_with_the_reason(rows, said):
    found = severity.fit(rows)
    assert said in found.reason
    assert found.components is None
    assert all(said in one.reason for one in (*found.severity.values(), *found.means.values()))


def test_labels_have_no_severity():
    labels = Ratings.from_rows([("i", "r", "yes"), ("j", "s", "no")], "nominal")
    assert "labels" in severity.of_ratings(labels).reason


def test_thirteen_thousand_ratings_take_seconds_at_most():
    rows = scores(n=440, raters=10, conditions="ABC", missing=0.0)
    began = time.perf_counter()
    severity.fit(rows)
    assert time.perf_counter() - began < 5
