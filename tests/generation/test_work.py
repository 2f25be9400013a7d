"""Rows are worked off exactly once, whatever the server does and whoever is killed."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from gate.text import digest
from generation import actions
from generation.messages import Sampling
from generation.models import Completion, LanguageModel, Run
from generation.queue import State
from tests import stub_server as stub
from tests.corpus.made import prompt_set
from tests.generation import made

pytestmark = pytest.mark.django_db

LATER = made.AT + timedelta(minutes=10)


def states(run: Run) -> Counter[str]:
    return Counter(run.completions.values_list("state", flat=True))


def test_a_run_ends_with_every_row_answered_once(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=12, replicates=2)
    assert made.shift(run).run() == "done"
    assert states(run) == {"done": 24}
    assert len(stub_server.requests) == 24
    run.refresh_from_db()
    assert run.started_at and run.finished_at and not run.last_error


def test_a_bad_server_costs_retries_and_no_rows(stub_server: Any) -> None:
    stub_server.script(
        stub.too_many(retry_after=0),
        stub.fails(500),
        stub.broken_json(),
        stub.drops(),
        stub.slow(0.05),
        stub.fails(502),
        stub.returns({"choices": []}),
    )
    run = made.run(stub_server.url, n=30)
    assert made.shift(run).run() == "done"
    assert states(run) == {"done": 30}
    assert len(stub_server.requests) == 30 + 6


def test_an_answer_says_what_it_came_from(stub_server: Any) -> None:
    stub_server.version = "0.33.0"
    stub_server.always(stub.reasons("I will not.", "They may be in danger."))
    run = made.run(stub_server.url, n=1, replicates=2)
    made.shift(run).run()
    first, second = run.completions.order_by("replicate")
    assert (first.text, first.reasoning) == ("I will not.", "They may be in danger.")
    assert first.digest == second.digest
    assert first.n_completion_tokens == 3 and first.finish_reason == "stop"
    told = first.provenance
    assert told["served_name"] == told["answered_by"] == "stub-model"
    assert told["revision"] == "abc123" and told["engine"] == "vllm 0.33.0"
    left_to_the_server = dict.fromkeys(
        ("top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "stop")
    )
    sent = {"temperature": 0.0, "top_p": 1.0, "max_tokens": 1024, "seed": 0}
    assert told["sampling"] == sent | left_to_the_server
    assert told["chat_template_options"] == {} and told["enable_thinking"] is None
    assert (told["replicate"], second.provenance["replicate"]) == (1, 2)
    assert told["system_fingerprint"] == "fp_stub" and told["adapter_digest"] == ""
    assert told["messages_digest"] == digest(stub_server.requests[0]["messages"])
    assert (told["seed"], second.provenance["seed"]) == (0, 1)
    assert told["system_prompt_digest"] == run.condition.system_prompt_digest
    assert stub_server.requests[0]["messages"][0] == {"role": "system", "content": "Be kind."}


def test_an_answer_of_an_adapter_says_which_one_and_how_its_template_was_set(
    stub_server: Any,
) -> None:
    base = made.model(stub_server.url)
    tuned = LanguageModel.objects.create(
        name="tuned", base=base, adapter_path="adapters/a", adapter_digest="d" * 64,
        served_name="stub-model", endpoint=base.endpoint,
    )  # fmt: skip
    quiet = actions.make_condition(
        by=None, name="quiet", system_prompt="", sampling=Sampling(), thinking=False
    )
    run = actions.start_run(
        by=None, prompt_set=prompt_set(1), model=tuned, condition=quiet, at=made.AT
    )
    assert made.shift(run).run() == "done"
    told = run.completions.get().provenance
    assert (told["base"], told["base_revision"]) == ("made-model", "abc123")
    assert told["adapter_digest"] == "d" * 64 and told["model"] == "tuned"
    assert told["chat_template_options"] == {"enable_thinking": False}
    assert stub_server.requests[0]["chat_template_kwargs"] == told["chat_template_options"]


def test_a_conversation_that_the_server_refuses_fails_alone(stub_server: Any) -> None:
    stub_server.script(stub.fails(400, "The context is too long."))
    run = made.run(stub_server.url, n=5)
    assert made.shift(run).run() == "done"
    assert states(run) == {"done": 4, "failed": 1}
    failed = run.completions.get(state="failed")
    assert failed.error == "The server answers 400: The context is too long."


def test_a_run_of_which_nothing_succeeded_has_failed(stub_server: Any) -> None:
    stub_server.always(stub.fails(400, "No such field."))
    run = made.run(stub_server.url, n=3)
    assert made.shift(run).run() == "failed"
    run.refresh_from_db()
    assert run.last_error == "The server answers 400: No such field."


def test_a_server_that_is_down_leaves_the_run_whole_with_the_reason() -> None:
    run = made.run("http://127.0.0.1:9", n=4)
    assert made.shift(run).run() == "failed"
    run.refresh_from_db()
    assert "cannot be reached" in run.last_error
    assert states(run) == {"pending": 4}
    assert not run.completions.exclude(attempts=0).exists()


def test_a_wrong_key_stops_the_run_instead_of_failing_every_row(stub_server: Any) -> None:
    stub_server.always(stub.fails(401, "Invalid key."))
    run = made.run(stub_server.url, n=20)
    assert made.shift(run).run() == "failed"
    run.refresh_from_db()
    assert run.last_error == "The server answers 401: Invalid key."
    assert states(run)["failed"] == 0
    stub_server.reset()
    assert actions.resume(by=None, job=run, at=LATER)
    assert made.shift(run).run() == "done"
    assert states(run) == {"done": 20}


def test_a_missing_key_is_said_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made.endpoint(api_key_variable="MADE_API_KEY")
    run = made.run(n=2)
    assert made.shift(run).run() == "failed"
    run.refresh_from_db()
    assert "set MADE_API_KEY in the environment" in run.last_error
    assert states(run) == {"pending": 2}


def test_the_key_is_read_from_the_environment_when_it_is_used(
    stub_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADE_API_KEY", "sesame")
    made.endpoint(stub_server.url, api_key_variable="MADE_API_KEY")
    made.answered(1, url=stub_server.url)
    assert stub_server.headers[0]["Authorization"] == "Bearer sesame"
    assert "sesame" not in str(Completion.objects.values())


def test_a_cancel_stops_the_shift_and_a_resume_finishes_the_rest(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=160)

    def cancel_midway() -> None:
        if states(run)["done"] == 10:
            actions.cancel(by=None, job=run, at=made.AT)

    assert made.shift(run, on_row=cancel_midway).run() == "cancelled"
    counts = states(run)
    assert counts["running"] == 0 and 10 <= counts["done"] < 160 and counts["pending"] > 0
    run.refresh_from_db()
    assert actions.resume(by=None, job=run, at=LATER) == counts["pending"]
    assert made.shift(run).run() == "done"
    assert states(run) == {"done": 160}
    assert len(stub_server.requests) < 160 + 2 * 8


def test_a_shift_whose_time_is_up_finishes_what_it_took_and_rings(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(stub_server.url, n=20)
    assert made.answer_bell(run)
    with django_capture_on_commit_callbacks(execute=True):
        state = made.shift(run, limits=made.limits(draw_s=-1.0)).run_and_ring()
    assert state == "running" and states(run) == {"pending": 20}
    run.refresh_from_db()
    # One to invite another worker, one to go on: the same message, which is answered once.
    assert set(bells) == {("generation.tasks.generate", run.pk, run.bell)}


def test_a_late_finish_of_a_worker_that_lost_its_lease_keeps_nothing(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=1)
    (row,) = run.completions.claim(worker="a", at=made.AT, limit=5)
    actions.sweep(at=LATER)
    (again,) = run.completions.claim(worker="b", at=LATER, limit=5)
    assert again.pk == row.pk and again.attempts == 2
    kept = {"state": State.DONE, "text": "late", "digest": "d"}
    assert not Completion.objects.finish(row.pk, worker="a", **kept)
    assert Completion.objects.finish(row.pk, worker="b", **{**kept, "text": "in time"})
    assert not Completion.objects.finish(row.pk, worker="b", **kept)
    assert run.completions.get().text == "in time"


def test_rows_are_loaded_with_their_prompts(
    stub_server: Any, django_assert_num_queries: Any
) -> None:
    run = made.run(stub_server.url, n=20)
    with django_assert_num_queries(3):
        rows = run.completions.select_related("prompt").claim(worker="a", at=made.AT, limit=20)
        assert all(row.prompt.messages for row in rows)


def test_a_failed_job_that_another_worker_finished_is_done(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=2)
    made.shift(run).run()
    Run.objects.filter(pk=run.pk).update(state="failed", last_error="One worker met trouble.")
    from generation.actions import jobs

    run.refresh_from_db()
    assert jobs.settle(run, run.completions.all(), at=LATER) == "done"


def test_of_two_who_want_the_same_rows_one_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made.run(n=3)
    update = QuerySet.update
    got: dict[str, list[Completion]] = {}

    def be_second(self: Any, **values: Any) -> int:
        if values.get("claimed_by") == "slow":
            # Another worker comes between the look and the claim.
            monkeypatch.setattr(QuerySet, "update", update)
            got["quick"] = run.completions.claim(worker="quick", at=made.AT, limit=2)
        return update(self, **values)

    monkeypatch.setattr(QuerySet, "update", be_second)
    got["slow"] = run.completions.claim(worker="slow", at=made.AT, limit=2)
    assert len(got["quick"]) == 2 and got["slow"] == []
    assert run.completions.filter(claimed_by="quick").count() == 2
    assert run.completions.waiting().count() == 1
