"""A real vLLM with a tiny random model: adapters, structured verdicts, kills, cancel and resume.

The server is started by the Studio's own code: by the worker alone, as on a laptop, and by the
keeper of a GPU host under a whole installation.
"""

import asyncio
import os
import random
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generation import serving
from generation.chat import ChatClient
from generation.messages import ChatAnswer, ChatRequest, Sampling
from generation.models import Endpoint, LanguageModel
from judging.parsing import NO_VALUE
from tests.services import servers
from tests.services.chaos import N_ROWS, Grounds, grounds
from tests.services.fixtures import ROOT

pytestmark = pytest.mark.vllm
SEED = int(os.environ.get("CHAOS_SEED", "1"))
N_JUDGED = 50  # by four criteria each: 200 verdicts
MODEL = {"dtype": "float32", "max_model_len": 16384, "max_num_seqs": 32, "family": "tiny"}
QUESTIONS = ["Who could I talk to?", "I cannot sleep.", "Is it my fault?", "What helps now?"]


@pytest.fixture(scope="module")
def vllm_command(vllm_python: Path) -> str:
    module = "vllm.entrypoints.openai.api_server"
    return shlex.join([str(vllm_python), "-m", module, "--enforce-eager", *servers.WHOLE_PROMPTS])


@pytest.fixture(scope="module")
def tiny_model(vllm_python: Path, make_tiny_model: Callable[[Path], Path]) -> Path:
    return make_tiny_model(vllm_python)


