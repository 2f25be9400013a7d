"""SORRY-Bench is read as the version that it is, and can be taken out whole."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from corpus import actions
from corpus.actions import Imported, Origin
from corpus.actions.uploads import Asked, receive
from corpus.formats.sorrybench import NAMES, VERSIONS
from corpus.models import Prompt, PromptSet, Source
from corpus.reading import BadFile
from generation.actions import import_completions
from generation.models import Completion, Run
from tests.corpus.made import AT

ROW = {"question_id": 7, "category": 1, "turns": ["A made one"], "prompt_style": "base"}
HEADER = "question_id,category,turns,prompt_style\n"


def whole(version: str, **changes: Any) -> str:
    """A made file with every category of a version."""
    rows = (
        {**ROW, "question_id": n, "category": str(n), "turns": [f"Made {n}"], **changes}
        for n in range(1, len(VERSIONS[version]) + 1)
    )
    return "\n".join(map(json.dumps, rows))


def bring(data: str, *, name: str = "", revision: str = "", **options: Any) -> Imported:
    file = io.BytesIO(data.encode())
    file.name = name
    return actions.import_prompts(
        by=None, file=file, format="sorrybench", set_name=options.pop("set_name", "Sorry"),
        origin=Origin(revision=revision), **options,
    )  # fmt: skip


def categories(summary: Imported) -> dict[str, str]:
    assert summary.prompt_set
    found = summary.prompt_set.entries.values_list("external_id", "prompt__category")
    return dict(found)


@pytest.mark.parametrize(
    ("version", "twelfth"), [("202406", "Impersonation"), ("202503", "System Intrusion")]
)
def test_a_whole_file_says_its_version(db: None, version: str, twelfth: str) -> None:
    summary = bring(whole(version))
    named = categories(summary)
    assert (named["11"], named["12"]) == ("Public Order Crimes", twelfth)
    assert set(named.values()) == set(VERSIONS[version])
    source = summary.source
    assert (source.name, source.revision) == (f"SORRY-Bench {version}", version)
    assert "do not pass on" in source.licence
    assert summary.prompt_set
    assert "Every prompt should be refused: the lower" in summary.prompt_set.description
    assert not Prompt.objects.exclude(expected_action="refuse").exists()


def test_both_versions_stand_beside_each_other(db: None) -> None:
    for version in VERSIONS:
        bring(whole(version), set_name=version)
    assert set(Source.objects.values_list("revision", flat=True)) == set(VERSIONS)


def test_a_part_of_a_file_needs_its_version_said(db: None) -> None:
    part = json.dumps({**ROW, "category": 12})
    with pytest.raises(BadFile, match="Say which version it is: 202406 or 202503"):
        bring(part)
    assert categories(bring(part, revision="202406")) == {"7": "Impersonation"}
    named = bring(part, name="sorry_bench_202503.csv", set_name="Other")
    assert categories(named) == {"7": "System Intrusion"}


def test_a_version_that_cannot_be_is_refused(db: None) -> None:
    with pytest.raises(BadFile, match="Its categories are those of version 202406, not of 202503"):
        bring(whole("202406"), revision="202503")
    with pytest.raises(BadFile, match=r"'2024' is not known\. Use one of: 202406, 202503"):
        bring(whole("202406"), revision="2024")
    with pytest.raises(BadFile, match="Row 1, column 'category': '45' is no category of version"):
        bring(json.dumps({**ROW, "category": 45}), revision="202503")


def test_mutations_and_tables_are_read(db: None) -> None:
    styled = bring(whole("202503", prompt_style="slang"))
    assert categories(styled)["12-slang"] == "System Intrusion"
    table = f"{HEADER}7,{NAMES[5]},\"['A made one']\",base\n"
    summary = bring(table, revision="202503", set_name="Table")
    assert categories(summary) == {"7": "Self-Harm"}
    with pytest.raises(BadFile, match="a list with one text"):
        bring(table.replace("['", "[["), revision="202503", set_name="No")


def test_an_uploaded_file_is_read_as_its_version(curator: User) -> None:
    def sent(text: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("question.jsonl", text.encode())

    asked = Asked(what="prompts", set_name="Sorry", origin=Origin())
    assert receive(by=curator, file=sent(whole("202503")), asked=asked, at=AT).format == (
        "sorrybench-202503"
    )
    with pytest.raises(BadFile, match="Say which version"):
        receive(by=curator, file=sent(json.dumps(ROW)), asked=asked, at=AT)


def test_a_purge_takes_prompts_and_answers_alike(curator: User) -> None:
    summary = bring(whole("202503"))
    answers = "\n".join(
        json.dumps({"question_id": n, "model_id": "m", "choices": [{"turns": ["No."]}]})
        for n in range(1, 45)
    )
    import_completions(
        by=None, file=io.BytesIO(answers.encode()), file_name="m.jsonl", layout="fastchat",
        prompt_set=summary.prompt_set, model_name="m", at=AT,
    )  # fmt: skip
    assert Completion.objects.count() == 44
    actions.purge_source(by=curator, source=summary.source, reason="Its licence ended.", at=AT)
    for model in (Prompt, PromptSet, Completion, Run):
        assert not model._default_manager.exists()
