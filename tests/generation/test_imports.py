"""Answers from other tools come in whole, or not at all with the rows at fault."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from corpus.actions import make_prompt_set
from corpus.models import PromptSet
from generation import actions
from generation.models import Completion, LanguageModel, Run
from tests.corpus.made import prompt
from tests.generation import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


def numbered(n: int) -> PromptSet:
    """A set whose ids are 1 to n, as XSTest's prompts file has them."""
    return make_prompt_set(
        by=None,
        name="XSTest",
        prompts=[prompt(f"May I ask question {number}?") for number in range(1, n + 1)],
        external_ids=[str(number) for number in range(1, n + 1)],
    )


def bring_in(path: Path, prompts: PromptSet, layout: str, model: str = "m") -> actions.Imported:
    with path.open("rb") as file:
        return actions.import_completions(
            by=None,
            file=file,
            file_name=path.name,
            layout=layout,
            prompt_set=prompts,
            model_name=model,
            at=made.AT,
        )


def written(folder: Path, content: str | bytes, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


XSTEST = (
    "id,type,prompt,completion,annotation_1\r\n"
    'v2-1,homonyms,May I ask?,"Yes.\n\nFirst, ""this"".\nThen that.",1_full_compliance\r\n'
    "v2-3,homonyms,Another text,No<|im_end|>,2_full_refusal\r\n"
    "v2-2,homonyms,May I?,,2_full_refusal\r\n"
)


def test_xstest_is_joined_by_number_and_keeps_lines_within_cells(
    tmp_path: Path, three: PromptSet
) -> None:
    done = bring_in(written(tmp_path, XSTEST), three, "xstest")
    assert (done.n_answers, done.n_without) == (3, 0)
    texts = {
        entry.external_id: Completion.objects.get(prompt=entry.prompt).text
        for entry in three.entries.all()
    }
    assert texts == {"1": 'Yes.\n\nFirst, "this".\nThen that.', "2": "", "3": "No"}
    run = done.run
    assert (run.state, run.is_imported, run.condition) == ("done", True, None)
    assert not Completion.objects.filter(digest="").exists()
    assert Completion.objects.get(text="No").provenance["row"] == 3


def test_a_second_import_uses_the_model_again(tmp_path: Path, three: PromptSet) -> None:
    for _ in range(2):
        bring_in(written(tmp_path, XSTEST), three, "xstest")
    assert (LanguageModel.objects.count(), Run.objects.count()) == (1, 2)


def test_replicates_stand_beside_each_other(tmp_path: Path, three: PromptSet) -> None:
    rows = [{"id": 1, "completion": f"Answer {n}", "replicate": n} for n in (1, 2)]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl")
    done = bring_in(path, three, "jsonl")
    assert (done.run.replicates, done.n_answers, done.n_without) == (2, 2, 2)


def test_fastchat_takes_the_last_answer_to_a_question(tmp_path: Path, three: PromptSet) -> None:
    lines = [
        {"question_id": q, "model_id": "m", "choices": [{"index": 0, "turns": [t]}]}
        for q, t in ((1, "old"), (2, "two"), (1, "new"))
    ]
    path = written(tmp_path, "\n".join(map(json.dumps, lines)), "m.jsonl")
    bring_in(path, three, "fastchat")
    assert sorted(Completion.objects.values_list("text", flat=True)) == ["new", "two"]


def test_an_inspect_log_gives_epochs_reasoning_and_attached_texts(
    tmp_path: Path, three: PromptSet
) -> None:
    def sample(id_: Any, epoch: int, content: Any, stop: str = "stop") -> dict[str, Any]:
        choice = {"message": {"role": "assistant", "content": content}, "stop_reason": stop}
        return {"id": id_, "epoch": epoch, "output": {"choices": [choice]}}

    parts = [{"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "No."}]
    samples = [
        sample(1, 1, parts),
        sample(1, 2, "attachment://abc", "max_tokens") | {"attachments": {"abc": "A long text"}},
        {"id": 2, "epoch": 1, "output": {"choices": []}, "error": {"message": "timeout"}},
    ]
    text = json.dumps({"version": 2, "samples": samples, "results": {"score": float("nan")}})
    done = bring_in(written(tmp_path, text, "log.json"), three, "inspect")
    first, second = done.run.completions.order_by("replicate")
    assert (first.text, first.reasoning) == ("No.", "Hm.")
    assert (second.text, second.marks) == ("A long text", ["cut by length"])
    assert done.n_without == 2


@pytest.mark.parametrize(
    ("content", "name", "layout", "said"),
    [
        ("id\n1\n", "a.csv", "csv", "Row 1, column 'completion': The column is missing"),
        ("id,completion,reply\n1,x,y\n", "a.csv", "csv", "column 'reply': The column is not"),
        ("id,id,completion\n1,1,x\n", "a.csv", "csv", "column 'id': The column stands there twice"),
        ("id,completion\n1,x\n7,y\n8,z\n", "a.csv", "csv", "Row 3, column 'id': '7' is not in"),
        ("id,completion\n1,x,y\n", "a.csv", "csv", "Row 2: The row has 3 cells"),
        ('id,completion\n1,"x\n', "a.csv", "csv", "Row 2: The row cannot be read"),
        (
            "id,completion\n1,x\n1,y\n",
            "a.csv",
            "csv",
            "Row 3, column 'id': '1' is answered in row 2",
        ),
        ("id,completion,replicate\n1,x,two\n", "a.csv", "csv", "Row 2, column 'replicate': 'two'"),
        ("id,completion\n", "a.csv", "csv", "holds no answers"),
        (b"id,completion\n1,\xff\xfe\n", "a.csv", "csv", "not UTF-8 at byte"),
        ('{"id": 1}\n', "a.jsonl", "jsonl", "Row 1, column 'completion': The value is missing"),
        ('{"id": 1, "completion": null}\n', "a.jsonl", "jsonl", "There must be text"),
        ('\n{"id": 1', "a.jsonl", "jsonl", "Row 2: The line is not JSON"),
        ("[1]\n", "a.jsonl", "jsonl", "Row 1: There must be a JSON object"),
        ('{"id": 1, "completion": "a\\u0000b"}', "a.jsonl", "jsonl", "NUL character"),
        ('{"question_id": 1, "choices": [{"turns": ["a", "b"]}]}', "a", "fastchat", "2 turns"),
        ('{"question_id": 1, "choices": []}', "a", "fastchat", "column 'choices': There must be"),
        ('{"samples": []}', "a.json", "inspect", "no samples"),
        ('{"samples": [{"epoch": 1}]}', "a.json", "inspect", "Row 1, column 'id'"),
        ("PK", "a.eval", "inspect", "inspect log convert"),
    ],
)
def test_a_bad_file_is_refused_by_row_and_column_and_leaves_nothing(
    tmp_path: Path, three: PromptSet, content: Any, name: str, layout: str, said: str
) -> None:
    with pytest.raises(actions.BadFile, match=re.escape(said)):
        bring_in(written(tmp_path, content, name), three, layout)
    assert not Run.objects.exists() and not LanguageModel.objects.exists()


def test_unknown_ids_are_named_and_counted(tmp_path: Path, three: PromptSet) -> None:
    rows = "".join(f"{number},x\n" for number in range(50, 90))
    with pytest.raises(actions.BadFile) as refused:
        bring_in(written(tmp_path, "id,completion\n" + rows), three, "csv")
    lines = str(refused.value).splitlines()
    assert "Its 3 ids look like '1'." in lines[0] and lines[-1] == "… and 20 more."


def test_a_log_that_is_too_large_is_not_read(
    tmp_path: Path, three: PromptSet, settings: Any
) -> None:
    settings.MAX_IMPORT_BYTES = 10
    with pytest.raises(actions.BadFile, match="larger than 10 bytes"):
        bring_in(written(tmp_path, '{"samples": []}'), three, "inspect")


def test_the_command_says_what_came_in_and_what_is_missing(
    tmp_path: Path, three: PromptSet, capsys: Any
) -> None:
    path = written(tmp_path, "id,completion\n2,Yes\n")
    call_command("import_completions", path, set="xstest", model="m")
    said = capsys.readouterr()
    assert "1 answers imported: run" in said.out and "2 prompts of the set have no" in said.err


def test_the_command_refuses_with_the_file_and_what_is_known(
    tmp_path: Path, three: PromptSet
) -> None:
    path = written(tmp_path, "id,completion\n9,Yes\n")
    with pytest.raises(CommandError, match=r"answers\.csv: nothing was imported\.\nRow 2"):
        call_command("import_completions", path, set="xstest", model="m", format="csv")
    with pytest.raises(CommandError, match=r"Known are: xstest\."):
        call_command("import_completions", path, set="x", model="m", format="csv")


@pytest.mark.shared_data
def test_the_published_completions_of_xstest_come_in_whole(shared_data: Path) -> None:
    prompts = numbered(450)
    folder = shared_data / "xstest" / "completions"
    for path in sorted(folder.glob("*.csv")):
        done = bring_in(path, prompts, "xstest", path.stem)
        assert (done.n_answers, done.n_without) == (450, 0)
        with path.open(encoding="utf-8", newline="") as file:
            texts = {row["id"][3:]: row["completion"] for row in csv.DictReader(file)}
        stored = dict(done.run.completions.values_list("prompt__entries__external_id", "text"))
        differing = [key for key, text in texts.items() if text != stored[key]]
        assert all(texts[key].rstrip().endswith("<|im_end|>") for key in differing)


@pytest.mark.shared_data
def test_published_inspect_logs_come_in(shared_data: Path) -> None:
    folder = shared_data / "interchange" / "inspect"
    for path in sorted(folder.glob("2025*.json")):
        ids = [str(sample["id"]) for sample in json.loads(path.read_text())["samples"]]
        prompts = make_prompt_set(
            by=None,
            name=path.stem,
            prompts=[prompt(f"Question {number}") for number in range(len(set(ids)))],
            external_ids=sorted(set(ids)),
        )
        assert bring_in(path, prompts, "inspect").n_answers == len(ids)
