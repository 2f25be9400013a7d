"""The keeper: what is wanted runs, once, on GPUs of its own; what is not wanted stops."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from generation import actions, keeping
from generation.actions import servers
from generation.commands import ServerSpec
from generation.keeping import MAX_CRASHES, Keeper
from generation.models import Keeper as KeeperRow
from generation.models import LanguageModel, Server, ServerGpu
from generation.serving import CannotAsk, open_place
from generation.supervisor import NotReady, PortTaken
from tests.generation.made import AT

pytestmark = pytest.mark.django_db


class Machine:
    """Stands in for processes: what was started, in order, and what each does."""

    def __init__(self) -> None:
        self.started: list[Process] = []
        self.refuses: str = ""

    def __call__(self, spec: ServerSpec) -> Any:
        return Process(self, spec)

    @property
    def running(self) -> list[str]:
        return [each.name for each in self.started if each.alive]


class Process:
    def __init__(self, machine: Machine, spec: ServerSpec) -> None:
        self.machine, self.spec = machine, spec
        self.alive = self.healthy = False
        self.pid = 4000 + len(machine.started)

    @property
    def name(self) -> str:
        return self.spec.command[2]

    def start(self) -> None:
        if self.machine.refuses:
            raise NotReady(self.machine.refuses)
        self.machine.started.append(self)
        self.alive = True

    def stop(self) -> None:
        self.alive = False

    def is_alive(self) -> bool:
        return self.alive

    def is_healthy(self) -> bool:
        return self.alive and self.healthy

    def log_tail(self) -> str:
        return f"log of {self.name}"

    def trim_log(self) -> None:
        """Nothing is written."""


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> Any:
        return AT + timedelta(seconds=self.seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(machine: Machine, clock: Clock) -> Keeper:
    return Keeper("gpu-1", [0, 1], now=clock.now, clock=clock, make=machine)


def model(name: str = "base", **rest: Any) -> LanguageModel:
    place = actions.register_endpoint(by=None, name=f"vLLM of {name}", kind="vllm")
    made = actions.register_model(by=None, name=name, endpoint=place, served_name=name)
    LanguageModel.objects.filter(pk=made.pk).update(**rest)
    made.refresh_from_db()
    return made


def wanted(name: str = "base", **rest: Any) -> Server:
    return servers.want(by=None, model=model(name, **rest), host="gpu-1", at=AT)


def test_what_is_wanted_is_started_once_and_shown_as_it_becomes_ready(
    keeper: Keeper, machine: Machine
) -> None:
    server = wanted()
    keeper.tick()
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, server.pid, len(machine.started)) == ("starting", 4000, 1)
    machine.started[0].healthy = True
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, server.log_tail) == ("ready", "log of base")
    assert server.ready_at == AT


def test_a_server_that_is_not_wanted_any_more_stops_and_gives_its_gpu_back(
    keeper: Keeper, machine: Machine
) -> None:
    server = wanted()
    keeper.tick()
    assert ServerGpu.objects.count() == 1
    servers.let_go(by=None, server=server)
    keeper.tick()
    server.refresh_from_db()
    assert machine.running == []
    assert (server.state, server.pid) == ("stopped", None)
    assert not ServerGpu.objects.exists()


def test_each_server_sees_its_own_gpus_only(keeper: Keeper, machine: Machine) -> None:
    for name in ("one", "two"):
        wanted(name)
    keeper.tick()
    assert [each.spec.env["CUDA_VISIBLE_DEVICES"] for each in machine.started] == ["0", "1"]
    assert len({each.spec.port for each in machine.started}) == 2


def test_a_server_without_a_free_gpu_waits_and_starts_when_one_is_given_back(
    keeper: Keeper, machine: Machine
) -> None:
    big, small = wanted("big", tensor_parallel_size=2), wanted("small")
    keeper.tick()
    small.refresh_from_db()
    assert machine.running == ["big"]
    assert "needs 1 GPUs and 0 of 2 are free" in small.last_error
    servers.let_go(by=None, server=big)
    keeper.tick()
    keeper.tick()
    assert machine.running == ["small"]


def test_the_database_lets_one_server_hold_a_gpu() -> None:
    for name in ("one", "two"):
        server = wanted(name)
        row = ServerGpu(server=server, host="gpu-1", gpu=0)
        if name == "one":
            row.save()
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_database_lets_one_server_have_a_port() -> None:
    first, second = wanted("one"), model("two")
    with pytest.raises(IntegrityError), transaction.atomic():
        Server.objects.create(model=second, host="gpu-1", port=first.port, created_at=AT)


def test_a_crash_is_followed_by_a_new_start_after_a_wait_that_doubles(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    server = wanted()
    keeper.tick()
    machine.started[-1].alive = False
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, server.n_crashes) == ("crashed", 1)
    keeper.tick()
    assert len(machine.started) == 1
    clock.seconds += 1
    keeper.tick()
    machine.started[-1].alive = False
    keeper.tick()
    clock.seconds += 1
    keeper.tick()
    assert len(machine.started) == 2
    clock.seconds += 1
    keeper.tick()
    assert len(machine.started) == 3


def test_a_server_that_never_gets_ready_is_given_up_until_somebody_asks_again(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    server = wanted()
    for _ in range(MAX_CRASHES):
        keeper.tick()
        machine.started[-1].alive = False
        keeper.tick()
        clock.seconds += 60
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, len(machine.started)) == ("failed", MAX_CRASHES)
    assert not ServerGpu.objects.exists()
    servers.want(by=None, model=server.model, host="gpu-1", at=AT)
    keeper.tick()
    assert len(machine.started) == MAX_CRASHES + 1


def test_a_crash_after_it_was_ready_does_not_count_towards_giving_up(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    server = wanted()
    for _ in range(MAX_CRASHES + 2):
        keeper.tick()
        machine.started[-1].healthy = True
        keeper.tick()
        machine.started[-1].alive = False
        keeper.tick()
        clock.seconds += 60
    keeper.tick()
    server.refresh_from_db()
    assert server.state == "starting"


def test_a_program_that_cannot_be_started_is_said_and_not_tried_again(
    keeper: Keeper, machine: Machine
) -> None:
    machine.refuses = "'vllm' cannot be started"
    server = wanted()
    keeper.tick()
    machine.refuses = ""
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, server.last_error) == ("failed", "'vllm' cannot be started")
    assert machine.started == []


def test_starting_again_stops_the_old_one_first(keeper: Keeper, machine: Machine) -> None:
    server = wanted()
    keeper.tick()
    servers.start_again(by=None, server=server)
    keeper.tick()
    assert len(machine.started) == 2
    assert machine.running == ["base"]


def test_a_server_that_only_a_run_needed_stops_when_it_is_not_needed(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    servers.need(model=model(), host="gpu-1", at=clock.now())
    keeper.tick()
    clock.seconds += 14 * 60
    keeper.tick()
    assert machine.running == ["base"]
    clock.seconds += 2 * 60
    keeper.tick()
    assert machine.running == []


def test_a_keeper_that_ends_stops_its_servers_and_the_next_one_starts_them(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    wanted()
    keeper.tick()
    keeper.close()
    assert machine.running == []
    Keeper("gpu-1", [0], now=clock.now, clock=clock, make=machine).tick()
    assert machine.running == ["base"]


def test_servers_of_another_host_are_left_alone(keeper: Keeper, machine: Machine) -> None:
    servers.want(by=None, model=model(), host="gpu-2", at=AT)
    keeper.tick()
    assert machine.started == []


def adapter(base: LanguageModel, folder: Path, name: str, r: int = 4) -> LanguageModel:
    folder.mkdir()
    (folder / "adapter_config.json").write_text(json.dumps({"r": r}))
    return LanguageModel.objects.create(
        name=name, served_name=name, base=base, adapter_path=str(folder), endpoint=base.endpoint
    )


def test_adapters_are_served_by_their_bases_server(
    keeper: Keeper, machine: Machine, tmp_path: Path
) -> None:
    base = model()
    kind = adapter(base, tmp_path / "kind", "kind", r=12)
    server = servers.want(by=None, model=kind, host="gpu-1", at=AT)
    assert server.model == base
    keeper.tick()
    command = list(machine.started[0].spec.command)
    assert command[command.index("--max-lora-rank") + 1] == "16"
    assert command[command.index("--lora-modules") + 1] == f"kind={tmp_path / 'kind'}"
    server.refresh_from_db()
    assert server.adapters == ["kind"]


def test_a_new_adapter_is_loaded_while_the_server_runs_and_a_bigger_one_starts_it_anew(
    keeper: Keeper, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(keeping, "load", lambda port, each: loaded.append(each.name) or "")
    base = model()
    adapter(base, tmp_path / "one", "one")
    servers.want(by=None, model=base, host="gpu-1", at=AT)
    keeper.tick()
    machine.started[0].healthy = True
    keeper.tick()
    adapter(base, tmp_path / "two", "two")
    keeper.tick()
    assert (loaded, len(machine.started)) == (["two"], 1)
    adapter(base, tmp_path / "big", "big", r=64)
    keeper.tick()
    keeper.tick()
    assert (loaded, len(machine.started)) == (["two"], 2)


def test_a_worker_waits_for_the_keeper_of_its_machine(
    keeper: Keeper, machine: Machine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_NAME = "gpu-1"
    monkeypatch.setattr(KeeperRow, "is_there", lambda self, at: True)
    keeper.tick()
    asked = model()

    def pass_time() -> None:
        keeper.tick()
        for each in machine.started:
            each.healthy = True

    monkeypatch.setattr("generation.serving._pause", pass_time)
    place = open_place(asked)
    assert place.base_url == f"http://127.0.0.1:{machine.started[0].spec.port}/v1"
    assert place.comes_back
    place.close()
    assert machine.running == ["base"]


def test_a_worker_says_why_the_keeper_gave_up(
    keeper: Keeper, machine: Machine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_NAME = "gpu-1"
    monkeypatch.setattr(KeeperRow, "is_there", lambda self, at: True)
    keeper.tick()
    machine.refuses = "no such program"
    monkeypatch.setattr("generation.serving._pause", keeper.tick)
    with pytest.raises(CannotAsk, match="no such program"):
        open_place(model())


def test_a_port_that_another_program_has_is_said(keeper: Keeper, machine: Machine) -> None:
    def taken(spec: ServerSpec) -> Any:
        process = Process(machine, spec)

        def start() -> None:
            raise PortTaken("Port 8101 is used by another program.")

        process.start = start  # type: ignore[method-assign]
        return process

    keeper.make = taken
    server = wanted()
    keeper.tick()
    server.refresh_from_db()
    assert "used by another program" in server.last_error


def test_the_check_says_whether_a_keeper_is_at_work(settings: Any, keeper: Keeper) -> None:
    settings.HOST_NAME = "gpu-1"
    with pytest.raises(CommandError, match="not at work"):
        call_command("keep_servers", "--check")
    with pytest.raises(CommandError, match="different numbers"):
        call_command("keep_servers", "--gpus", "0,0")


def test_a_server_that_takes_its_time_to_stop_does_not_hold_up_the_others(
    keeper: Keeper, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = wanted("slow")
    keeper.tick()
    may_end = threading.Event()
    first = machine.started[0]
    monkeypatch.setattr(first, "stop", lambda: may_end.wait(30) and setattr(first, "alive", False))
    monkeypatch.setattr(keeping, "STOPPING_S", 0.01)
    servers.start_again(by=None, server=slow)
    wanted("other")
    keeper.tick()
    assert machine.running == ["slow", "other"]
    keeper.tick()
    assert len(machine.started) == 2 and ServerGpu.objects.count() == 2
    may_end.set()
    keeper.stopping[slow.pk].join()
    keeper.tick()
    assert machine.running == ["other", "slow"]


def test_a_server_that_runs_but_stays_deaf_is_started_again(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    server = wanted()
    keeper.tick()
    machine.started[0].healthy = True
    keeper.tick()
    machine.started[0].healthy = False
    clock.seconds += keeping.DEAF_S
    keeper.tick()
    server.refresh_from_db()
    assert server.state == "ready"
    clock.seconds += 1
    keeper.tick()
    server.refresh_from_db()
    assert (server.state, machine.running) == ("crashed", [])


def test_a_server_that_cannot_be_handled_does_not_end_the_keeper(
    keeper: Keeper, machine: Machine, settings: Any
) -> None:
    settings.VLLM_COMMAND = "vllm 'serve"
    server = wanted()
    keeper.tick()
    server.refresh_from_db()
    assert "No closing quotation" in server.last_error
    settings.VLLM_COMMAND = "vllm serve"
    keeper.tick()
    assert machine.running == ["base"]


def test_an_adapter_that_the_server_refuses_is_not_called_loaded(
    keeper: Keeper, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(keeping, "load", lambda port, each: asked.append(each.name) or "No room.")
    base = model()
    adapter(base, tmp_path / "one", "one")
    server = servers.want(by=None, model=base, host="gpu-1", at=AT)
    keeper.tick()
    machine.started[0].healthy = True
    keeper.tick()
    adapter(base, tmp_path / "two", "two")
    keeper.tick()
    keeper.tick()
    server.refresh_from_db()
    assert (asked, server.adapters) == (["two"], ["one"])
    assert "'two' was not loaded: No room." in server.last_error


def test_a_server_whose_gpus_are_not_given_out_any_more_is_moved(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    server = wanted()
    keeper.tick()
    stopped: list[int] = []

    def make(spec: ServerSpec) -> Any:
        process = Process(machine, spec)
        process.stop = lambda: stopped.append(spec.port)  # type: ignore[method-assign]
        return process

    clock.seconds += 31  # the keeper before it was killed
    Keeper("gpu-1", [1], now=clock.now, clock=clock, make=make).tick()
    assert stopped == [server.port]
    assert machine.started[-1].spec.env["CUDA_VISIBLE_DEVICES"] == "1"


def test_a_worker_does_not_wait_an_hour_for_an_adapter_that_is_not_there(
    keeper: Keeper, machine: Machine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_NAME = "gpu-1"
    monkeypatch.setattr(KeeperRow, "is_there", lambda self, at: True)
    keeper.tick()
    base = model()
    missing = LanguageModel.objects.create(
        name="far", served_name="far", base=base, adapter_path="/nowhere", endpoint=base.endpoint
    )
    LanguageModel.objects.filter(pk=missing.pk).update(created_at=AT)
    missing.refresh_from_db()

    def pass_time() -> None:
        keeper.tick()
        for each in machine.started:
            each.healthy = True

    monkeypatch.setattr("generation.serving._pause", pass_time)
    with pytest.raises(CannotAsk, match="without the adapter 'far'"):
        open_place(missing)
