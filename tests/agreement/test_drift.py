"""Agreement and severity are followed block by block, and their change has an interval."""

import numpy as np
import pytest

from agreement import bootstrap, drift, krippendorff
from agreement.ratings import Ratings
from tests.agreement.test_bootstrap import simulated

SCALE = [1, 2, 3, 4, 5]


def test_blocks_are_as_equal_as_can_be():
    assert drift.equal_blocks(7, 3) == [1, 1, 1, 2, 2, 3, 3]
    assert drift.equal_blocks(2, 4) == [1, 3]
    assert drift.equal_blocks(0, 3) == []


def test_alpha_of_each_block_is_that_of_its_items_and_a_fall_is_seen():
    rng = np.random.default_rng(1)
    table = np.vstack([simulated(rng, 60, 3, noise=0.3), simulated(rng, 60, 3, noise=1.5)])
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    found = drift.of_alpha(ratings, "ordinal", ["2026-01"] * 60 + ["2026-02"] * 60)
    assert [block.name for block in found.blocks] == ["2026-01", "2026-02"]
    first = Ratings.from_matrix(table[:60], "ordinal", SCALE)
    assert found.blocks[0].found == bootstrap.alpha_interval(first, "ordinal")
    assert found.change.ends[1] < 0


def test_blocks_come_in_their_own_order_and_need_a_name_for_each_item():
    ratings = Ratings.from_matrix([[1, 2], [2, 2], [3, 3]], "ordinal", SCALE)
    found = drift.of_alpha(ratings, "ordinal", [10, 9, 10], draws=20)
    assert [(block.name, block.n_items) for block in found.blocks] == [("9", 1), ("10", 2)]
    assert found.change.reason == krippendorff.NO_VARIATION
    assert drift.of_alpha(ratings, "ordinal", [1, 1, 1], draws=20).change.reason == drift.ONE_BLOCK
    with pytest.raises(ValueError, match="3 items, but 1 names of blocks"):
        drift.of_alpha(ratings, "ordinal", [1])


def test_a_rater_who_becomes_stricter_is_seen_and_the_others_are_not_blamed_as_much():
    rng = np.random.default_rng(2)
    truth = rng.normal(3, 1, (100, 1))
    table = truth + rng.normal(0, 0.3, (100, 3))
    table[50:, 2] -= 1.0
    ratings = Ratings.from_matrix(table.round(2), "interval")
    block = drift.equal_blocks(100, 2)
    strict = drift.of_rater(ratings, "3", block)
    assert strict.blocks[0].found.value == pytest.approx(0, abs=0.15)
    assert strict.change.value == pytest.approx(-1.0, abs=0.2)
    assert strict.change.ends[1] < 0
    assert drift.of_rater(ratings, "1", block).change.value == pytest.approx(0.5, abs=0.2)


def test_items_that_only_one_side_rated_do_not_count():
    table = [[1, 2, np.nan], [3, np.nan, np.nan], [np.nan, 4, 5], [2, 4, 4]]
    ratings = Ratings.from_matrix(table, "ordinal", SCALE)
    found = drift.of_rater(ratings, "1", [1, 1, 1, 1])
    assert (found.blocks[0].n_items, found.blocks[0].found.value) == (2, -1.5)
    labels = Ratings.from_rows([(1, "a", "yes"), (1, "b", "no")], "nominal")
    assert drift.of_rater(labels, "a", [1]).change.reason
