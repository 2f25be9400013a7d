"""A prompt set, and a judge where one is named, written as a task of Inspect that needs no Studio.

The modules that word the judge's question and read its answer are copied as they stand, so what is
judged there is judged as it is here.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from corpus.models import Prompt, PromptSet, PromptSetEntry
from gate.text import digest
from generation.models import Condition
from judging import prompting
from judging.models import Judge
from judging.sheets import criteria_of, questions_of

HERE = Path(__file__).resolve().parent
TASK = HERE / "inspect_task" / "task.py"
TRANSLATION = HERE / "inspect_task" / "translation.py"
# Nothing here needs more than Python's own library, and of Django what translates.
MODULES = (
    *("annotation/sheets.py", "annotation/branching.py"),
    *("gate/text.py", "judging/markup.py", "judging/prompting.py", "judging/parsing.py"),
)


class CannotExport(Exception):
    """Nothing was written; the message says why."""


def write(
    folder: Path, *, prompt_set: PromptSet, judge: Judge | None, condition: Condition | None
) -> list[Path]:
    """The files that were written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotExport(f"{folder} is there already and is not empty. Name another folder.")
    if judge and judge.kind != Judge.Kind.MODEL:
        raise CannotExport(f"{judge} asks no model about one answer, so Inspect cannot ask it.")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TASK, folder / "task.py")
    _write_prompts(folder / "prompts.jsonl", prompt_set)
    if condition:
        _document(folder / "condition.json", _asked_as(condition))
    if judge:
        _write_judge(folder, judge)
    _document(folder / "about.json", about(prompt_set, judge, condition))
    _copy_modules(folder / "studio")
    (folder / "README.md").write_text(_readme(prompt_set, judge), "utf-8")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_prompts(path: Path, prompt_set: PromptSet) -> None:
    entries = prompt_set.entries.select_related("prompt__domain").order_by("position")
    with path.open("w", encoding="utf-8") as file:
        for row in map(_row, entries.iterator(chunk_size=2_000)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _row(entry: PromptSetEntry) -> dict[str, Any]:
    """Its id is the one that an import of the log finds it by."""
    prompt: Prompt = entry.prompt
    told = {
        "expected_action": prompt.expected_action,
        "language": prompt.language,
        "country": prompt.country,
        "category": prompt.category,
        "domain": prompt.domain.slug if prompt.domain else "",
    }
    return {
        "id": entry.external_id or prompt.pk,
        "messages": [{"role": m["role"], "content": m["content"]} for m in prompt.messages],
        "metadata": {name: value for name, value in told.items() if value},
    }


def _asked_as(condition: Condition) -> dict[str, Any]:
    sampling = {
        "temperature": condition.temperature,
        "top_p": condition.top_p,
        "max_tokens": condition.max_tokens,
        "seed": condition.seed,
    }
    if condition.thinking is not None:
        options = {"chat_template_kwargs": {"enable_thinking": condition.thinking}}
        sampling["extra_body"] = options  # type: ignore[assignment]  # the one that is no number
    return {
        "name": condition.name,
        "system_prompt": condition.system_prompt,
        "sampling": sampling,
    }


def _write_judge(folder: Path, judge: Judge) -> None:
    questions = questions_of(criteria_of(judge.rubric))
    (folder / "judge_prompt.txt").write_text(judge.prompt, "utf-8")
    text = prompting.rubric_text(judge.rubric.intro, questions)
    (folder / "rubric.txt").write_text(text + "\n", "utf-8")
    told = {
        "name": judge.name,
        "rubric": str(judge.rubric),
        "intro": judge.rubric.intro,
        "temperature": judge.temperature,
        "max_tokens": judge.max_tokens,
        "seed": judge.seed,
        "max_asks": judge.max_asks,
        "asks_one_by_one": judge.asks_one_by_one,
        "questions": [asdict(each) for each in questions],
    }
    _document(folder / "judge.json", told)


def about(
    prompt_set: PromptSet, judge: Judge | None, condition: Condition | None
) -> dict[str, Any]:
    """What the folder was made of, by digest."""
    told: dict[str, Any] = {
        "prompt_set": {
            "slug": prompt_set.slug,
            "name": prompt_set.name,
            "digest": prompt_set.digest,
        },
        "modules": {name: digest(_source(name)) for name in MODULES},
    }
    if judge:
        told["judge"] = {
            "name": judge.name,
            "model": judge.asked.name,
            "rubric": judge.rubric.slug,
            "rubric_digest": judge.rubric.digest,
            "prompt_digest": judge.prompt_digest,
        }
    if condition:
        told["condition"] = {
            "name": condition.name,
            "system_prompt_digest": condition.system_prompt_digest,
        }
    return told


def _copy_modules(folder: Path) -> None:
    for name in MODULES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(_source(name), "utf-8")
    utils = folder / "django" / "utils"
    utils.mkdir(parents=True)
    for package in (utils.parent, utils):
        (package / "__init__.py").touch()
    shutil.copyfile(TRANSLATION, utils / "translation.py")


def _source(name: str) -> str:
    return (Path(settings.BASE_DIR) / name).read_text("utf-8")


def _document(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _readme(prompt_set: PromptSet, judge: Judge | None) -> str:
    graded = " --model-role grader=openai-api/here/JUDGE" if judge else ""
    lines = [
        f"# {prompt_set.name} as a task of Inspect",
        "",
        "With `HERE_BASE_URL` (up to `/v1`) and `HERE_API_KEY` in the environment:",
        "",
        f"    inspect eval task.py --model openai-api/here/NAME{graded}",
        "",
        "The answers come back into the Studio with:",
        "",
        f"    manage.py import_completions LOG --set {prompt_set.slug} --model NAME"
        " --format inspect",
        "",
        *_terms(prompt_set),
    ]
    return "\n".join(lines)


def _terms(prompt_set: PromptSet) -> Iterator[str]:
    """Whose prompts these are: not everything may be passed on."""
    prompts = Prompt.objects.filter(entries__prompt_set=prompt_set, source__isnull=False)
    rows = prompts.order_by("source__name").values_list("source__name", "source__licence")
    yield "The prompts are sensitive text about people in distress; keep them with care."
    for name, licence in rows.distinct():
        yield f"- {name}: {licence or 'licence not stated; ask before you pass it on'}"
    yield ""
