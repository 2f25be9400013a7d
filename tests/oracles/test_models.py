"""Comparisons, mixed models, PPI++ and power beside other people's packages, on seeded data."""

from importlib import import_module
from itertools import permutations

import numpy as np
import pytest

from agreement import bradley_terry, clustered, davidson, power, ppi, severity
from agreement.comparisons import Comparisons

pytestmark = pytest.mark.oracles

NAMES = ["base", "generic", "psych", "lora"]


def rows(seed, ties=0.2):
    rng = np.random.default_rng(seed)
    strength = dict(zip(NAMES, (0.0, 0.2, 0.6, 0.9), strict=True))
    found = []
    for item in range(80):
        for a, b in permutations(NAMES, 2):
            chance = 1 / (1 + np.exp(strength[b] - strength[a]))
            tie = rng.random() < ties
            found.append((item, a, b, 0.5 if tie else float(rng.random() < chance)))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_bradley_terry_with_ties_as_half_wins(seed):
    drawn = rows(seed)
    mine = bradley_terry.fit(Comparisons.build(drawn)).strengths
    evalica = import_module("evalica")
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    theirs = evalica.bradley_terry(
        [row[1] for row in drawn],
        [row[2] for row in drawn],
        [winner[row[3]] for row in drawn],
        tolerance=1e-12,
        limit=10_000,
    ).scores
    for name in NAMES:
        assert mine[name].value == pytest.approx(np.log(theirs[name] / theirs["base"]), abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_ties_as_an_outcome_of_their_own(seed):
    drawn = rows(seed)
    mine = davidson.fit(Comparisons.build(drawn))
    evalica = import_module("evalica")
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    columns = list(zip(*drawn, strict=True))
    theirs = evalica.newman(
        columns[1], columns[2], [winner[s] for s in columns[3]], tolerance=1e-12, limit=10_000
    )
    scores = theirs.scores
    assert mine.ties.value == pytest.approx(theirs.v, abs=1e-4)
    for name in NAMES:
        assert mine.strengths[name].value == pytest.approx(
            np.log(scores[name] / scores["base"]), abs=1e-4
        )


@pytest.mark.parametrize("seed", range(3))
def test_bradley_terry_without_ties(seed):
    drawn = rows(seed, ties=0.0)
    mine = bradley_terry.fit(Comparisons.build(drawn)).strengths
    order = [(a, b) if score else (b, a) for _, a, b, score in drawn]
    pairs = [(NAMES.index(winner), NAMES.index(loser)) for winner, loser in order]
    theirs = import_module("choix").opt_pairwise(4, pairs)
    assert [mine[name].value for name in NAMES] == pytest.approx(theirs - theirs[0], abs=1e-4)


def test_bradley_terry_with_covariates_is_logistic_regression():
    drawn = rows(5, ties=0.0)
    length = np.random.default_rng(1).normal(size=len(drawn))
    covariates = {"length": length, "side": np.ones(len(drawn))}
    mine = bradley_terry.fit(Comparisons.build(drawn), covariates=covariates)
    columns = [[(a == name) - (b == name) for _, a, b, _ in drawn] for name in NAMES[1:]]
    design = np.column_stack([*np.array(columns, dtype=float), length, np.ones(len(drawn))])
    outcome = np.array([row[3] for row in drawn])
    theirs = import_module("statsmodels.api").Logit(outcome, design).fit(disp=0, tol=1e-12)
    estimates = [mine.strengths[name] for name in NAMES[1:]] + list(mine.effects.values())
    assert [one.value for one in estimates] == pytest.approx(theirs.params, abs=1e-6)
    assert [one.se for one in estimates] == pytest.approx(theirs.bse, rel=1e-5)


@pytest.mark.parametrize("interaction", [True, False])
def test_the_crossed_mixed_model(interaction):
    rng = np.random.default_rng(3)
    item, strict = rng.normal(size=25), np.array([-0.5, 0.0, 0.1, 0.4])
    data = []
    for i in range(25):
        for place, condition in enumerate("AB"):
            cell = 0.5 * rng.normal()
            data += [
                (f"i{i}", f"r{r}", condition, 3 + item[i] + strict[r] + 0.3 * place + cell + noise)
                for r, noise in enumerate(0.6 * rng.normal(size=4))
                if rng.random() < 0.8
            ]
    mine = severity.fit(data, interaction=interaction, reference="A")
    frame = import_module("pandas").DataFrame(data, columns=["item", "rater", "condition", "y"])
    frame["cell"], frame["one"] = frame["item"] + frame["condition"], 1
    parts = {"item": "0 + C(item)", "rater": "0 + C(rater)"}
    if interaction:
        parts["zcell"] = "0 + C(cell)"
    model = import_module("statsmodels.formula.api").mixedlm(
        "y ~ C(condition)", frame, groups="one", vc_formula=parts
    )
    theirs = model.fit(reml=True, method=["lbfgs", "bfgs"])
    assert mine.effects["B"].value == pytest.approx(theirs.fe_params.iloc[1], abs=1e-4)
    assert mine.effects["B"].se == pytest.approx(theirs.bse_fe.iloc[1], rel=2e-3)
    named = dict(zip(model.exog_vc.names, theirs.vcomp, strict=True))
    assert mine.components.item == pytest.approx(named["item"], rel=0.02)
    assert mine.components.rater == pytest.approx(named["rater"], rel=0.02)
    assert mine.components.residual == pytest.approx(theirs.scale, rel=0.01)
    predicted = theirs.random_effects[1]
    for name, estimate in mine.severity.items():
        assert -estimate.value == pytest.approx(predicted[f"rater[C(rater)[{name}]]"], abs=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_ppi_plus_plus(seed):
    rng = np.random.default_rng(seed)
    truth = np.round(3 + rng.normal(size=2000))
    judge = np.round(truth + 0.3 + 0.7 * rng.normal(size=2000))
    y, f, others = truth[:150], judge[:150], judge[150:]
    package = import_module("ppi_py")
    theirs = package.ppi_mean_pointestimate(y, f, others)
    low, high = package.ppi_mean_ci(y, f, others, alpha=0.05)
    mine = ppi.mean(y, f, others)
    assert mine.value == pytest.approx(float(np.squeeze(theirs)), abs=2e-3)
    ours = (mine.value - 1.959964 * mine.se, mine.value + 1.959964 * mine.se)
    assert ours == pytest.approx((float(np.squeeze(low)), float(np.squeeze(high))), abs=3e-3)


def test_clustered_errors_of_a_mean():
    rng = np.random.default_rng(3)
    values = rng.normal(size=60) + np.repeat(rng.normal(size=12), 5)
    cluster = np.repeat(np.arange(12), 5)
    model = import_module("statsmodels.api").OLS(values, np.ones(60))
    theirs = model.fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    mine = clustered.mean(values, cluster)
    assert mine.se == pytest.approx(float(theirs.bse[0]), rel=1e-10)
    assert mine.ends == pytest.approx(theirs.conf_int()[0], abs=1e-10)


def test_the_power_of_a_paired_test():
    theirs = import_module("statsmodels.stats.power").TTestPower()
    for sd, delta in [(1.1, 0.2), (1.1, 0.5), (0.8, 0.3)]:
        n = theirs.solve_power(effect_size=delta / sd, power=0.8, alpha=0.05)
        assert power.paired_items_by_t(sd, delta) == int(np.ceil(float(np.squeeze(n))))
