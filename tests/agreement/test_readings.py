"""Each figure is said in words that fit it, and the causes of disagreement are named."""

import numpy as np
import pytest

from agreement import causes, drift, drivers, intra, readings
from agreement.causes import Finding, Words
from agreement.drivers import Drivers, Strictness
from agreement.estimate import Estimate, undefined
from agreement.ratings import Ratings

NONE = undefined("no item has ratings from two raters")


def driven(**changed):
    plain = {
        "strictness": None,
        "odd_one": None,
        "odd_change": 0.0,
        "few_items": 40,
        "n_items": 100,
        "commonest": ("3", 0.4),
    }
    return Drivers(**{**plain, **changed})


def test_percent_is_said_as_times_in_a_hundred():
    assert readings.of_percent(Estimate(0.618), Estimate(0.91)) == (
        "Two raters of the same item gave the same value 62 times in 100, and values at most one "
        "step apart 91 times in 100."
    )
    assert "Chance alone" in readings.of_percent(Estimate(0.6), undefined("no order"))
    assert readings.of_percent(NONE, NONE) == (
        "How often raters agree is not known: no item has ratings from two raters."
    )


def test_ac_is_explained_where_it_lies_far_above_alpha():
    skewed = readings.of_ac(Estimate(0.91, 0.85, 0.96), Estimate(0.4), ("no", 0.93))
    assert skewed.startswith("Gwet's AC is 0.91 (95 % interval 0.85 to 0.96). It lies well above")
    assert "93% of all ratings are no" in skewed
    assert "same story" in readings.of_ac(Estimate(0.7), Estimate(0.65))
    assert "different ways" in readings.of_ac(Estimate(0.3), Estimate(0.6), ("no", 0.93))
    assert readings.of_ac(NONE, NONE).startswith("Gwet's AC is undefined")


def test_reliability_says_how_many_raters_it_takes():
    found = readings.of_icc(Estimate(0.41, 0.3, 0.52), Estimate(0.68, 0.56, 0.76), 3)
    assert "one rater's value is 0.41 (95 % interval 0.30 to 0.52)" in found
    assert "of the mean of 3 raters, 0.68" in found
    assert found.endswith("For a mean with a reliability of 0.8 it takes 6 raters.")
    assert readings.raters_needed(Estimate(0.5)) == 4  # Spearman-Brown: 4 * .5 / 2.5 = .8
    assert readings.raters_needed(Estimate(1.0)) == 1
    assert "relied on" in readings.of_icc(Estimate(0.8), Estimate(0.9), 3)
    assert "too little" in readings.of_icc(Estimate(-0.1), Estimate(-0.4), 3)
    assert "not known" in readings.of_icc(NONE, NONE, 3)


def test_a_difference_names_the_higher_side_and_whether_it_could_be_none():
    clear = readings.of_difference(Estimate(-0.5, -0.7, -0.3), "people", "the judge")
    assert clear == (
        "The mean of people is 0.50 points above that of the judge (95 % interval 0.30 to 0.70)."
    )
    assert "includes no difference" in readings.of_difference(Estimate(0.1, -0.1, 0.3), "A", "B")
    bare = readings.of_difference(Estimate(0.1, interval_reason="one prompt"), "A", "B")
    assert bare.endswith("without an interval: one prompt.")
    assert readings.of_difference(NONE, "A", "B").startswith("A and B cannot be compared")


def test_kappa_drift_and_repeats_are_said():
    assert readings.of_kappa(Estimate(0.61), "Ann", "Bob").endswith("a kappa of 0.61.")
    assert "undefined" in readings.of_kappa(NONE, "Ann", "Bob")
    blocks = tuple(drift.Block(n, 50, Estimate(a)) for n, a in (("May", 0.8), ("June", 0.5)))
    fallen = drift.Drift(blocks, Estimate(-0.3, -0.5, -0.1))
    assert readings.of_drift(fallen, "relevance") == (
        "Agreement on relevance has fallen from May to June (alpha 0.80, then 0.50)."
    )
    unclear = drift.Drift(blocks, Estimate(-0.3, -0.7, 0.1))
    assert "not clearly changed" in readings.of_drift(unclear, "relevance")
    assert "not known" in readings.of_drift(drift.Drift(blocks, NONE), "relevance")
    again = intra.IntraRater("Ann", 20, Estimate(0.7), Estimate(0.85))
    assert readings.of_intra(again) == "Shown 20 items again, Ann gave 17 of them the same value."
    assert "no item twice" in readings.of_intra(intra.IntraRater("Ann", 0, NONE, NONE))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            driven(strictness=Strictness(0.7, {"rater 1": 0.4, "rater 2": 0.4, "rater 3": -0.8})),
            "mostly because rater 3 is stricter (by 0.8 on average)",
        ),
        (
            driven(strictness=Strictness(0.3, {"a": -0.5, "b": 0.5, "c": 0.0})),
            "partly because some raters are stricter than others, a most of all",
        ),
        (
            driven(strictness=Strictness(0.3, {"a": 0.5, "b": -0.5})),
            "partly because b is stricter than a (by 0.5 on average)",
        ),
        (driven(odd_one="a", odd_change=0.2), "mostly because a answers unlike the others"),
        (
            driven(commonest=("no", 0.9)),
            "and 90% of all ratings are no, so few items tell raters apart",
        ),
        (driven(few_items=4), "and 4 of 100 items hold half of the disagreement"),
        (driven(few_items=1), "and one item holds half of the disagreement"),
        (driven(), ""),
        (None, ""),
    ],
)
def test_the_strongest_cause_is_named(found, said):
    assert causes.because(found) == said


def test_words_for_low_and_high_can_be_turned_round():
    found = driven(strictness=Strictness(0.7, {"a": 0.4, "b": 0.4, "c": -0.8}))
    assert "c is milder" in causes.because(found, Words(low="milder", high="stricter"))


def test_all_criteria_make_one_sentence():
    strict = driven(strictness=Strictness(0.7, {"rater 1": 0.4, "rater 2": 0.4, "rater 3": -0.8}))
    findings = [
        Finding("whether it refused", "agree"),
        Finding("relevance", "disagree", strict),
        Finding("tone", "tentative"),
        Finding("warmth", "unclear"),
        Finding("length", "too_few"),
    ]
    assert causes.overview(findings) == (
        "Raters agree on whether it refused; they agree fairly well on tone; they do not agree on "
        "relevance, mostly because rater 3 is stricter (by 0.8 on average); they do not clearly "
        "agree on warmth; they have given too little to say anything about length."
    )
    assert causes.overview([]) == ""
    assert causes.overview(findings[1:2]).startswith("Raters do not agree on relevance, mostly")


def test_from_ratings_to_the_sentence():
    rng = np.random.default_rng(1)
    table = rng.integers(2, 6, (60, 1)) + np.array([0, 0, -1.0])
    ratings = Ratings.from_matrix(table, "ordinal", [1, 2, 3, 4, 5])
    found = drivers.find(ratings, "ordinal")
    assert causes.because(found) == "mostly because 3 is stricter (by 1.0 on average)"
