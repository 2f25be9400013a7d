"""A run that plays turns: the model answers each in its own conversation, and no turn is lost."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command

from corpus import actions as corpus_actions
from corpus.conversation import content_digest
from corpus.models import Prompt, PromptSet
from generation import actions
from generation.conversation import played, script
from generation.models import Completion, Run
from generation.work import work_off
from tests import stub_server as stub
from tests.generation import made

pytestmark = pytest.mark.django_db

SCRIPT = [
    {"role": "user", "content": "Nobody listens to me."},
    {"role": "assistant", "content": "This was said by somebody else."},
    {"role": "user", "content": "And at home?"},
    {"role": "assistant", "content": "So was this."},
    {"role": "user", "content": "What now?"},
]


def scripts(n: int) -> PromptSet:
    """Prompts of three turns of a person each."""
    said = [[{"role": "user", "content": f"Number {k}."}, *SCRIPT[1:]] for k in range(n)]
    prompts = [Prompt(messages=each, digest=content_digest(each)) for each in said]
    made_of = Prompt.objects.bulk_create(prompts)
    return corpus_actions.make_prompt_set(by=None, name="Scripts", prompts=made_of)


def run_of(url: str, n: int = 1, **rest: Any) -> Run:
    return made.run(url, prompts=scripts(n), plays_turns=True, **rest)


def test_the_model_answers_each_turn_in_its_own_conversation(stub_server: Any) -> None:
    stub_server.script(stub.says("One."), stub.says("Two."), stub.says("Three."))
    run = run_of(stub_server.url)
    assert made.shift(run).run() == "done"
    last = stub_server.requests[-1]["messages"]
    assert [each["content"] for each in last] == [
        *("Be kind.", "Number 0.", "One.", "And at home?", "Two.", "What now?"),
    ]
    row = run.completions.get()
    assert row.text == "Three." and [turn["text"] for turn in row.trajectory] == [
        *("One.", "Two.", "Three."),
    ]
    assert [turn["said"] for turn in row.trajectory] == ["Number 0.", *script(SCRIPT)[1:]]
    assert row.conversation[-1] == {"role": "user", "content": "What now?"}
    assert row.provenance["n_turns"] == 3 and row.attempts == 1


def test_tokens_are_summed_and_the_worst_end_is_kept(stub_server: Any) -> None:
    cut = stub.says("Cut in", finish_reason="length")
    stub_server.script(stub.says("One."), cut, stub.says("Three."))
    run = run_of(stub_server.url)
    made.shift(run).run()
    row = run.completions.get()
    assert row.n_completion_tokens == 4
    asked = [turn["n_prompt_tokens"] for turn in row.trajectory]
    assert row.n_prompt_tokens == sum(asked) and asked == sorted(asked)
    assert [turn["finish_reason"] for turn in row.trajectory] == ["stop", "length", "stop"]
    assert row.marks == ["cut by length"]


def test_many_scripts_are_played_side_by_side_to_their_ends(stub_server: Any) -> None:
    stub_server.always(stub.slow(0.02))
    run = run_of(stub_server.url, 12)
    assert made.shift(run).run() == "done"
    assert len(stub_server.requests) == 36 and stub_server.most_in_flight == 8
    assert {len(row.trajectory) for row in run.completions.all()} == {3}


def test_a_worker_that_dies_between_turns_loses_none_that_was_kept(stub_server: Any) -> None:
    run = run_of(stub_server.url, 4)
    n_turns = 0

    def die() -> None:
        nonlocal n_turns
        n_turns += 1
        if n_turns == 5:
            raise RuntimeError("killed")

    shift = made.shift(run)
    place = shift.open_place(run.model, lambda: False)
    with pytest.raises(RuntimeError, match="killed"):
        work_off(shift.work, place.client(), worker="a", limits=made.limits(), on_row=die)
    kept = sum(len(row.trajectory) for row in run.completions.all())
    n_asked = len(stub_server.requests)
    assert kept == 5
    assert set(run.completions.values_list("state", flat=True)) == {"pending"}
    assert made.shift(run).run() == "done"
    assert len(stub_server.requests) - n_asked == 12 - kept
    assert set(run.completions.values_list("attempts", flat=True)) == {1}


def test_a_turn_that_is_finished_late_is_not_kept() -> None:
    run = run_of("http://127.0.0.1:9")
    (row,) = run.completions.claim(worker="a", at=made.AT, limit=1)
    assert not Completion.objects.hand_on(row.pk, worker="b", trajectory=[{"text": "late"}])
    assert Completion.objects.hand_on(row.pk, worker="a", trajectory=[{"text": "in time"}])
    row.refresh_from_db()
    assert (row.state, row.attempts, row.trajectory) == ("pending", 0, [{"text": "in time"}])


def test_a_prompt_of_which_no_person_speaks_cannot_be_played(monkeypatch: Any) -> None:
    prompts = scripts(2)
    monkeypatch.setattr("generation.actions.runs.script", lambda _: [])
    with pytest.raises(actions.Refusal, match=r"2 prompts of .* have no turn of a person"):
        made.run(prompts=prompts, plays_turns=True)
    assert not Run.objects.exists()


def test_a_system_turn_of_the_prompt_stays_first() -> None:
    said = [{"role": "system", "content": "Be brief."}, *SCRIPT]
    roles = Counter(each["role"] for each in played(said, [{"text": "One."}]))
    assert roles == {"system": 1, "user": 2, "assistant": 1}
    assert played(said, [])[0]["content"] == "Be brief."


def test_turns_are_played_from_the_command_line(stub_server: Any) -> None:
    prompts, model, condition = scripts(2), made.model(stub_server.url), made.condition()
    named = ["--set", prompts.slug, "--model", model.name, "--condition", condition.name]
    call_command("generate", *named, "--play-turns", "--wait")
    assert Run.objects.get().plays_turns and len(stub_server.requests) == 6
