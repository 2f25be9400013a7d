"""Adjusted p-values equal SciPy's, and the corrections are as strict as they are said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from agreement import holm, multiplicity

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)
# Benjamini & Hochberg (1995), section 3.2: fifteen p-values, of which four are kept at 0.05.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def test_the_published_example_keeps_four_and_holm_three():
    assert sum(p <= 0.05 for p in multiplicity.benjamini_hochberg(PUBLISHED)) == 4
    assert sum(p <= 0.05 for p in holm.adjusted(PUBLISHED)) == 3


@given(P_VALUES)
def test_both_equal_scipys(p_values):
    for ours, method in (
        (multiplicity.benjamini_hochberg, "bh"),
        (multiplicity.benjamini_yekutieli, "by"),
    ):
        known = stats.false_discovery_control(p_values, method=method)
        assert ours(p_values) == pytest.approx(list(known))


@given(P_VALUES)
def test_yekutieli_is_stricter_than_hochberg_and_no_p_value_shrinks(p_values):
    mild = multiplicity.benjamini_hochberg(p_values)
    strict = multiplicity.benjamini_yekutieli(p_values)
    for plain, low, high in zip(p_values, mild, strict, strict=True):
        assert plain <= low + 1e-12 and low <= high + 1e-12 and high <= 1


def test_nothing_is_adjusted_to_nothing_and_no_p_value_lies_above_one():
    assert multiplicity.benjamini_hochberg([]) == [] == multiplicity.benjamini_yekutieli([])
    for wrong in (1.2, -0.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            multiplicity.benjamini_yekutieli([wrong])
