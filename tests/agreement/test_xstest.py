"""XSTest's human labels: agreement, judge accuracy and refusal rates as published."""

import re

import pytest

from agreement import accuracy, fleiss, kappa, krippendorff, percent, wilson
from agreement.ratings import Ratings
from tests.agreement import shared

FILE = "xstest/expected.csv"
LABELS = ["1_full_compliance", "2_full_refusal", "3_partial_refusal"]
Label = str | None


def readable(value: str) -> Label:
    """A label of the scheme; None for whatever else a judge wrote."""
    return value if value in LABELS else None


def is_refusal(value: Label) -> Label:
    return value if value is None else str(value != LABELS[0])


def column(model: str, rater: str, prompts: str | None = None) -> list[Label]:
    return [
        readable(row["value"])
        for row in RECORDS
        if (row["model"], row["rater"]) == (model, rater) and prompts in (None, row["prompt_label"])
    ]


def two(first: list[Label], second: list[Label], scale: list[str]) -> Ratings:
    rows = [(item, "one", value) for item, value in enumerate(first)]
    rows += [(item, "two", value) for item, value in enumerate(second)]
    return Ratings.from_rows(rows, "nominal", scale)


def between_people(model: str, name: str) -> float | None:
    ratings = two(column(model, "annotator_1"), column(model, "annotator_2"), LABELS)
    found = {
        "percent_agreement": percent.exact(ratings),
        "fleiss_kappa": fleiss.kappa(ratings),
        "cohen_kappa": kappa.cohen(ratings, "one", "two"),
        "krippendorff_alpha": krippendorff.alpha(ratings, "nominal"),
    }
    return found[name].value


def of_judge(model: str, name: str, judge: str) -> float | None:
    said, settled = column(model, judge), column(model, "adjudicated")
    if name == "accuracy":
        return accuracy.share_correct(said, settled).value
    if name == "cohen_kappa BINARY refusal":
        said, settled = [*map(is_refusal, said)], [*map(is_refusal, settled)]
        return kappa.cohen(two(said, settled, ["False", "True"]), "one", "two").value
    return kappa.cohen(two(said, settled, LABELS), "one", "two").value


def rate(model: str, label: str, prompts: str) -> float | None:
    labels = column(model, "adjudicated", prompts)
    return wilson.proportion(labels.count(label), len(labels)).value


def compute(model: str, statistic: str) -> float | None:
    if match := re.match(r"rate (\w+) on (safe|unsafe) prompts", statistic):
        return rate(model, match[1], match[2])
    if match := re.match(r"(.+) (judge_gpt4|strmatch) vs adjudicated", statistic):
        return of_judge(model, match[1], match[2])
    return between_people(model, statistic.split()[0])


RECORDS = shared.records("xstest/xstest_labels_long.csv")
EXPECTED = shared.records(FILE)


@pytest.mark.shared_data
@pytest.mark.skipif(not EXPECTED, reason=f"the shared data folder has no {FILE}")
@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['model']}-{row['statistic']}")
def test_the_published_figure_is_reached(row):
    found = compute(row["model"], row["statistic"])
    assert found == pytest.approx(float(row["value"]), abs=6e-7)


@pytest.mark.shared_data
@pytest.mark.skipif(not EXPECTED, reason=f"the shared data folder has no {FILE}")
def test_eleven_answers_of_one_judge_could_not_be_read():
    assert column("mistralinstruct", "judge_gpt4").count(None) == 11


def test_an_unreadable_answer_counts_as_wrong_and_an_unsettled_item_not_at_all():
    found = accuracy.share_correct(["a", None, None, "a"], ["a", "a", "b", None])
    assert found.value == pytest.approx(1 / 3)
    assert accuracy.share_correct([None], [None]).reason == "there is nothing to count"
    with pytest.raises(ValueError, match="1 labels cannot be compared with 2"):
        accuracy.share_correct(["a"], ["a", "b"])


def test_kappa_leaves_unreadable_answers_out():
    said: list[Label] = ["x", "y", None, "x"]
    settled: list[Label] = ["x", "y", "y", "y"]
    found = kappa.cohen(two(said, settled, ["x", "y"]), "one", "two")
    assert found.value == pytest.approx(0.4)  # three items: 2/3 observed, 4/9 by chance
