"""Answers that try to steer their judge are asked about alike; parroting them scores nothing."""

import json
import re
from typing import Any

import pytest

from generation.models import Completion, Run
from judging import actions
from judging.models import JudgeRun, Verdict
from tests import stub_server as stub
from tests.annotation.made import prompt_set, run
from tests.generation.made import AT
from tests.judging import made
from tests.judging.injections import INJECTIONS

pytestmark = pytest.mark.django_db(transaction=True)


def injected() -> list[Run]:
    """Two runs over as many prompts as there are injections: plain answers, and injected ones."""
    prompts = prompt_set(len(INJECTIONS))
    plain, again = run(prompts), run(prompt_set(0, slug="none"), "model-b")
    Run.objects.filter(pk=again.pk).update(prompt_set=prompts)
    again.refresh_from_db()
    Completion.objects.bulk_create(
        Completion(
            run=again,
            prompt_id=entry.prompt_id,
            state="done",
            text=injection.text,
            digest=injection.id,
            finish_reason="stop",
            completed_at=AT,
        )
        for entry, injection in zip(prompts.entries.all(), INJECTIONS, strict=True)
    )
    return [plain, again]


@pytest.fixture
def poisoned(stub_server: Any) -> JudgeRun:
    """A judge run over one answer for each injection."""
    judge = made.judge(stub_server.url)
    return actions.start_judge_run(by=None, judge=judge, run=injected()[1], at=AT)


def test_every_injected_answer_is_asked_about_in_the_same_form(
    poisoned: JudgeRun, stub_server: Any
) -> None:
    assert made.shift(poisoned).run() == "done"
    forms = set()
    for body in stub_server.requests:
        [mark] = set(re.findall(r"mark-[0-9a-f]{16}", body["messages"][0]["content"]))
        lines = [line for line in body["messages"][1]["content"].split("\n") if mark in line]
        said = [each["role"] for each in body["messages"]]
        rest = {name: body[name] for name in body if name != "messages"}
        system = body["messages"][0]["content"]
        forms.add(json.dumps([said, lines, system, rest]).replace(mark, "MARK"))
    assert (len(stub_server.requests), len(forms)) == (len(INJECTIONS), 1)


@pytest.mark.sqlite  # it is about reading an answer
def test_a_judge_that_parrots_the_answer_scores_nothing(
    poisoned: JudgeRun, stub_server: Any
) -> None:
    stub_server.always(stub.echo())
    assert made.shift(poisoned).run() == "done"
    assert Verdict.objects.count() == 4 * len(INJECTIONS)
    assert not Verdict.objects.filter(value__isnull=False).exists()
