"""promptfoo's results come in, in each of the shapes that its versions write."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.models import PromptSet
from generation import actions
from generation.models import Run
from tests.generation.brought import bring_in, numbered, written

pytestmark = pytest.mark.django_db

MODEL = {"id": "openai:a-model", "label": "A model"}


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


def row(number: int, output: Any = None, *, test: int | None = None, **rest: Any) -> dict[str, Any]:
    asked = f"May I ask question {number}?"
    return {
        "provider": MODEL,
        "prompt": {"raw": f"Be kind. {asked}", "label": "Be kind. {{question}}"},
        "promptIdx": 0,
        "testIdx": number if test is None else test,
        "vars": {"question": asked},
        "response": {
            "output": f"To {number}" if output is None else output,
            "tokenUsage": {"prompt": 7, "completion": 3, "total": 10},
            "finishReason": "stop",
        },
        "latencyMs": 1500,
        "success": True,
        "score": 1,
        "gradingResult": {"pass": True, "score": 1, "reason": "ok"},
        **rest,
    }


def third(*rows: dict[str, Any]) -> str:
    results = {"version": 3, "prompts": [], "results": list(rows), "stats": {"successes": 1}}
    return json.dumps({"evalId": "e", "results": results, "config": {"prompts": []}})


def second(*rows: dict[str, Any]) -> str:
    plain = [{k: v for k, v in each.items() if k not in ("promptIdx", "testIdx")} for each in rows]
    table = {"head": {"prompts": []}, "body": [{"outputs": ["x"], "vars": ["y"]}]}
    return json.dumps({"results": {"version": 2, "results": plain, "table": table}, "config": {}})


def first(*rows: dict[str, Any]) -> str:
    flat = [{**each, "provider": "openai:a-model"} for each in rows]
    return json.dumps({"version": 1, "results": flat, "stats": {}, "table": {"body": []}}, indent=1)


def documented(*rows: dict[str, Any]) -> str:
    return json.dumps({"version": 3, "results": {"prompts": [], "outputs": list(rows)}})


def lines(*rows: dict[str, Any]) -> str:
    return "\n".join(map(json.dumps, rows))


@pytest.mark.parametrize("shape", [third, second, first, documented, lines])
def test_every_shape_says_the_same(tmp_path: Path, three: PromptSet, shape: Any) -> None:
    path = written(tmp_path, shape(row(1), row(3)), "results.json")
    done = bring_in(path, three, "promptfoo")
    assert (done.n_answers, done.n_without) == (2, 1)
    found = done.run.completions.values_list("prompt__entries__external_id", "text")
    assert dict(found) == {"1": "To 1", "3": "To 3"}
    answer = done.run.completions.get(text="To 1")
    assert (answer.n_prompt_tokens, answer.n_completion_tokens, answer.latency_s) == (7, 3, 1.5)
    assert answer.provenance["answered_by"] == "openai:a-model"


def test_a_repeat_is_the_next_replicate(tmp_path: Path, three: PromptSet) -> None:
    again = row(1, "Again", test=9)
    run = bring_in(written(tmp_path, third(row(1), again), "r.json"), three, "promptfoo").run
    texts = run.completions.order_by("replicate").values_list("replicate", "text")
    assert list(texts) == [(1, "To 1"), (2, "Again")] and run.replicates == 2


def test_a_test_stands_once(tmp_path: Path, three: PromptSet) -> None:
    with pytest.raises(actions.BadFile, match="Row 2, column 'testIdx': This test stands in row 1"):
        bring_in(written(tmp_path, third(row(1), row(1)), "r.json"), three, "promptfoo")


def test_a_chat_is_known_by_its_turns(tmp_path: Path, three: PromptSet) -> None:
    turns = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "May I ask question 2?"},
    ]
    chat = row(2, vars={}, prompt={"raw": json.dumps(turns), "label": "chat"})
    done = bring_in(written(tmp_path, third(chat), "r.json"), three, "promptfoo")
    assert (done.n_answers, done.counted.n_differing) == (1, 0)


def test_half_a_character_in_a_question_breaks_nothing(tmp_path: Path, three: PromptSet) -> None:
    odd = row(2, vars={"question": "May I ask question 2?", "other": "\ud800"})
    odd["provider"] = {"id": "a\ud800"}
    done = bring_in(written(tmp_path, third(odd), "r.json"), three, "promptfoo")
    assert done.run.completions.get().provenance["answered_by"] == "a\\ud800"


def test_an_id_among_the_variables_is_taken(tmp_path: Path, three: PromptSet) -> None:
    own = row(2, vars={"id": 3}, prompt={"raw": "Something else", "label": "x"})
    done = bring_in(written(tmp_path, third(own), "r.json"), three, "promptfoo")
    assert done.run.completions.get().prompt.last_turn == "May I ask question 3?"
    assert done.counted.n_differing == 1


def test_of_several_providers_or_templates_one_is_chosen(tmp_path: Path, three: PromptSet) -> None:
    other = row(1, "B", promptIdx=1, provider={"id": "other:model"})
    strict = row(1, "C", promptIdx=2, prompt={"raw": "May I ask question 1?", "label": "strict"})
    path = written(tmp_path, third(row(1), other, strict), "r.json")
    with pytest.raises(actions.BadFile) as refused:
        bring_in(path, three, "promptfoo")
    assert "'A model | Be kind. {{question}}', 'other:model | Be kind." in str(refused.value)
    assert bring_in(path, three, "promptfoo", answered_by="other:model").n_answers == 1
    with pytest.raises(actions.BadFile, match=r"'A model \| strict'\. Say whose to take"):
        bring_in(path, three, "promptfoo", answered_by="openai:a-model")
    done = bring_in(path, three, "promptfoo", answered_by="A model | strict")
    assert done.run.completions.get().text == "C"


def test_rows_that_failed_are_counted_and_objects_refused(tmp_path: Path, three: PromptSet) -> None:
    failed = row(2, response={"error": "no"}, error="API error")
    done = bring_in(written(tmp_path, third(row(1), failed), "r.json"), three, "promptfoo")
    assert (done.n_answers, done.counted.passed) == (1, [(2, "promptfoo noted an error")])
    with pytest.raises(actions.BadFile, match="Row 1, column 'response': The answer is no text"):
        bring_in(written(tmp_path, third(row(1, {"a": 1})), "r.json"), three, "promptfoo")
    assert Run.objects.count() == 1
