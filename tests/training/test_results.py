"""Results of the harness become figures with intervals that fit how they were scored."""

import json
from pathlib import Path
from typing import Any

import pytest

from agreement import wilson
from training.results import NoResults, Score, read

DATE = "2026-11-21T12-13-48.047112"


def written(folder: Path, results: dict[str, Any], samples: dict[str, list[dict]], **more) -> Path:
    """A folder as the harness leaves it."""
    inner = folder / "some__model"
    inner.mkdir(parents=True)
    said = {"results": results, "lm_eval_version": "0.4.13", **more}
    (inner / f"results_{DATE}.json").write_text(json.dumps(said))
    for task, rows in samples.items():
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (inner / f"samples_{task}_{DATE}.jsonl").write_text(lines)
    return folder


def rows(values: list[Any], metric: str = "acc", filter_name: str = "none") -> list[dict[str, Any]]:
    return [
        {"doc_id": n, "filter": filter_name, "metrics": [metric], metric: value}
        for n, value in enumerate(values)
    ]


def by_name(found: tuple[Score, ...]) -> dict[tuple[str, str, str], Score]:
    return {(each.task, each.metric, each.filter): each for each in found}


def test_right_and_wrong_get_wilsons_interval(tmp_path: Path) -> None:
    result = {"alias": "t", "acc,none": 0.75, "acc_stderr,none": 0.25}
    found = read(written(tmp_path, {"t": result}, {"t": rows([1.0, 0.0, 1.0, True])}))
    [score] = found.scores
    assert (score.low, score.high) == wilson.bounds(0.75, 4)
    assert (score.n, score.note, found.version) == (4, "wilson", "0.4.13")
    assert [path.name for path in found.samples] == [f"samples_t_{DATE}.jsonl"]


def test_each_filter_is_a_row_and_a_document_said_twice_counts_once(tmp_path: Path) -> None:
    result = {"exact_match,strict": 0.5, "exact_match,loose": 1.0, "exact_match_stderr,strict": 0.5}
    strict, loose = rows([1.0, 0.0], "exact_match", "strict"), rows([1, 1], "exact_match", "loose")
    found = read(written(tmp_path, {"t": result}, {"t": [*strict, *loose, *strict]}))
    scores = by_name(found.scores)
    assert len(scores) == 2
    assert scores["t", "exact_match", "strict"].n == 2
    assert scores["t", "exact_match", "loose"].high == 1.0


def test_other_figures_have_the_interval_of_their_standard_error(tmp_path: Path) -> None:
    result = {"f1,none": 0.9, "f1_stderr,none": 0.1, "ppl,none": 12.0, "ppl_stderr,none": "N/A"}
    found = read(written(tmp_path, {"t": result}, {"t": rows([0.8, 1.0], "f1")}))
    scores = by_name(found.scores)
    f1, ppl = scores["t", "f1", "none"], scores["t", "ppl", "none"]
    assert f1.low == pytest.approx(0.9 - 1.96 * 0.1, abs=1e-3) and f1.high == 1.0
    assert (ppl.low, ppl.high, ppl.note) == (None, None, "the harness states no standard error")


def test_a_figure_that_its_documents_do_not_make_up_is_not_called_a_share(tmp_path: Path) -> None:
    result = {"acc,none": 0.9, "acc_stderr,none": 0.05}
    [score] = read(written(tmp_path, {"t": result}, {"t": rows([1.0, 0.0])})).scores
    assert score.note == "standard error"


def test_several_values_of_a_document_stand_or_fall_together(tmp_path: Path) -> None:
    values = [[True, True, True], [False], [True, False], [True, True]]
    result = {"inst,none": 0.75, "inst_stderr,none": "N/A"}
    [score] = read(written(tmp_path, {"t": result}, {"t": rows(values, "inst")})).scores
    assert (score.n, score.note) == (4, "documents as clusters")
    assert score.low < 0.5 and score.high == 1.0


def test_a_group_counts_the_documents_of_its_tasks(tmp_path: Path) -> None:
    results = {
        "all": {"acc,none": 0.5, "acc_stderr,none": 0.1},
        "part": {"acc,none": 0.5, "acc_stderr,none": 0.2},
        "a": {"acc,none": 1.0, "acc_stderr,none": 0.0},
        "b": {"acc,none": 0.0, "acc_stderr,none": 0.0},
    }
    found = read(
        written(
            tmp_path,
            results,
            {"a": rows([1.0, 1.0]), "b": rows([0.0, 0.0, 0.0])},
            group_subtasks={"all": ["part", "b"], "part": ["a"], "a": [], "b": []},
            configs={
                "a": {"output_type": "multiple_choice"},
                "b": {"output_type": "loglikelihood"},
            },
            **{"n-samples": {"a": {"effective": 2}, "b": {"effective": 3}}, "n-shot": {"a": 0}},
        )
    )
    scores = by_name(found.scores)
    assert scores["all", "acc", "none"].n == 5 and scores["all", "acc", "none"].is_group
    assert scores["part", "acc", "none"].n == 2
    assert not scores["a", "acc", "none"].is_group
    assert found.weighs == {"a": True, "b": True} and found.n_shots == {"a": 0}


def test_a_figure_that_is_none_is_left_out(tmp_path: Path) -> None:
    result = {"acc,none": float("nan"), "alias": "t", "sample_len": 3, "f1,none": "N/A"}
    assert read(written(tmp_path, {"t": result}, {})).scores == ()


def test_the_newest_results_count(tmp_path: Path) -> None:
    written(tmp_path, {"t": {"acc,none": 0.25, "acc_stderr,none": 0.1}}, {})
    newer = tmp_path / "some__model" / "results_2026-11-22T00-00-00.000000.json"
    newer.write_text(json.dumps({"results": {"t": {"acc,none": 0.5, "acc_stderr,none": 0.1}}}))
    [score] = read(tmp_path).scores
    assert score.value == 0.5


@pytest.mark.parametrize("text", ["", "[]", '{"results": 3}'])
def test_what_is_no_result_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoResults, match="no results"):
        read(tmp_path)
    (tmp_path / "results_x.json").write_text(text)
    with pytest.raises(NoResults, match=r"results_x\.json"):
        read(tmp_path)
