"""Samples of the LM Evaluation Harness come in once each, under the right prompts."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.models import PromptSet
from generation import actions
from tests.generation.brought import bring_in, numbered, written

pytestmark = pytest.mark.django_db

CHAT = json.dumps([{"role": "user", "content": "May I ask question 1?"}])


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


def row(place: int, *said: Any, **rest: Any) -> dict[str, Any]:
    asked = f"May I ask question {place + 1}?"
    return {
        "doc_id": place,
        "doc": {"question": asked, "label": "safe"},
        "target": "",
        "arguments": {
            "gen_args_0": {
                "arg_0": f"Answer kindly.\n\nQuestion: {asked}\nAnswer:",
                "arg_1": {"until": ["\n\n"], "temperature": 0.0, "max_gen_toks": 64},
            }
        },
        "resps": [list(said or (f"To {place + 1}",))],
        "filtered_resps": ["x"],
        "filter": "none",
        "doc_hash": "d",
        "prompt_hash": "p",
        "acc": float("nan"),
        **rest,
    }


def bring(tmp_path: Path, prompts: PromptSet, *rows: dict[str, Any]) -> actions.Imported:
    path = written(tmp_path, "\n".join(map(json.dumps, rows)), "samples_t_2026.jsonl")
    return bring_in(path, prompts, "lm-eval")


def texts(done: actions.Imported) -> dict[str, str]:
    found = done.run.completions.values_list("prompt__entries__external_id", "text")
    return dict(found)


def test_places_that_count_from_nought_do_not_shift_the_answers(
    tmp_path: Path, three: PromptSet
) -> None:
    """Place 1 is prompt "2": a match by number alone would set every answer under a wrong one."""
    done = bring(tmp_path, three, row(1))
    assert texts(done) == {"2": "To 2"}
    bare = [row(place, doc={"gold": 1}) for place in (1, 2)]
    with pytest.raises(actions.BadFile, match="asks something else than the prompt '1'"):
        bring(tmp_path, three, *bare)


def test_a_place_is_taken_where_the_words_agree(tmp_path: Path, three: PromptSet) -> None:
    done = bring(tmp_path, three, row(0, doc_id=1, doc={}))
    assert texts(done) == {"1": "To 1"} and done.counted.n_differing == 0


def test_a_document_s_own_id_is_taken(tmp_path: Path, three: PromptSet) -> None:
    assert texts(bring(tmp_path, three, row(0, doc={"id": 1}))) == {"1": "To 1"}


def test_the_rows_of_other_filters_say_nothing_new(tmp_path: Path, three: PromptSet) -> None:
    rows = [row(0), row(0, filter="strict", filtered_resps=["y"]), row(1)]
    assert texts(bring(tmp_path, three, *rows)) == {"1": "To 1", "2": "To 2"}
    with pytest.raises(actions.BadFile, match="Row 2, column 'doc_id': '0' stands in row 1"):
        bring(tmp_path, three, row(0), row(0))


def test_repeats_are_replicates_and_what_is_told_is_kept(tmp_path: Path, three: PromptSet) -> None:
    path = written(
        tmp_path, json.dumps(row(0, "One", "Two")).replace('"until"', '"top_p": 1e999, "until"')
    )
    run = bring_in(path, three, "lm-eval").run
    found = run.completions.order_by("replicate")
    assert [each.text for each in found] == ["One", "Two"]
    told = {"doc_hash": "d", "sampling": {"temperature": 0.0, "max_gen_toks": 64}}
    assert told.items() <= found[0].provenance.items()


@pytest.mark.parametrize(
    "arguments",
    [
        [["May I ask question 1?", {"until": []}]],
        {
            "gen_args_0": {
                "arg_0": json.dumps([{"role": "user", "content": "May I ask question 1?"}])
            }
        },
        {"gen_args_0": {"arg_0": ['[{"role": "user", "content": "May I ask question 1?"}]']}},
    ],
)
def test_what_was_sent_is_read_in_every_shape(
    tmp_path: Path, three: PromptSet, arguments: Any
) -> None:
    done = bring(tmp_path, three, row(0, doc={"gold": "x"}, doc_id=77, arguments=arguments))
    assert texts(done) == {"1": "To 1"}


def test_a_list_in_one_document_is_read_too(tmp_path: Path, three: PromptSet) -> None:
    path = written(tmp_path, json.dumps([row(0), row(2)], indent=2), "samples.json")
    assert texts(bring_in(path, three, "lm-eval")) == {"1": "To 1", "3": "To 3"}


def test_a_task_that_weighs_given_answers_has_none(tmp_path: Path, three: PromptSet) -> None:
    weighed = row(0, resps=[[["-3.2", "False"]]])
    with pytest.raises(actions.BadFile, match="Row 1, column 'resps': There is no text in it"):
        bring(tmp_path, three, weighed)
    with pytest.raises(actions.BadFile, match="answers to 2 questions in one row"):
        bring(tmp_path, three, row(0, resps=[["a"], ["b"]]))
