"""Crowds of raters: a published alpha over 43,050 labels is reached, and one rating is no pair."""

import json

import pytest

from agreement import bootstrap, pairwise, report
from agreement.ratings import Ratings
from tests.agreement import shared

FILE = "multirater/judgebench_dices_350_crowdsourced.json"
PUBLISHED = 0.16086021565770392


@pytest.mark.shared_data
@pytest.mark.skipif(not (shared.FOLDER / FILE).exists(), reason=f"no {FILE} in the shared data")
def test_alpha_of_123_raters_is_the_published_one():
    data = json.loads((shared.FOLDER / FILE).read_text(encoding="utf-8"))
    rows = [
        (instance["id"], rater, label)
        for instance in data["instances"]
        for rater, label in enumerate(instance["annotations"]["safety"]["individual_human_scores"])
    ]
    ratings = Ratings.from_rows(rows, "nominal")
    assert (ratings.n_items, ratings.n_values) == (350, 43_050)
    found = bootstrap.alpha_interval(ratings, "nominal")
    assert found.value == pytest.approx(PUBLISHED, abs=1e-12)
    assert found.interval == pytest.approx((0.139, 0.183), abs=0.004)
    pairs = pairwise.compare(ratings, "identity").pairs
    assert len(pairs) == 123 * 122 // 2
    assert all(pair.n == 350 and pair.kappa.interval for pair in pairs)


def test_one_rating_per_item_leaves_everything_undefined_with_a_reason():
    rows = [(str(item), f"rater {item}", "yes") for item in range(5)]
    [found] = report.describe(rows, "nominal")
    assert (found["n_items"], found["n_raters"], found["n_values"]) == (5, 5, 5)
    for name in ("percent_agreement", "alpha", "alpha_ci", "ac", "kappa"):
        assert found[name] is None and found["undefined"][name]
