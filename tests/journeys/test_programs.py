"""The same journeys by REST and by command, as programs of the project take them."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generation.models import Condition, LanguageModel, Run
from tests.corpus.made import prompt_set
from tests.journeys.conftest import Worker
from tests.journeys.programs import get, post, prepare
from tests.stub_server import StubServer

pytestmark = pytest.mark.django_db(transaction=True)
N = 6


@pytest.fixture(autouse=True)
def spring(transactional_db: None) -> None:
    prompt_set(N, name="Spring prompts")


def test_a_program_does_the_same_by_rest(stub_server: StubServer, worker: Worker) -> None:
    client = prepare(stub_server)
    body = {
        "prompt_set": "spring-prompts",
        "model": LanguageModel.objects.get().pk,
        "condition": Condition.objects.get(name="informed").pk,
    }
    run = post(client, "runs", **body, replicates=2)
    assert post(client, f"runs/{run['id']}/cancel")["state"] == "cancelled"
    worker.work()
    assert not stub_server.requests
    assert post(client, f"runs/{run['id']}/resume")["state"] == "pending"
    worker.work()
    told = get(client, f"runs/{run['id']}")
    assert told["state"] == "done"
    assert told["progress"] == {"pending": 0, "running": 0, "done": 2 * N, "failed": 0}
    answers = get(client, "completions", run=run["id"], state="done")["results"]
    assert len(answers) == 2 * N
    assert all(row["text"] and row["provenance"] for row in answers)


def test_the_commands_do_the_same(stub_server: StubServer, capsys: Any) -> None:
    prepare(stub_server)
    for condition in ("baseline", "informed"):
        words = ["--set", "spring-prompts", "--model", "stub-model", "--condition", condition]
        call_command("generate", *words, "--wait")
        assert f"Done: {N} answered, 0 failed." in capsys.readouterr().out
    assert list(Run.objects.values_list("state", flat=True)) == ["done", "done"]


def test_a_command_names_what_it_does_not_know(stub_server: StubServer) -> None:
    prepare(stub_server)
    words = ["--set", "spring-prompts", "--model", "stub-model", "--condition", "informal"]
    with pytest.raises(CommandError, match="informed"):
        call_command("generate", *words)
