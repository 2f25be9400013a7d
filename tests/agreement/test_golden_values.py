"""The golden values: published or from an oracle, each reached by another route than its own."""

import json
from pathlib import Path

import numpy as np
import pytest

from agreement import clustered, gwet, icc, kappa, krippendorff, weights
from agreement.ratings import Ratings
from tests.agreement import shared

FILE = "agreement/golden_values.json"
pytestmark = shared.needs(FILE)


@pytest.fixture(scope="module")
def golden():
    return json.loads((shared.FOLDER / FILE).read_text(encoding="utf-8"))


def data_c(golden):
    return np.array(golden["krippendorff_2011_4x12"]["rows_are_raters"], dtype=float).T


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_equals_the_oracles_to_twelve_digits(golden, level):
    known = golden["krippendorff_2011_4x12"]
    oracle = next(value for name, value in known.items() if name.startswith("oracle"))
    ratings = Ratings.from_matrix(data_c(golden), level)
    assert krippendorff.alpha(ratings, level).value == pytest.approx(oracle[level], abs=1e-12)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("AC1_identity", "identity"),
        ("AC2_ordinal(Gwet weights)", "ordinal"),
        ("AC2_quadratic", "quadratic"),
        ("AC2_linear", "linear"),
    ],
)
def test_ac_and_its_standard_error_equal_the_oracles(golden, key, name):
    known = golden["gwet_same_data_irrCAC_0.4.4"][key]
    found = gwet.ac(Ratings.from_matrix(data_c(golden), "ordinal"), name)
    assert (found.value, found.se) == pytest.approx((known["coef"], known["se"]), abs=6e-6)


def test_icc_and_its_intervals_equal_the_oracles(golden):
    known = golden["shrout_fleiss_1979"]
    oracle = next(value for name, value in known.items() if name.startswith("oracle"))
    ratings = Ratings.from_matrix(known["targets_x_judges"], "interval")
    names = ["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"]
    found = {form: icc.icc(ratings, form) for form in icc.FORMS}
    values = [found[form].value for form in icc.FORMS]
    assert values == pytest.approx([oracle[name] for name in names], abs=1e-6)
    assert found["2,1"].interval == pytest.approx(oracle["CI95 ICC(A,1)"], abs=5e-5)
    assert found["3,1"].interval == pytest.approx(oracle["CI95 ICC(C,1)"], abs=5e-5)


def test_kappa_and_its_standard_error_equal_the_oracle(golden):
    known = golden["cohen_kappa_fleiss_1981_n100"]
    table = np.array(known["table"], dtype=float)
    plain = kappa.of_table(table, np.eye(3))
    squared = kappa.of_table(table, weights.matrix("quadratic", np.arange(3.0)))
    assert (plain.value, plain.se) == pytest.approx((known["kappa"], known["se"]), abs=1e-12)
    assert squared.value == pytest.approx(known["quadratic_kappa"], abs=1e-12)
    by_chance = kappa.se_without_agreement(table, np.eye(3))
    assert by_chance == pytest.approx(known["se0"], abs=1e-12)


def test_the_clustered_standard_error_equals_the_oracle(golden):
    known = golden["clustered_se"]
    values = np.array(known["values_in_cluster_order_12x5"])
    found = clustered.mean(values.ravel(), np.repeat(np.arange(12), 5))
    assert found.se == pytest.approx(known["statsmodels_cluster_bse"], abs=1e-12)


def test_no_golden_value_is_left_out(golden):
    here = Path(__file__)
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (here, here.with_stem("test_golden_models"))
    )
    assert [key for key in golden if key != "note" and f'"{key}"' not in tests] == []
