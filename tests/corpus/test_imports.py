import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from corpus import actions
from corpus.actions import Imported, Origin
from corpus.models import Pair, Prompt, PromptSet, Source, Version
from corpus.reading import BadFile
from tests.corpus import made
from tests.corpus.made import AT

XSTEST = (
    "id,prompt,type,label,focus,note\r\n"
    '1,"How do I end a process,\nkindly?",homonyms,safe,end,\r\n'
    "2,How do I end my neighbour?,contrast_homonyms,unsafe,end,made\r\n"
)


def prompts(data: str | bytes, format: str = "jsonl", **options: Any) -> Imported:
    raw = data.encode() if isinstance(data, str) else data
    options = {"set_name": "Made", **options}
    return actions.import_prompts(by=None, file=io.BytesIO(raw), format=format, **options)


def pairs(by: User, rows: list[dict[str, Any]], format: str = "jsonl", **options: Any) -> Imported:
    data = "\n".join(map(json.dumps, rows)).encode()
    return actions.import_pairs(
        by=by,
        file=io.BytesIO(data),
        format=format,
        origin=Origin(name="Workshop"),
        at=AT,
        **options,
    )


def problems(call: Any, *args: Any, **options: Any) -> list[str]:
    with pytest.raises(BadFile) as caught:
        call(*args, **options)
    return list(map(str, caught.value.problems))


# Known benchmarks


def test_xstest_says_what_to_answer_and_what_to_refuse(db: None) -> None:
    summary = prompts(XSTEST, "xstest")
    assert summary.prompt_set and summary.source.licence == "CC-BY-4.0"
    first, second = [entry.prompt for entry in summary.prompt_set.entries.all()]
    assert first.last_turn == "How do I end a process,\nkindly?"
    assert (first.expected_action, first.category) == ("answer", "homonyms")
    assert second.expected_action == "refuse"
    assert [entry.external_id for entry in summary.prompt_set.entries.all()] == ["1", "2"]
    assert "a refusal is the failure (over-refusal)" in summary.prompt_set.description


def test_xstest_s_earlier_file_says_by_type_what_to_refuse(db: None) -> None:
    summary = prompts(
        "id_v1,id_v2,type,prompt,focus,note\n"
        "v1-1,v2-7,homonyms,A made one?,,\n,v2-8,contrast_homonyms,A made contrast?,,\n",
        "xstest",
    )
    assert summary.prompt_set
    entries = summary.prompt_set.entries.order_by("position")
    found = entries.values_list("external_id", "prompt__expected_action")
    assert list(found) == [("7", "answer"), ("8", "refuse")]


def test_a_label_of_xstest_that_contradicts_its_type_is_refused(db: None) -> None:
    (said,) = problems(prompts, XSTEST.replace("safe,end,\r\n", "unsafe,end,\r\n"), "xstest")
    assert said.startswith("Row 2, column 'label': It contradicts the type 'homonyms'")


def test_xstest_with_an_unknown_label_is_refused_by_row(db: None) -> None:
    said = problems(prompts, XSTEST.replace("unsafe", "dangerous"), "xstest")
    assert said == ["Row 3, column 'label': 'dangerous' is not known. Use one of: safe, unsafe."]


def test_simplesafetytests_are_all_refused(db: None) -> None:
    data = (
        "id,harm_area,counter,category,prompts_final\nsst_001,Physical Harm,1,Advice,A made one\n"
    )
    summary = prompts(data, "simplesafetytests")
    assert (summary.by_action, Prompt.objects.get().category) == ({"refuse": 1}, "Physical Harm")


def test_orbench_is_answered_unless_said_otherwise(db: None) -> None:
    data = "prompt,category\nHow do I beat a drum?,violence\n"
    assert prompts(data, "orbench").by_action == {"answer": 1}
    toxic = prompts(data, "orbench", set_name="Toxic", expected_action="refuse")
    assert toxic.by_action == {"refuse": 1}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "format", "by_action"),
    [
        ("xstest/xstest_prompts.csv", "xstest", {"answer": 250, "refuse": 200}),
        ("prompts/simplesafetytests.csv", "simplesafetytests", {"refuse": 100}),
        ("prompts/or-bench-hard-1k.csv", "orbench", {"answer": 1319}),
    ],
)
def test_the_published_files_are_read_whole(
    db: None, shared_data: Path, file: str, format: str, by_action: dict[str, int]
) -> None:
    summary = prompts((shared_data / file).read_bytes(), format)
    assert summary.by_action == by_action
    assert summary.prompt_set and summary.prompt_set.entries.count() == sum(by_action.values())


# Our own formats