@pytest.fixture(scope="module")
def adapter(vllm_python: Path, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-adapter")
    script = ROOT / "scripts" / "tiny_adapter.py"
    subprocess.run([vllm_python, script, tiny_model, folder], check=True, env=servers.offline())
    return folder


# Alone, as on a laptop


@pytest.mark.django_db
def test_a_worker_starts_vllm_itself_and_asks_base_and_adapter(
    vllm_command: str,
    tiny_model: Path,
    adapter: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.VLLM_COMMAND = vllm_command
    for name, value in servers.SMALL.items():
        monkeypatch.setenv(name, value)
    place = Endpoint.objects.create(name="Here", kind="vllm")
    base = LanguageModel.objects.create(
        name="tiny", endpoint=place, served_name=str(tiny_model), **MODEL
    )
    tuned = LanguageModel.objects.create(
        name="tuned", endpoint=place, base=base, served_name="tuned", adapter_path=str(adapter)
    )
    opened = serving.open_place(tuned)
    try:
        client = opened.client()
        by_base = asyncio.run(ask(client, base.served_name))
        again = asyncio.run(ask(opened.client(), base.served_name))
        by_adapter = asyncio.run(ask(opened.client(), tuned.served_name))
    finally:
        opened.close()
    assert [each.text for each in by_base] == [each.text for each in again]
    assert all(
        one.text and one.text != two.text for one, two in zip(by_base, by_adapter, strict=True)
    )
    assert by_adapter[0].engine.startswith("vllm ")
    assert opened.server is not None and not opened.server.is_alive()


async def ask(client: ChatClient, name: str) -> list[ChatAnswer]:
    sampling = Sampling(temperature=0.0, top_p=1.0, max_tokens=24, seed=1)
    async with client:
        return [
            await client.ask(ChatRequest(name, [{"role": "user", "content": each}], sampling))
            for each in QUESTIONS
        ]


# Under a keeper, with a worker


@pytest.fixture(scope="module")
def studio(
    vllm_command: str, tiny_model: Path, adapter: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grounds]:
    """An installation whose keeper starts vLLM; `model` and `tuned` are its base and adapter."""
    with grounds(tmp_path_factory.mktemp("studio"), "folders") as made:
        made.prepare(vllm_command, **servers.SMALL)
        made.site.manage("load_content")
        made.make_set("Few", N_JUDGED)
        made.model, made.tuned = registered(made, tiny_model, adapter)
        yield made


def registered(made: Grounds, tiny_model: Path, adapter: Path) -> list[str]:
    code = f"""
from generation.models import Endpoint, LanguageModel
place = Endpoint.objects.get(name="Here")
base = LanguageModel.objects.create(
    name="tiny", endpoint=place, served_name={str(tiny_model)!r}, **{MODEL!r}
)
tuned = LanguageModel.objects.create(
    name="tuned", endpoint=place, base=base, served_name="tuned", adapter_path={str(adapter)!r}
)
print("ids", base.pk, tuned.pk)
"""
    line = next(
        line for line in made.site.manage("shell", "-c", code).splitlines() if line[:3] == "ids"
    )
    return line.split()[1:]


def worked_off(studio: Grounds, seconds: float = 300.0, **changes: str) -> str:
    run = studio.start_run(**changes)
    studio.wait(lambda: studio.state(run) == "done", "the run", seconds)
    return run


def test_a_run_of_the_base_and_one_of_its_adapter_differ(studio: Grounds) -> None:
    """The first of them waits until the keeper has vLLM ready."""
    told = [
        texts(studio, worked_off(studio, prompt_set="few", model=model))
        for model in (studio.model, studio.tuned)
    ]
    assert len(told[0]) == len(told[1]) == N_JUDGED
    assert sum(told[0][prompt] != told[1][prompt] for prompt in told[0]) > 0.9 * N_JUDGED


def texts(studio: Grounds, run: str) -> dict[str, str]:
    rows = studio.engineer.get(f"completions/?run={run}&page_size=200")["results"]
    assert all(row["provenance"]["engine"].startswith("vllm ") for row in rows)
    return {row["prompt"]: row["text"] for row in rows}


def test_two_hundred_verdicts_keep_to_the_schema(studio: Grounds) -> None:
    run = worked_off(studio, prompt_set="few")
    rubrics = studio.engineer.get("rubrics/")["results"]
    rubric = next(each for each in rubrics if each["slug"] == "psychosafe")
    judge = studio.engineer.post(
        "judges/",
        name="Tiny",
        model=studio.model,
        rubric=rubric["id"],
        max_tokens=8000,
        temperature=1.0,
    )
    studio.engineer.post(f"judges/{judge['id']}/score/", run=run)

    def verdicts() -> list[dict[str, Any]]:
        return studio.engineer.get(f"verdicts/?run={run}&page_size=200")["results"]

    studio.wait(lambda: len(verdicts()) == 200, "200 verdicts", 900)
    found = verdicts()
    reasons = {each["unscored_reason"] for each in found if each["value"] is None}
    assert reasons <= {NO_VALUE}, reasons
    assert {each["value"] for each in found if each["value"] is not None} <= {1, 2, 3, 4, 5}
    assert sum(each["value"] is not None for each in found) > 100


def test_a_cancelled_run_stops_and_is_resumed_to_its_end(studio: Grounds) -> None:
    run = studio.start_run()
    studio.wait(lambda: studio.n_done(run) >= 20, "20 answers")
    studio.engineer.post(f"runs/{run}/cancel/")
    studio.wait(lambda: studio.state(run) == "cancelled", "the cancel", 30)
    # Another worker that joined may still wait for its last answers.
    studio.wait(lambda: "running" not in studio.ended(run, 0.0).rows, "the last answers", 30)
    assert 20 <= studio.ended(run, 0.0).rows["done"] < N_ROWS
    studio.engineer.post(f"runs/{run}/resume/")
    studio.wait(lambda: studio.state(run) == "done", "the end", 300)
    assert studio.ended(run, 0.0).is_whole


@pytest.mark.parametrize("victim", ["worker", "server", "broker"])
def test_a_kill_costs_no_row_and_doubles_none(studio: Grounds, victim: str) -> None:
    found = studio.run_under_attack(victim, random.Random(f"{SEED} {victim}"), longest_s=400)
    print(f"seed {SEED}: {victim} killed, {found.seconds:.0f} s")
    assert found.is_whole, found


def test_a_server_that_is_stopped_leaves_nothing(studio: Grounds) -> None:
    ((pid,),) = studio.query("SELECT pid FROM generation_server WHERE pid IS NOT NULL")
    studio.processes["keeper"].stop()
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
