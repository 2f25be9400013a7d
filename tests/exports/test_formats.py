"""What each format's rows look like; made from plain values, without a database."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from exports.formats import (
    argilla,
    axolotl,
    deciding,
    judge_bench,
    kto,
    label_studio,
    llama_factory,
    openai,
    prompt_completion,
    sft,
    soft_labels,
)
from exports.formats.approved import Approved
from exports.formats.columns import Column
from exports.formats.rated import Criterion, Rated
from exports.formats.ratings import HUMAN, JUDGE, Asked, Shown, Who

SAID = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "He laughed."}]
ANSWER = {"role": "assistant", "content": "I hear you."}
LABELS = [""] * 8
PAIR = Approved._make([SAID, "I hear you.", "p", 1, "d", *LABELS, "train", False, False])


def line(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    return dict(zip([column.name for column in columns], row, strict=True))


# Pairs


def test_a_pair_ends_with_its_response_for_trl_axolotl_and_openai() -> None:
    for form in (sft, axolotl, openai):
        assert line(form.COLUMNS, form.row(PAIR))["messages"] == [*SAID, ANSWER]
    assert line(sft.COLUMNS, sft.row(PAIR))["split"] == "train"
    assert [column.name for column in openai.COLUMNS] == ["messages"]


def test_a_completion_is_the_response_alone() -> None:
    found = line(prompt_completion.COLUMNS, prompt_completion.row(PAIR))
    assert (found["prompt"], found["completion"]) == (SAID, [ANSWER])


def test_llama_factory_has_its_own_names_and_the_instructions_apart() -> None:
    found = line(llama_factory.COLUMNS, llama_factory.row(PAIR))
    assert found["system"] == "Be kind."
    assert [turn["from"] for turn in found["conversations"]] == ["human", "gpt"]
    listed = llama_factory.listing([("a", "a.jsonl", "llama_factory_dpo")])
    assert listed["a"]["ranking"] and listed["a"]["columns"]["chosen"] == "chosen"


# Preferences


def compared(*choices: str, **of_answers: Any) -> deciding.Compared:
    votes = [
        deciding.Vote("prefers", choice) if len(choice) == 1 else deciding.Vote(choice, None)
        for choice in choices
    ]
    answers = [deciding.Answer(name, f"Says {name}", "m", "", **of_answers) for name in "ab"]
    return deciding.Compared._make([SAID, "s", "i", "p", *[""] * 6, "", False, answers, votes])


def decided(it: deciding.Compared) -> deciding.Decided:
    (found,) = deciding.pairs(it)
    assert isinstance(found, deciding.Decided)
    return found


def test_axolotl_gets_one_turn_where_trl_gets_a_list() -> None:
    it = compared("a")
    found = axolotl.preference(it, decided(it))
    chosen = {"role": "assistant", "content": "Says a"}
    assert isinstance(found, tuple) and found[1] == chosen != found[2]


def test_openai_gets_input_and_two_outputs() -> None:
    it = compared("b")
    found = line(openai.PREFERENCES, openai.preference(it, decided(it)))
    assert found["input"] == {"messages": SAID}
    assert found["preferred_output"][0]["content"] == "Says b"
    assert len(found["non_preferred_output"]) == 1


@pytest.mark.parametrize("form", [axolotl, openai, llama_factory])
def test_conversations_that_part_early_are_left_out_where_they_cannot_be_said(form: Any) -> None:
    it = compared("a", before=[{"role": "assistant", "content": "Hm."}, SAID[1]])
    assert form.preference(it, decided(it)) == deciding.PARTED


@pytest.mark.parametrize(
    ("choices", "labels"),
    [
        (["a", "a", "b"], {"a": True, "b": False}),
        (["both_unacceptable"] * 2 + ["a"], {"a": False, "b": False}),
        (["both_unacceptable", "a", "a"], deciding.UNACCEPTABLE),
        (["a", "equal"], deciding.NO_MAJORITY),
    ],
)
def test_votes_label_answers_only_where_they_are_clear(choices: list[str], labels: Any) -> None:
    found = list(deciding.labels(compared(*choices)))
    if isinstance(labels, str):
        assert found == [labels]
    else:
        assert {each.answer.completion: each.is_good for each in found} == labels  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("score", "harmful", "label"),
    [(0.75, False, True), (0.25, False, False), (0.74, False, None), (1.0, True, False)],
)
def test_ratings_label_answers_that_are_far_from_the_middle(
    score: float, harmful: bool, label: bool | None
) -> None:
    it = compared(scores={"fit": score}, is_harmful=harmful)
    for found in deciding.labels(it):
        if label is None:
            assert found == deciding.MIDDLING
        else:
            assert isinstance(found, deciding.Labelled) and found.is_good is label
            assert line(kto.COLUMNS, kto.row(it, found))["label"] is label


# What raters said

SHOWN = Shown("s", "i", "p", "c", "r", "m", "")
FIT = Criterion("fit", "Fit", "Does it fit?", "scale", "ordinal", "answer", (1, 2, 3, 4))
SAFE = Criterion("safe", "Safe", "Is it {{ safe }}?", "yes_no", "nominal", "answer", (0, 1))


def said(rater: str, criterion: str, value: Any, kind: str = HUMAN, why: str = "") -> Any:
    answer = "value" if value is not None else "cannot_judge"
    return (
        Who(rater, kind),
        Asked(criterion, "ordinal", "answer"),
        (answer, value, "", "", None, why, "2026-05-01"),
    )


RATED = Rated(
    SHOWN,
    SAID,
    "I hear you.",
    False,
    [
        said("r1", "fit", 4, why="It stays."),
        said("r1", "safe", 1),
        said("r2", "fit", 1),
        said("r2", "safe", None),
        said("r3", "fit", 4),
        said("Judge", "fit", 3.5, JUDGE),
    ],
)


def test_soft_labels_are_the_spread_over_the_whole_scale() -> None:
    fit, safe = (line(soft_labels.COLUMNS, row) for row in soft_labels.rows(RATED, [FIT, SAFE]))
    assert (fit["values"], fit["counts"], fit["n"], fit["mean"]) == (
        [1, 2, 3, 4],
        [1, 0, 0, 2],
        3,
        3,
    )
    assert fit["shares"] == [1 / 3, 0, 0, 2 / 3] and fit["n_cannot_judge"] == 0
    assert (safe["counts"], safe["n_cannot_judge"]) == ([0, 1], 1)


def test_label_studio_has_people_as_annotations_and_judges_as_predictions() -> None:
    found = line(label_studio.COLUMNS, label_studio.row(RATED))
    assert len(found["annotations"]) == 3 and found["data"]["answer"] == "I hear you."
    first = found["annotations"][0]["result"]
    assert first[0]["value"] == {"number": 4} and first[0]["meta"] == {"text": ["r1"]}
    assert first[1]["value"] == {"text": ["It stays."]}
    assert found["predictions"][0]["model_version"] == "Judge"
    tags = ElementTree.fromstring(label_studio.config([FIT, SAFE]))
    named = {tag.get("name") for tag in tags}
    results = [each for note in found["annotations"] for each in note["result"]]
    assert {each["from_name"] for each in results} <= named
    assert {each["to_name"] for each in results} == {"answer"} <= named


def test_argilla_has_people_as_responses_and_a_judge_as_suggestion() -> None:
    found = line(argilla.COLUMNS, argilla.row(RATED))
    assert [each["value"] for each in found["responses"]["fit"]] == [4, 1, 4]
    assert len({each["user_id"] for each in found["responses"]["fit"]}) == 3
    assert found["suggestions"] == {"fit": {"value": 3.5, "score": None, "agent": "Judge"}}
    assert found["status"] == "completed" and len(found["metadata"]["raters"]) == 3


def test_judge_bench_keeps_every_score_and_knows_no_rater() -> None:
    found = line(judge_bench.COLUMNS, judge_bench.row(RATED, [FIT, SAFE]))
    assert found["annotations"]["fit"] == {"mean_human": 3, "individual_human_scores": [4, 1, 4]}
    assert found["annotations"]["safe"] == {"majority_human": 1, "individual_human_scores": [1]}
    assert "r1" not in json.dumps(found)
    told = judge_bench.head("Spring", "", [FIT, SAFE])["annotations"]
    assert (told[0]["category"], told[0]["worst"], told[0]["best"]) == ("graded", 1, 4)
    assert told[1]["labels_list"] == [0, 1] and "{{ safe }}" not in told[1]["prompt"]