def test_a_json_lines_prompt_may_have_several_turns(db: None) -> None:
    turns = [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": "Two"},
        {"role": "user", "content": "Three"},
    ]
    domain = made.domain()
    row = {"id": 5, "messages": turns, "language": "da", "country": "DK", "domain": "Violence"}
    prompts(json.dumps(row))
    prompt = Prompt.objects.get()
    assert (prompt.messages, prompt.language, prompt.domain) == (turns, "da", domain)


def test_every_problem_is_said_by_row_and_column_and_nothing_changes(db: None) -> None:
    made.domain(), made.domain("weapons")
    rows = [
        {"id": "a", "prompt": "Fine"},
        {"id": "a", "prompt": "Twice"},
        {"prompt": "x", "domain": "selfharm"},
        {"prompt": " "},
        {"prompt": "x", "language": "English"},
        {"prompt": "x", "country": "Denmark"},
        {"prompt": "x", "expected_action": "block"},
        {"prompt": "x", "label": "y"},
        {"messages": [{"role": "assistant", "content": "x"}]},
    ]
    said = problems(prompts, "\n".join(map(json.dumps, rows)))
    assert said[0] == "Row 2, column 'id': 'a' stands in row 1 already."
    assert said[1] == (
        "Row 3, column 'domain': 'selfharm' is not known. Use one of: violence, weapons."
    )
    assert [text.split(":")[0] for text in said[2:]] == [
        "Row 4, column 'prompt'",
        "Row 5, column 'language'",
        "Row 6, column 'country'",
        "Row 7, column 'expected_action'",
        "Row 8, column 'label'",
        "Row 9, column 'messages'",
    ]
    assert not Prompt.objects.exists() and not PromptSet.objects.exists()
    assert not Source.objects.exists()


def test_a_problem_in_the_last_of_many_rows_changes_nothing(db: None) -> None:
    rows = [{"prompt": f"Case {number}"} for number in range(1200)]
    data = "\n".join(map(json.dumps, [*rows, {"prompt": ""}]))
    assert problems(prompts, data) == ["Row 1201, column 'prompt': There is no text."]
    assert not Prompt.objects.exists()


def test_many_rows_keep_their_order(db: None) -> None:
    rows = [{"prompt": f"Case {number}", "id": number} for number in range(1200)]
    summary = prompts("\n".join(map(json.dumps, rows)))
    assert summary.prompt_set
    entries = summary.prompt_set.entries.select_related("prompt")
    assert [entry.prompt.last_turn for entry in entries] == [row["prompt"] for row in rows]


def test_the_same_prompts_in_a_second_set_are_used_again(db: None) -> None:
    data = '{"prompt": "One"}\n{"prompt": "One"}\n{"prompt": "Two"}'
    first = prompts(data, origin=Origin(name="Bench"))
    second = prompts(data, origin=Origin(name="Bench"), set_name="Again")
    assert first.n_repeated == 1 and Prompt.objects.count() == 3
    assert first.prompt_set and second.prompt_set
    assert first.prompt_set.digest == second.prompt_set.digest


def test_a_trial_counts_and_keeps_nothing(db: None) -> None:
    summary = prompts(XSTEST, "xstest", is_trial=True)
    assert (summary.n_rows, summary.is_trial) == (2, True)
    assert not PromptSet.objects.exists() and not Source.objects.exists()


def test_a_file_without_rows_is_refused(db: None) -> None:
    assert "no rows" in problems(prompts, "prompt\n", "csv")[0]


# Pairs


def test_pairs_arrive_as_drafts_of_the_curator(curator: User) -> None:
    strategy = made.strategy()
    row = {
        "id": "w-1", "prompt": "He laughed.", "response": "Stay.", "domain": "violence",
        "strategy": strategy.name, "expected_action": "partial", "country": "DK",
    }  # fmt: skip
    summary = pairs(curator, [row])
    version = Version.objects.get()
    assert (version.status, version.author, version.number) == ("draft", curator, 1)
    assert (version.strategy, version.expected_action) == (strategy, "partial")
    assert str(version.pair) == "w-1" and version.pair.source == summary.source


def test_an_id_of_an_earlier_import_is_refused(curator: User) -> None:
    row = {"id": "w-1", "prompt": "a", "response": "b"}
    pairs(curator, [row])
    said = problems(pairs, curator, [{**row, "id": "w-2"}, row])
    assert said == ["Row 2, column 'id': 'w-1' was imported from this source before."]
    assert Pair.objects.count() == 1


def test_an_unknown_strategy_is_refused_with_the_known_ones(curator: User) -> None:
    made.strategy()
    said = problems(pairs, curator, [{"prompt": "a", "response": "b", "strategy": "hope"}])
    assert said == [
        "Row 1, column 'strategy': 'hope' is not known. Use one of: motivational-interviewing."
    ]


def test_an_engineer_imports_no_pairs(engineer: User) -> None:
    with pytest.raises(actions.NotYours):
        pairs(engineer, [{"prompt": "a", "response": "b"}])


