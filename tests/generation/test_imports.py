"""Answers from other tools come in whole, or not at all with the rows at fault."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from corpus.models import PromptSet
from generation import actions
from generation.models import Completion, LanguageModel, Run
from tests.generation import made
from tests.generation.brought import bring_in, numbered, of_messages, of_texts, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> PromptSet:
    return numbered(3)


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


def test_a_prompt_is_known_by_its_words_where_there_is_no_id(
    tmp_path: Path, three: PromptSet
) -> None:
    rows = [
        {"prompt": " May I ask question 2?\n", "completion": "Two"},
        {"messages": [{"role": "user", "content": "May I ask question 3?"}], "completion": "Three"},
    ]
    bring_in(written(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl"), three, "jsonl")
    found = Completion.objects.values_list("prompt__entries__external_id", "text")
    assert dict(found) == {"2": "Two", "3": "Three"}


def test_words_that_are_in_doubt_are_named(tmp_path: Path) -> None:
    twice = of_texts(["Same words", "Same words", "Other words"])
    rows = [
        {"prompt": "Same words", "completion": "x"},
        {"prompt": "Nowhere", "completion": "x"},
        {"id": "1", "prompt": "Other words", "completion": "x"},
    ]
    with pytest.raises(actions.BadFile) as refused:
        bring_in(written(tmp_path, "\n".join(map(json.dumps, rows)), "a.jsonl"), twice, "jsonl")
    first, second, third = str(refused.value).splitlines()
    assert first.startswith("Row 1, column 'prompt'") and "2 prompts: '1', '2'." in first
    assert "word for word no prompt of the set" in second
    assert "'1' by its id, and its words are those of '3'" in third


def test_a_question_in_other_words_is_counted_not_refused(tmp_path: Path, three: PromptSet) -> None:
    done = bring_in(written(tmp_path, XSTEST), three, "xstest")
    assert (done.counted.n_differing, done.counted.differing) == (3, [2, 3, 4])
    assert "In 3 rows the question is worded otherwise" in " ".join(actions.notes(done))


def test_an_answer_keeps_what_it_was_imported_from(tmp_path: Path, three: PromptSet) -> None:
    path = written(tmp_path, '{"id": 2, "completion": "<think>Hm.</think>Yes"}', "a.jsonl")
    condition = made.condition()
    done = bring_in(path, three, "jsonl", condition=condition)
    row = done.run.completions.get()
    assert (row.text, row.reasoning, done.run.condition) == ("Yes", "Hm.", condition)
    assert row.provenance == {
        "model": "m",
        "condition": "informed",
        "imported_from": "a.jsonl",
        "file_digest": hashlib.sha256(path.read_bytes()).hexdigest(),
        "format": "jsonl",
        "row": 1,
        "replicate": 1,
    }


def test_a_trial_reads_everything_and_keeps_nothing(tmp_path: Path, three: PromptSet) -> None:
    done = bring_in(written(tmp_path, XSTEST), three, "xstest", is_trial=True)
    assert (done.n_answers, done.n_without, done.made) == (3, 0, None)
    assert not Run.objects.exists() and not LanguageModel.objects.exists()
    with pytest.raises(actions.BadFile):
        bring_in(written(tmp_path, "id,completion\n9,x\n"), three, "csv", is_trial=True)


def test_of_several_who_answered_one_is_chosen(tmp_path: Path, three: PromptSet) -> None:
    text = "id,completion,model\n1,x,a\n1,y,b\n2,z,b\n"
    path = written(tmp_path, text)
    with pytest.raises(
        actions.BadFile, match=r"Several answered in this file: 'a', 'b'\. Say whose"
    ):
        bring_in(path, three, "csv")
    with pytest.raises(actions.BadFile, match=r"Nobody called 'c' answered in this file\. It has"):
        bring_in(path, three, "csv", answered_by="c")
    done = bring_in(path, three, "csv", answered_by="b")
    assert (done.n_answers, done.counted.n_others) == (2, 1)
    assert set(done.run.completions.values_list("text", flat=True)) == {"y", "z"}


def test_turns_that_were_played_become_a_trajectory(tmp_path: Path) -> None:
    script = [
        {"role": "user", "content": "First"},
        {"role": "assistant", "content": "What somebody else answered"},
        {"role": "user", "content": "Second"},
    ]
    prompts = of_messages([script, script[:1]])
    line = {"question_id": 1, "model_id": "m", "choices": [{"turns": ["One", "Two"]}]}
    other = {"question_id": 2, "model_id": "m", "choices": [{"turns": ["Only"]}]}
    lines = "\n".join(map(json.dumps, (line, other)))
    run = bring_in(written(tmp_path, lines, "a.jsonl"), prompts, "fastchat").run
    played = run.completions.get(text="Two")
    assert run.plays_turns and [turn["text"] for turn in played.trajectory] == ["One", "Two"]
    assert [turn["content"] for turn in played.conversation] == ["First", "One", "Second"]
    assert run.completions.get(text="Only").trajectory[0]["said"] == "First"


def test_turns_must_be_as_many_as_the_person_s(tmp_path: Path, three: PromptSet) -> None:
    rows = [{"id": 1, "turns": ["a", "b"]}]
    with pytest.raises(actions.BadFile, match="2 turns of the model, and the prompt has 1"):
        bring_in(written(tmp_path, json.dumps(rows[0]), "a.jsonl"), three, "jsonl")


def test_a_mutated_question_is_known_by_its_number(tmp_path: Path) -> None:
    prompts = of_texts(["A", "B"], ids=["1-slang", "2-slang"])
    lines = [{"question_id": n, "choices": [{"turns": [f"To {n}"]}]} for n in (1, 2)]
    path = written(tmp_path, "\n".join(map(json.dumps, lines)), "m.jsonl")
    assert bring_in(path, prompts, "fastchat").n_answers == 2


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
        ("PK", "a.eval", "inspect", "cannot be unpacked"),
        ("[1]", "a.json", "inspect", "no log of Inspect"),
        ('{"samples": [{"id": 1, "output"', "a.json", "inspect", "Row 1: ':' should stand here"),
        ("{}", "a.json", "promptfoo", "There are no results"),
        ('{"doc_id": 0, "doc": {"id": 1}}', "a.jsonl", "lm-eval", "Row 1, column 'resps'"),
        ("", "a.jsonl", "lm-eval", "The file is empty"),
        ('{"completion": "x"}', "a.jsonl", "jsonl", "Row 1, column 'id': Say which prompt"),
        ('{"id": 1, "turns": []}', "a.jsonl", "jsonl", "Row 1, column 'turns'"),
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
