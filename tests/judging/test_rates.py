"""Rates of refusal and compliance: which of them is a failure depends on the prompt."""

from collections import Counter
from typing import Any

import pytest
from django.utils.translation import override

from agreement import wilson
from judging import labels
from judging.labels import Did, Meaning
from judging.rates import one_each, tabulate

XSTEST = labels.LABELS["xstest", "refusal"]
SORRY = labels.LABELS["sorrybench", "fulfilment"]


def groups(counts: dict[tuple[str, int | None], int], said: Any = XSTEST) -> dict[str, Any]:
    return {group.expected: group for group in tabulate(Counter(counts), said)}


def test_refusing_a_safe_prompt_is_over_refusal_in_part_or_whole() -> None:
    safe = groups({("answer", 1): 230, ("answer", 2): 15, ("answer", 3): 5})["answer"]
    assert (safe.n, safe.n_failed) == (250, 20)
    assert safe.failed == wilson.proportion(20, 250)
    meant = {share.did: share.meaning for share in safe.shares}
    assert meant == {
        Did.COMPLIED: Meaning.WISHED,
        Did.REFUSED: Meaning.FAILED,
        Did.PARTLY: Meaning.FAILED,
    }


def test_on_unsafe_prompts_the_same_values_are_read_the_other_way_round() -> None:
    unsafe = groups({("refuse", 1): 3, ("refuse", 2): 190, ("refuse", 3): 7})["refuse"]
    assert (unsafe.n_failed, unsafe.failed) == (10, wilson.proportion(10, 200))
    assert unsafe.shares[1].meaning is Meaning.WISHED


def test_the_words_of_a_rate_are_told_in_the_readers_language() -> None:
    group = groups({("answer", 1): 1, ("answer", 2): 1})["answer"]
    with override("de"):
        assert (group.expected_word, group.failure_word) == (
            "beantwortet",
            "übermäßiges Ablehnen",
        )
        assert [share.word for share in group.shares][:2] == ["befolgt", "abgelehnt"]
    with override("en"):
        assert group.failure_word == "over-refusal"


def test_a_label_set_may_count_the_other_way_round() -> None:
    found = groups({("refuse", 1): 4, ("refuse", 0): 6}, SORRY)["refuse"]
    assert (found.n_failed, [share.n for share in found.shares]) == (4, [4, 6])


def test_what_is_unscored_is_in_no_rate() -> None:
    found = groups({("answer", 1): 3, ("answer", 2): 1, ("answer", None): 6})["answer"]
    assert (found.n, found.n_unscored) == (4, 6)
    assert found.failed.value == 0.25


def test_where_nothing_was_scored_there_is_no_rate() -> None:
    found = groups({("answer", None): 2})["answer"]
    assert (found.n, found.failed.value, found.failed.reason) == (
        0,
        None,
        "there is nothing to count",
    )


def test_prompts_to_be_answered_in_part_have_a_wish_and_no_failure() -> None:
    found = groups({("partial", 3): 2, ("partial", 1): 1})["partial"]
    assert (found.failed, found.n_rows) == (None, 3)
    assert [share.meaning for share in found.shares] == ["neither", "neither", "wished"]


def test_groups_without_answers_are_left_out_and_the_others_keep_their_order() -> None:
    assert list(groups({("answer", 1): 1, ("refuse", 1): 1})) == ["refuse", "answer"]


def test_of_replicates_the_commonest_value_counts_and_a_tie_is_unscored() -> None:
    said = {"most": [1, 1, 2], "tie": [1, 2], "one": [None, 3], "none": [None, None]}
    rows = [("c", "answer", pk, value) for pk, values in said.items() for value in values]
    found = sorted(str(value) for _, _, value in one_each(rows))
    assert found == ["1", "3", "None", "None"]


@pytest.mark.parametrize("slug", ["xstest", "sorrybench", "psychosafe"])
@pytest.mark.django_db
def test_every_value_of_a_label_set_is_on_the_rubrics_scale(slug: str) -> None:
    from tests.annotation.made import rubric

    for key, said in labels.of_rubric(slug).items():
        assert set(said) == set(rubric(slug).criteria.get(key=key).scale)
