"""Answers of a run that played every turn: raters read, and exports hold, what was really said."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import screens
from annotation.models import Study
from exports import sources
from generation.models import Run
from tests import stub_server as stub
from tests.annotation import made as rating
from tests.exports import made
from tests.generation import made as runs
from tests.generation.conftest import bells, own_machine, stub_server
from tests.generation.test_turns import scripts

__all__ = ["bells", "own_machine", "stub_server"]
pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SOMEBODY_ELSE = "This was said by somebody else."


@pytest.fixture
def study(stub_server: Any) -> Study:
    """One script, played under two conditions."""
    prompts = scripts(1)
    return rating.study(runs=[played(stub_server, prompts, name) for name in ("plain", "kind")])


def played(server: Any, prompts: Any, name: str) -> Run:
    server.script(*(stub.says(f"{name} {turn}<|im_end|>") for turn in ("one", "two", "three")))
    run = runs.actions.start_run(
        by=None,
        prompt_set=prompts,
        model=runs.LanguageModel.objects.filter(name="made-model").first()
        or runs.model(server.url),
        condition=runs.condition(name),
        at=runs.AT,
        plays_turns=True,
        rings=False,
    )
    assert runs.shift(run).run() == "done"
    run.refresh_from_db()
    return run


def test_a_rater_reads_each_answers_own_conversation(study: Study, rater: User) -> None:
    screen = screens.of(rating.lease(study, rater))
    assert screen.messages == [{"role": "user", "content": "Number 0."}]
    for shown in screen.answers:
        name = shown.text.split()[0]
        assert [turn["content"] for turn in shown.before] == [
            *(f"{name} one", "And at home?", f"{name} two", "What now?")
        ]
        assert shown.text == f"{name} three"
    assert {shown.text.split()[0] for shown in screen.answers} == {"plain", "kind"}


def test_page_and_program_show_the_turns_that_were_played(
    study: Study, rater: User, signed_in: SignIn
) -> None:
    held = rating.lease(study, rater)
    browser = signed_in(rater)
    page = browser.get(reverse("annotation:rate", args=[study.slug]), follow=True).content.decode()
    assert page.count("And at home?") == 2 and "plain two" in page and "kind two" in page
    assert SOMEBODY_ELSE not in page and "im_end" not in page
    told = browser.get(f"/api/v1/assignments/{held.pk}/").json()
    assert len(told["prompt"]["messages"]) == 1
    assert [len(answer["before"]) for answer in told["answers"]] == [4, 4]
    assert SOMEBODY_ELSE not in str(told)


def test_preferences_hold_the_conversations_that_were_compared(stub_server: Any) -> None:
    prompts = scripts(1)
    arms = [played(stub_server, prompts, name) for name in ("plain", "kind")]
    study = made.rated([{0: "second"}], n=1, runs=arms)
    (table,) = sources.tables(study, "dpo")
    (row,) = table.rows()
    line = dict(zip([column.name for column in table.columns], row, strict=True))
    assert line["prompt"] == [{"role": "user", "content": "Number 0."}]
    for name, arm in (("chosen", "kind"), ("rejected", "plain")):
        said = [turn["content"].removesuffix("<|im_end|>") for turn in line[name]]
        assert said == [f"{arm} one", "And at home?", f"{arm} two", "What now?", f"{arm} three"]
        assert [turn["role"] for turn in line[name]][::2] == ["assistant"] * 3
