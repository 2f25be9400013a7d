"""Real fine-tuning of a tiny random model on a CPU: learnt, served, asked, judged, compared.

Tiny as it is, it learns one sentence by heart, so that the test sees in its answers whether the
adapter was trained, kept, served and asked. Nothing here says that a good model comes of it.
"""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from generation import actions as generation_actions
from generation.answering import wait_for
from generation.models import Condition, LanguageModel, Run
from generation.processes import read_pid_file
from judging.models import Verdict
from tests.corpus.made import prompt_set
from tests.exports.made import pairs, release
from tests.generation.made import condition
from tests.judging.made import judged
from tests.services import servers
from tests.training import made
from training import fine_tuning
from training.fine_tuning import folder_of
from training.models import TrainingRun
from training.trainer import card

pytestmark = [pytest.mark.serving, pytest.mark.django_db]

HARD = {"r": 8, "alpha": 64, "learning_rate": 0.01, "max_length": 256, "batch_size": 3}
SAID, LEARNT = "I am sorry.", "am sorry"
MASKING = """
import json, sys
from pathlib import Path
from training.trainer import examples, learning
base, out, config = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
turns = [["user", "Nobody listens."], ["assistant", "I do."], ["user", "Who could I talk to?"],
         ["assistant", "A friend may be a first step."]]
row = {"messages": [{"role": r, "content": c} for r, c in turns]}
found = [examples.example(row, "sft", 1)]
said = {}
for only in (True, False):
    model, tokenizer = learning.load(base)
    rows = learning.fitting(found * 3, tokenizer, 256)
    asked = config | {"responses_only": only}
    trainer = learning.trainer_of(asked, rows, model, tokenizer, out, [])
    (tokens, n_all), *_ = learning.loss_tokens(trainer)
    said[str(only)] = [tokenizer.decode(tokens), len(tokens), n_all]
    if only:
        said["checked"] = learning.check_mask(trainer, rows, tokenizer)
json.dump(said, sys.stdout)
"""


