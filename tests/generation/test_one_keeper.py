"""One keeper to a host: a second one refuses, a dead one is followed, a silent one gives way."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone

from generation import actions
from generation.actions import servers
from generation.actions.servers import KeptAlready
from generation.keeping import Keeper
from generation.management.commands import keep_servers
from generation.models import Keeper as KeeperRow
from tests.generation.test_keeping import Clock, Machine, clock, keeper, machine, wanted

__all__ = ["clock", "keeper", "machine"]
pytestmark = pytest.mark.django_db


def second(clock: Clock, machine: Machine) -> Keeper:
    return Keeper("gpu-1", [0], now=clock.now, clock=clock, make=machine)


def test_a_second_keeper_of_a_host_touches_nothing_and_says_what_to_do(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    wanted()
    keeper.tick()
    clock.seconds += 2
    with pytest.raises(KeptAlready, match=r"by process \d+ on .*Stop that one first.*HOST_NAME"):
        second(clock, machine).tick()
    assert len(machine.started) == 1
    keeper.tick()
    assert machine.running == ["base"]


def test_a_keeper_that_was_killed_is_followed_after_half_a_minute(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    keeper.tick()
    later = second(clock, machine)

    def pause() -> None:
        clock.seconds += 1

    later.begin(pause)
    assert clock.seconds == 30
    assert KeeperRow.objects.get().holder == later.holder
    with pytest.raises(KeptAlready):
        keeper.tick()


def test_who_wants_to_begin_beside_a_living_keeper_is_refused_within_seconds(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    keeper.tick()

    def pause() -> None:
        clock.seconds += 1
        if clock.seconds % 2 == 0:
            keeper.tick()

    with pytest.raises(KeptAlready):
        second(clock, machine).begin(pause)
    assert clock.seconds == 2


def test_of_two_that_begin_at_once_one_keeps_the_host(
    keeper: Keeper, machine: Machine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, update = second(clock, machine), QuerySet.update

    def come_between(self: Any, **values: Any) -> int:
        n = update(self, **values)
        if values.get("holder") == keeper.holder:
            monkeypatch.setattr(QuerySet, "update", update)
            other.tick()
        return n

    monkeypatch.setattr(QuerySet, "update", come_between)
    with pytest.raises(KeptAlready):
        keeper.tick()
    assert KeeperRow.objects.get().holder == other.holder


def test_a_keeper_that_ended_is_followed_at_once(
    keeper: Keeper, machine: Machine, clock: Clock
) -> None:
    keeper.tick()
    keeper.close()
    second(clock, machine).tick()


def test_a_keeper_that_was_taken_over_leaves_its_servers_to_the_other_on_its_machine(
    keeper: Keeper, machine: Machine
) -> None:
    server = wanted()
    keeper.tick()
    keeper.give_way(keeper.process.replace("process", "process 1"))
    keeper.close()
    server.refresh_from_db()
    assert machine.running == ["base"] and server.state == "starting"


def test_a_keeper_that_was_taken_over_from_another_machine_ends_its_servers_not_the_rows(
    keeper: Keeper, machine: Machine
) -> None:
    server = wanted()
    keeper.tick()
    keeper.give_way("process 9 on another-machine")
    server.refresh_from_db()
    assert machine.running == [] and server.state == "starting"


def test_the_command_refuses_beside_a_living_keeper(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOST_NAME = "gpu-1"

    class Beside(threading.Event):
        """While the command waits, the other keeper says that it is there."""

        def wait(self, timeout: float | None = None) -> bool:
            servers.be_there(
                host="gpu-1", gpus=[], at=timezone.now(), holder="x", process="process 5 on gpu-1"
            )
            return False

    Beside().wait()
    monkeypatch.setattr(keep_servers, "threading", SimpleNamespace(Event=Beside))
    with pytest.raises(CommandError, match="kept already, by process 5 on gpu-1"):
        call_command("keep_servers", "--gpus", "")


def test_the_refusal_is_a_conflict() -> None:
    assert issubclass(KeptAlready, actions.Refusal) and KeptAlready.http_status == 409