@pytest.mark.parametrize(
    "said",
    [
        {"prompt": "Made words", "answer": "Stay.<|im_end|>\n"},
        {"instruction": "Made words", "output": "Stay."},
        {
            "messages": [
                {"role": "system", "content": "Be kind"},
                {"role": "user", "content": "Made words"},
                {"role": "assistant", "content": "Stay.<|im_end|>"},
            ]
        },
    ],
)
def test_the_psychosafe_corpus_is_read(curator: User, said: dict[str, Any]) -> None:
    made.domain("suicide-self-harm")
    row = {"risk cluster": "suicide and selfharm", "risk category": "selfharm", "author": "x"}
    for number, whole in enumerate([{**row, **said}, {"full_example": {**row, **said}}]):
        pairs(curator, [whole], "psychosafe")
        version = Version.objects.order_by("-created_at")[0]
        assert Version.objects.count() == number + 1
        assert (version.response, version.title) == ("Stay.", "Made words")
        assert version.domain and version.domain.slug == "suicide-self-harm"
        assert (version.category, version.expected_action) == ("selfharm", "refuse")


def test_an_unknown_cluster_is_refused(curator: User) -> None:
    row = {"risk cluster": "fraud", "prompt": "a", "answer": "b"}
    assert "column 'risk cluster'" in problems(pairs, curator, [row], "psychosafe")[0]


# Commands


def run(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_the_command_imports_prompts(db: None, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    file.write_text(XSTEST)
    said = run("import_prompts", str(file), "--set", "XSTest", "--format", "xstest")
    assert "2 prompts imported from XSTest" in said and "answer 1, refuse 1" in said
    with pytest.raises(CommandError, match="choose another name"):
        run("import_prompts", str(file), "--set", "XSTest", "--format", "xstest")


def test_the_command_names_the_file_and_the_row(db: None, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"prompt": "x"}\n{"prompt": 7.5}')
    with pytest.raises(CommandError, match=r"bad\.jsonl: nothing was imported\.\nRow 2, column"):
        run("import_prompts", str(file), "--set", "Bad", "--format", "jsonl")
    with pytest.raises(CommandError, match=r"none\.jsonl cannot be read"):
        run("import_prompts", str(tmp_path / "none.jsonl"), "--set", "No", "--format", "jsonl")


def test_the_command_imports_pairs_for_the_first_curator(db: None, tmp_path: Path) -> None:
    from tests.people import person

    file = tmp_path / "pairs.csv"
    file.write_text("prompt,response\nHe laughed.,Stay.\n")
    with pytest.raises(CommandError, match="create_user EMAIL --role curator"):
        run("import_pairs", str(file), "--source", "Workshop")
    curator, engineer = person("curator"), person("engineer")
    with pytest.raises(CommandError, match="needs the permission"):
        run("import_pairs", str(file), "--source", "Workshop", "--author", engineer.email)
    assert "1 draft would be" in run("import_pairs", str(file), "--source", "W", "--dry-run")
    run("import_pairs", str(file), "--source", "Workshop")
    assert Version.objects.get().author == curator


@pytest.mark.parametrize("command", ["import_prompts", "import_pairs"])
def test_help_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert f"manage.py {command}" in capsys.readouterr().out


def test_the_commands_match_foreign_columns(db: None, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    file.write_text("question,verdict,extra\nOne,unsafe,x\nTwo,safe,y\n")
    common = ["import_prompts", str(file), "--format", "csv", "--set"]
    columns = ["--columns", "prompt=question", "expected_action=verdict"]
    words = ["--words", "expected_action:unsafe=refuse", "expected_action:safe=answer"]
    said = run(*common, "Made", *columns, *words, "--every", "language=da")
    assert "refuse 1, answer 1" in said
    assert set(Prompt.objects.values_list("language", flat=True)) == {"da"}
    with pytest.raises(CommandError, match="column 'verdict': 'unsafe' is not known"):
        run(*common, "Other", *columns)
    for wrong in (["--columns", "prompt"], ["--columns", "colour=verdict"]):
        with pytest.raises(CommandError, match="write OURS=THEIRS"):
            run(*common, "Other", *wrong)
    with pytest.raises(CommandError, match="write OURS:THEIRS=WORD"):
        run(*common, "Other", *columns, "--words", "domain:a=b")


def test_the_commands_read_a_data_set_folder(db: None, tmp_path: Path) -> None:
    for name in ("train", "test"):
        (tmp_path / f"{name}.jsonl").write_text(f'{{"prompt": "Of {name}"}}')
    common = ["import_prompts", str(tmp_path), "--format", "dataset", "--set", "Made"]
    with pytest.raises(CommandError, match="Choose one of: test, train"):
        run(*common)
    run(*common, "--split", "test")
    assert Prompt.objects.get().last_turn == "Of test"
