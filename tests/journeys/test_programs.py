"""The same journeys by REST and by command, as programs of the project take them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generation.models import Condition, LanguageModel, Run
from tests.corpus.made import domain, prompt_set, strategy
from tests.journeys.conftest import Worker
from tests.journeys.programs import (
    CONDITIONS,
    MODEL,
    answered,
    get,
    open_study,
    post,
    prepare,
    program,
    rate_all,
)
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
        "condition": Condition.objects.get(name="quartz").pk,
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
    for condition in CONDITIONS:
        words = ["--set", "spring-prompts", "--model", MODEL, "--condition", condition]
        call_command("generate", *words, "--wait")
        assert f"Done: {N} answered, 0 failed." in capsys.readouterr().out
    assert list(Run.objects.values_list("state", flat=True)) == ["done", "done"]


def test_a_pair_is_written_sent_back_and_approved_by_rest(db: None) -> None:
    strategy("motivational-interviewing", fits=domain("violence"))
    author, reviewer = program("author"), program("reviewer")
    draft = post(author, "pairs", expected_action="refuse", domain="violence")
    place = f"versions/{draft['id']}"
    saved = author.put(
        f"/api/v1/{place}/",
        {
            "lock_version": draft["lock_version"],
            "messages": [{"role": "user", "content": "He laughed at me."}],
            "strategy": "motivational-interviewing",
            "response": "I will not help with that. What did the laughing do to you?",
        },
        content_type="application/json",
    )
    assert saved.status_code == 200, saved.content
    assert post(author, f"{place}/submit")["status"] == "in_review"
    assert author.post(f"/api/v1/{place}/approve/").status_code == 403
    post(reviewer, f"{place}/comment", body="Which step is this?")
    told = post(reviewer, f"{place}/request-changes", reason="Stay with the laughing.")
    assert told["status"] == "changes_requested"


def test_findings_and_files_come_by_rest_and_by_command(
    stub_server: StubServer, worker: Worker, capsys: Any, tmp_path: Path
) -> None:
    runs = answered(stub_server, worker, N)
    study = open_study(runs)["id"]
    assert [rate_all(study, leans=leans) for leans in (0, 1)] == [N, N]
    engineer, curator = program(), program("curator")
    model = get(engineer, "models")["results"][0]["id"]
    rubric = get(engineer, "rubrics")["results"][0]["id"]
    judge = post(engineer, "judges", name="Panel judge", model=model, rubric=rubric)
    post(engineer, f"judges/{judge['id']}/score", run=runs[0])
    worker.work()
    call_command("judge", "--run", runs[1], "--judge", "Panel judge", "--wait")

    agreement = get(curator, f"studies/{study}/agreement")
    assert agreement["n_ratings"] == 2 * 2 * N * 4
    for line in agreement["criteria"]:
        assert line["alpha_ci"] is None or len(line["alpha_ci"]) == 2
        assert [beside["judge"] for beside in line["judges"]] == ["Panel judge"]
    compared = get(curator, "comparisons", a=runs[0], b=runs[1], rubric="psychosafe")
    assert len(compared["lines"]) == 4 + 1
    capsys.readouterr()
    call_command("compare", "--a", runs[0], "--b", runs[1], "--rubric", "psychosafe", "--json")
    assert json.loads(capsys.readouterr().out)["headline"] == compared["headline"]

    files = {row["name"]: row["url"] for row in get(curator, "study-files/spring")["files"]}
    by_rest = b"".join(curator.get(files["ratings.csv"]).streaming_content)
    words = ("--study", "spring", "--format", "ratings", "--to", "csv")
    call_command("export", *words, "--out", str(tmp_path))
    assert (tmp_path / "ratings.csv").read_bytes() == by_rest
    values = [row["rater_kind"] for row in csv.DictReader(io.StringIO(by_rest.decode()))]
    assert values.count("human") == 2 * 2 * N * 4
    assert "judge" in values


def test_a_command_names_what_it_does_not_know(stub_server: StubServer) -> None:
    prepare(stub_server)
    words = ["--set", "spring-prompts", "--model", MODEL, "--condition", "granite"]
    with pytest.raises(CommandError, match="basalt, quartz"):
        call_command("generate", *words)