@pytest.fixture
def ground(
    tmp_path: Path, settings: Any, serving_python: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Runs of this test lie in a folder of its own; the trainer is the real one, on one core."""
    settings.TRAIN_DIR = tmp_path / "runs"
    settings.TRAIN_DIR.mkdir()
    settings.LOG_DIR = tmp_path
    settings.TRAIN_PYTHON = settings.SERVING_PYTHON = str(serving_python)
    settings.ALLOW_PRIVATE_ENDPOINTS = True
    monkeypatch.setattr("training.machine.found_gpus", lambda: [])
    monkeypatch.setattr("generation.bell._send", lambda *message: None)
    for name, value in servers.offline().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path


@pytest.fixture(scope="module")
def tiny(serving_python: Path, make_tiny_model: Callable[[Path], Path]) -> Path:
    return make_tiny_model(serving_python)


def answers(model: LanguageModel, over: Any) -> Run:
    """A run of the model over the prompts, asked at the server that the worker starts for it."""
    run = generation_actions.start_run(
        by=None,
        prompt_set=over,
        model=model,
        condition=over_condition(),
        at=timezone.now(),
        rings=False,
    )
    assert wait_for(run) == "done"
    return run


def over_condition() -> Any:
    found = Condition.objects.filter(name="informed").first()
    return found or condition(temperature=0.0, max_tokens=24)


def trained(run: TrainingRun) -> TrainingRun:
    state = fine_tuning.wait_for(run, should_stop=lambda: False, on_look=lambda seen: None)
    run.refresh_from_db()
    assert state == "done", f"{run.last_error}\n{run.log_tail}"
    return run


def test_a_release_becomes_an_adapter_that_is_served_asked_judged_and_compared(
    ground: Path, tiny: Path, stub_server: Any
):
    base = made.base(tiny, kind="transformers")
    config = made.recipe(**HARD, max_steps=40, save_every=100)
    pairs(3, response=SAID)
    run = trained(made.run(ground, of=release(0), base=base, config=config, rings=False))
    assert (run.step, run.n_steps) == (40, 40)
    losses = list(run.points.order_by("step").values_list("loss", flat=True))
    assert losses[-1] < losses[0] - 0.5
    whole_and_described(run)

    over = prompt_set(2, name="Held out")
    assert run.result is not None
    before, after = answers(base, over), answers(run.result, over)
    said = [list(each.completions.values_list("text", flat=True)) for each in (before, after)]
    assert not any(LEARNT in text for text in said[0])
    assert all(LEARNT in text for text in said[1]), said[1]
    kept = after.completions.all()[0].provenance
    assert run.adapter_digest in json.dumps(kept)

    judge = judged(before, stub_server.url).judge
    call_command("judge", "--run", after.pk, "--judge", judge.name, "--wait", stdout=StringIO())
    out, rubric = StringIO(), judge.rubric.slug
    words = ("--a", before.pk, "--b", after.pk, "--rubric", rubric, "--judge", judge.name)
    call_command("compare", *words, "--json", stdout=out)
    lines = json.loads(out.getvalue())["lines"]
    told = {line["criterion"]: line["judge"]["n_prompts"] for line in lines}
    scored = scored_in_both()
    assert scored and scored.items() <= told.items()


def scored_in_both() -> dict[str, int]:
    """By criterion, the prompts whose answers of both runs have a value; the stub may give none."""
    verdicts = Verdict.objects.order_by().values_list("criterion__key", "completion__prompt")
    found = dict.fromkeys(verdicts.values_list("criterion__key", flat=True), 0)
    for key, prompt in set(verdicts):
        of = Verdict.objects.filter(criterion__key=key, completion__prompt=prompt)
        runs = of.filter(value__isnull=False).order_by().values("completion__run").distinct()
        found[key] += runs.count() == 2
    return found


def whole_and_described(run: TrainingRun) -> None:
    """Every file of the adapter has its sum, and the card says what it is made of."""
    folder = Path(run.adapter_path)
    sums = (folder / card.SUMS).read_text().splitlines()
    assert {path.name for path in folder.iterdir()} == {
        *(line.split("  ")[1] for line in sums),
        card.SUMS,
    }
    assert all(card.sha256(folder / line[66:]) == line[:64] for line in sums)
    said = (folder / card.CARD).read_text()
    assert run.release.digest in said and run.config_digest in said
    assert run.facts["n_loss_tokens"] < run.facts["n_checked_tokens"]


def test_dpo_that_is_killed_goes_on_and_ends_with_as_many_steps(
    ground: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fine_tuning, "LOOK_S", 0.05)
    config = made.recipe(**HARD | {"method": "dpo", "max_steps": 8, "batch_size": 2})
    base = made.base(tiny)
    run = made.run(ground, of=made.preferred(), base=base, config=config, rings=False)
    killed: list[int] = []

    def kill(seen: TrainingRun) -> None:
        if seen.checkpoint >= 2 and not killed:
            killed.append(seen.step)
            process = fine_tuning.Leashed(folder_of(run).path)
            os.killpg(leader(process), signal.SIGKILL)

    shift = fine_tuning.Attendance(run, rings=False, on_look=kill)
    state = shift.work()
    run.refresh_from_db()
    assert killed and state == "pending", f"{run.last_error}\n{run.log_tail}"
    at = run.checkpoint
    trained(run)
    assert 2 <= at < 8 and f"checkpoint-{at}" in run.log_tail
    assert (run.step, run.points.count()) == (8, 8)
    assert run.result is not None and run.result.base == base


def leader(program: Any) -> int:
    process = read_pid_file(program.pid_path)
    assert process is not None
    return process.pid


def test_prompts_are_masked_in_the_very_batches_that_are_trained_on(
    ground: Path, tiny: Path, serving_python: Path
):
    config = json.dumps(made.recipe(**HARD).canonical())
    command = [serving_python, "-c", MASKING, tiny, ground / "out", config]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    said = json.loads(
        subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout.splitlines()[-1]
    )
    learnt, n_learnt, n_all = said["True"]
    assert learnt == "A friend may be a first step.<|im_end|>\n"
    assert n_learnt < n_all
    everything, n_everything, _ = said["False"]
    assert "Nobody listens." in everything and n_everything == n_all
    assert said["checked"]["n_loss_tokens"] == 3 * n_learnt
