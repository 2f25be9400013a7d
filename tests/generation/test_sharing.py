"""Workers on several hosts share a run: they are invited, claim by turns, and ask nothing twice."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from generation.models import LanguageModel
from generation.serving import Place
from tests.generation import made
from tests.generation.test_worker import Site
from tests.stub_server import StubServer

N_ROWS = 120


@pytest.mark.django_db
def test_a_shift_with_more_rows_than_it_can_ask_at_once_invites_one_more_worker(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(stub_server.url, n=9)  # 8 may be in flight
    assert made.answer_bell(run)
    with django_capture_on_commit_callbacks(execute=True):
        assert made.shift(run).run_and_ring() == "done"
    assert [message[:2] for message in bells] == [("generation.tasks.generate", run.pk)]


@pytest.mark.django_db
def test_a_shift_that_can_ask_everything_at_once_invites_nobody(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(stub_server.url, n=8)
    assert made.answer_bell(run)
    with django_capture_on_commit_callbacks(execute=True):
        made.shift(run).run_and_ring()
    assert bells == []


@pytest.mark.django_db
def test_while_one_invitation_is_on_its_way_there_is_no_other(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    run = made.run(stub_server.url, n=40)
    assert made.answer_bell(run)
    late = made.limits(draw_s=-1.0)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            made.shift(run, limits=late).run()
    assert len(bells) == 1
    assert made.answer_bell(run)
    with django_capture_on_commit_callbacks(execute=True):
        made.shift(run, limits=late).run()
    assert len(bells) == 2


@pytest.mark.django_db
def test_an_endpoint_with_a_limit_is_asked_by_one_worker_within_it(
    stub_server: Any, bells: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    made.endpoint(stub_server.url, max_in_flight=3)
    run = made.run(stub_server.url, n=30)
    assert made.answer_bell(run)
    with django_capture_on_commit_callbacks(execute=True):
        assert made.shift(run).run_and_ring() == "done"
    assert stub_server.most_in_flight <= 3 and bells == []


@pytest.mark.django_db
def test_a_worker_that_finds_nothing_to_do_opens_no_place(stub_server: Any) -> None:
    run = made.run(stub_server.url, n=2)
    run.completions.claim(worker="at work", at=made.AT, limit=2)

    def open_place(model: LanguageModel, _: Any) -> Place:
        raise AssertionError("A server was started for nothing.")

    assert made.shift(run, open_place=open_place).run_and_ring() == "running"


@pytest.mark.parametrize("n_hosts", [4])
def test_worker_processes_of_several_hosts_share_a_run(tmp_path: Path, n_hosts: int) -> None:
    with StubServer(latency_s=1.0) as server, ExitStack() as stack:
        site = Site(tmp_path)
        site.python(
            "from django.core.management import call_command\n"
            "call_command('migrate', verbosity=0)\n"
            "from tests.generation import made\n"
            f"made.run({server.url!r}, n={N_ROWS})"
        )
        for number in range(n_hosts):
            stack.enter_context(site.worker(HOST_NAME=f"host-{number}"))
        site.wait_until(lambda: site.state() == "done", seconds=120)
        told = site.query(
            "SELECT json_extract(provenance, '$.asked_from'), attempts FROM generation_completion"
        )
        shares = Counter(host for host, _ in told)
        assert sum(shares.values()) == N_ROWS == len(server.requests)
        assert {attempts for _, attempts in told} == {1}
        # Everybody took a part; nobody did it all.
        assert len(shares) == n_hosts and max(shares.values()) < N_ROWS * 0.9, shares
