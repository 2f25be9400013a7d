"""The exported task holds everything that it needs, and the Studio's own reader unchanged."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from corpus.models import Source
from judging import prompting
from judging.sheets import criteria_of, questions_of
from tests.annotation import made as rating
from tests.generation import made as generating
from tests.judging import made as judging
from training.inspect_export import MODULES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def exported(tmp_path: Path, settings: Any) -> Path:
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    source: Any = Source.objects.create(name="A benchmark", licence="CC-BY-4.0")
    prompts = rating.prompt_set(2, country="DK", expected_action="partial", source=source)
    generating.condition("informed", temperature=0.5)
    judging.judge(name="Panel")
    folder = tmp_path / "task"
    export(set=prompts.slug, judge="Panel", condition="informed", out=folder)
    return folder


def export(**options: Any) -> None:
    call_command("export_inspect", **options, stdout=StringIO())


def test_prompts_go_with_the_ids_by_which_answers_come_back(exported: Path) -> None:
    first = json.loads((exported / "prompts.jsonl").read_text().splitlines()[0])
    assert first["id"] == "1"
    assert first["messages"] == [{"role": "user", "content": "Nobody listens to me, number 1."}]
    assert first["metadata"] == {"expected_action": "partial", "language": "en", "country": "DK"}
    assert "- A benchmark: CC-BY-4.0" in (exported / "README.md").read_text()


def test_how_the_model_is_asked_goes_with_them(exported: Path) -> None:
    told = json.loads((exported / "condition.json").read_text())
    assert told["system_prompt"] == "Be kind." and told["sampling"]["temperature"] == 0.5


def test_the_judges_modules_are_copied_and_need_nothing_else(exported: Path) -> None:
    for name in MODULES:
        assert (exported / "studio" / name).read_bytes() == (ROOT / name).read_bytes()
    code = (
        "import sys; sys.path.insert(0, 'studio')\n"
        "from judging import parsing, prompting\n"
        "print(parsing.last_verdict('{\"criteria\": {}}'))"
    )
    # -S: nothing that is installed is found.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=exported, capture_output=True, text=True
    )
    assert done.stdout.startswith("({'criteria': {}}"), done.stderr


def test_the_questions_make_the_same_rubric_and_schema(exported: Path) -> None:
    """Rebuilt from the file as the task rebuilds them."""
    told = json.loads((exported / "judge.json").read_text())
    rubric = judging.Rubric.objects.get(slug="psychosafe")
    ours = questions_of(criteria_of(rubric))
    assert [row["key"] for row in told["questions"]] == [each.key for each in ours]
    text = prompting.rubric_text(rubric.intro, ours)
    assert (exported / "rubric.txt").read_text() == text + "\n"


def test_a_set_without_a_judge_is_answered_alone(tmp_path: Path) -> None:
    export(set=rating.prompt_set(1).slug, out=tmp_path / "task")
    assert not (tmp_path / "task" / "judge.json").exists()


def test_what_cannot_be_exported_is_refused(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is there already and is not empty"):
        export(set="sample", out=exported)
    judging.rule_judge()
    with pytest.raises(CommandError, match="asks no model about one answer"):
        export(set="sample", judge="A rule", out=tmp_path / "other")
    assert not (tmp_path / "other").exists()
    with pytest.raises(CommandError, match="There is no judge called 'Nobody'"):
        export(set="sample", judge="Nobody", out=tmp_path / "other")
