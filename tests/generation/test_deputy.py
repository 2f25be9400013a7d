"""Where a keeper fell silent, a worker goes on with the server that it kept, on its port and GPUs.

Real processes: the model server is the stub, started as vLLM would be.
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from generation import actions
from generation.actions import servers
from generation.models import Keeper, LanguageModel, Server, ServerGpu
from generation.serving import CannotAsk, Place, open_place
from generation.starting import spec_of
from generation.supervisor import Supervised
from tests.conftest import ROOT
from tests.services.servers import free_port

pytestmark = pytest.mark.django_db
STUB = f"env PYTHONPATH={ROOT} {sys.executable} -m tests.stub_server"


@pytest.fixture(autouse=True)
def host(settings: Any, tmp_path: Path) -> None:
    settings.LOG_DIR, settings.HOST_NAME, settings.VLLM_COMMAND = tmp_path, "gpu-1", STUB
    settings.SERVER_FIRST_PORT = free_port()


@pytest.fixture
def places() -> Iterator[list[Any]]:
    """What a test started; ended when it is over."""
    started: list[Any] = []
    yield started
    for each in started:
        Supervised.stop(each)


def keeper(gpus: str = "0", *, silent_s: int = 60) -> Keeper:
    seen_at = timezone.now() - timedelta(seconds=silent_s)
    return Keeper.objects.update_or_create(
        host="gpu-1", defaults={"gpus": gpus, "seen_at": seen_at}
    )[0]


def model(name: str) -> LanguageModel:
    place = actions.register_endpoint(by=None, name=f"vLLM of {name}", kind="vllm")
    return actions.register_model(by=None, name=name, endpoint=place, served_name=name)


def kept(name: str, places: list[Any], **rest: Any) -> tuple[Server, Supervised]:
    """A server that a keeper started before it was killed."""
    row = servers.want(by=None, model=model(name), host="gpu-1", at=timezone.now(), **rest)
    gpus = servers.hold_gpus(row, [0], wanted=1)
    server = Supervised(spec_of(row.model, port=row.port, gpus=gpus), owns_port=True)
    server.start()
    places.append(server)
    server.wait_ready()
    servers.report(row, gpus="0", pid=server.pid, state="ready", ready_at=timezone.now())
    return row, server


def opened(asked: LanguageModel, places: list[Any]) -> Place:
    place = open_place(asked)
    assert place.server is not None
    places.append(place.server)
    return place


def test_the_server_that_a_dead_keeper_left_is_asked_and_none_is_started_beside_it(
    places: list[Any],
) -> None:
    row, server = kept("base", places, is_pinned=False)
    keeper()
    place = opened(row.model, places)
    assert place.base_url == f"http://127.0.0.1:{row.port}/v1"
    assert place.server is not None and place.server.pid == server.pid
    place.close()
    assert not server.is_alive() and not ServerGpu.objects.exists()


def test_a_gpu_that_a_living_server_holds_is_not_given_to_a_second_one(places: list[Any]) -> None:
    kept("base", places)
    keeper()
    with pytest.raises(CannotAsk, match=r"needs 1 GPUs and 0 of 1 are free .*keep_servers"):
        open_place(model("other"))


def test_a_gpu_of_a_server_that_ended_with_its_keeper_is_free_again(places: list[Any]) -> None:
    row, server = kept("base", places)
    server.stop()
    keeper()
    place = opened(model("other"), places)
    assert place.server is not None
    assert place.server.spec.env["CUDA_VISIBLE_DEVICES"] == "0"
    assert ServerGpu.objects.get().server != row


def test_a_port_on_which_anything_listens_keeps_its_gpu(places: list[Any]) -> None:
    row, server = kept("base", places)
    server.spec.pid_path.rename(server.spec.pid_path.with_suffix(".elsewhere"))
    keeper()
    with pytest.raises(CannotAsk, match="0 of 1 are free"):
        open_place(model("other"))
    with pytest.raises(CannotAsk, match=f"Port {row.port} is used by another program"):
        open_place(row.model)
    server.spec.pid_path.with_suffix(".elsewhere").rename(server.spec.pid_path)


def test_what_a_keeper_wants_again_is_left_to_it(places: list[Any]) -> None:
    row, server = kept("base", places, is_pinned=False)
    keeper()
    place = opened(row.model, places)
    keeper(silent_s=0)
    place.close()
    assert server.is_alive() and ServerGpu.objects.count() == 1


def test_what_a_person_pinned_stays(places: list[Any]) -> None:
    row, server = kept("base", places)
    keeper()
    opened(row.model, places).close()
    assert server.is_alive()


def test_a_machine_without_a_keeper_has_servers_of_its_own(places: list[Any]) -> None:
    place = opened(model("base"), places)
    assert not Server.objects.exists() and place.server is not None
    assert "CUDA_VISIBLE_DEVICES" not in place.server.spec.env
