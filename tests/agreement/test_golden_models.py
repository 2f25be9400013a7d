"""Golden and published values of comparisons, corrected rates and PPI++, from the shared data."""

import json

import numpy as np
import pytest

from agreement import bradley_terry, davidson, misjudging, ppi
from agreement.comparisons import Comparisons
from agreement.misjudging import Share
from tests.agreement import shared
from tests.agreement.test_ppi import scored

BASEBALL = "bt_agresti_baseball_1987"
pytestmark = shared.needs("agreement/golden_values.json")


@pytest.fixture(scope="module")
def golden():
    text = (shared.FOLDER / "agreement/golden_values.json").read_text(encoding="utf-8")
    return json.loads(text)


def test_the_strengths_of_a_simulated_round_robin_are_reached(golden):
    known = golden["bradley_terry_seed0"]
    wins, ties = np.array(known["wins_row_beats_column"]), np.array(known["ties_symmetric"])
    found = bradley_terry.fit(Comparisons.of_table(wins, known["names"], ties)).strengths
    values = {name: found[name].value for name in known["log-strength vs base"]}
    assert values == pytest.approx(known["log-strength vs base"], abs=5e-5)


def test_strengths_with_ties_as_their_own_outcome_are_reached(golden):
    data = golden["bradley_terry_seed0"]
    wins, ties = np.array(data["wins_row_beats_column"]), np.array(data["ties_symmetric"])
    known = dict(data["newman_ties_model"])
    found = davidson.fit(Comparisons.of_table(wins, data["names"], ties))
    assert found.ties.value == pytest.approx(known.pop("v"), abs=1e-4)
    assert {name: found.strengths[name].value for name in known} == pytest.approx(known, abs=1e-4)


@pytest.mark.parametrize("which", ["first", "second"])
def test_the_corrected_rate_is_reached(golden, which):
    known = golden["lee_2025_judge_correction"]
    q0, q1 = known["q0_specificity"], known["q1_sensitivity"]
    if which == "second":
        known = known["second"]
        q0, q1 = known["q0"], known["q1"]
    judge = Share(known["p"], known["n"])
    found = misjudging.rate(judge, Share(q0, known["m0"]), Share(q1, known["m1"]))
    assert found.value == pytest.approx(known["theta"], abs=1e-12)
    assert found.ends == pytest.approx(known["ci95"], abs=1e-12)


def test_ppi_is_reached(golden):
    known = golden["ppi_plus_plus_seed7_n120_N1880"]
    table = known["labelled_counts_rows_human_1to5_cols_judge_1to5"]
    found = ppi.three_ways(*scored(table, known["unlabelled_judge_counts_1to5"]))
    assert found.both.value == pytest.approx(known["hand"]["est"], abs=5e-6)
    assert found.weight == pytest.approx(known["hand"]["lambda"], abs=1e-5)
    assert found.both.value == pytest.approx(known["ppi_py_0.2.3"]["est"], abs=3e-4)
    assert found.human.value == pytest.approx(known["human_only_mean"])
    assert found.judge.value == pytest.approx(known["judge_only_mean_all_2000"])


def baseball():
    rows = []
    for line in shared.records(f"agreement/{BASEBALL}.csv"):
        for score, column in ((1.0, "home_wins"), (0.0, "away_wins")):
            game = (line["home_team"], line["away_team"], score)
            rows += [(len(rows) + place, *game) for place in range(int(line[column]))]
    return Comparisons.build(rows)


def published():
    rows = shared.records("agreement/expected_values.csv")
    return [row for row in rows if row["dataset"] == BASEBALL]


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['statistic']} {row['variant']}")
def test_published_baseball_values_are_reached(row):
    games = baseball()
    home = {"at.home": np.ones(len(games.score))}
    covariates = home if row["variant"].startswith("with home") else None
    found = bradley_terry.fit(games, reference="Baltimore", covariates=covariates)
    every = {**found.strengths, **found.effects}
    team = row["variant"].rpartition("; ")[2]
    reached = {
        "bradley_terry_ability": lambda: every[team].value,
        "bradley_terry_se": lambda: every[team].se,
        "residual_deviance": lambda: found.deviance,
    }[row["statistic"]]()
    assert reached == pytest.approx(float(row["value"]), abs=float(row["tolerance"]))
