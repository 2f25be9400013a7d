"""Servers of this machine, with a small real one: started once, revived, ended with all of it."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generation.commands import ServerSpec
from generation.processes import Process, is_free, read_pid_file, started_at, write_pid_file
from generation.supervisor import NotReady, PortTaken, Supervised

SERVER = """
import http.server, os, signal, subprocess, sys
port, habits = int(sys.argv[1]), sys.argv[2:]
print("loading", *habits, flush=True)
if "fails" in habits:
    sys.exit("out of memory")
if "stubborn" in habits:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "engine" in habits:
    engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print("engine", engine.pid, flush=True)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if "ill" in habits else 200)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", port), Page).serve_forever()
"""


@pytest.fixture
def spec(tmp_path: Path) -> ServerSpec:
    return ServerSpec((sys.executable, "-c", SERVER), free_port(), tmp_path / "server.log")


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def server(spec: ServerSpec, waits: list[float]) -> Iterator[Supervised]:
    made = supervised(spec, waits)
    yield made
    made.stop()
    assert not is_answering(spec.port)


def supervised(
    spec: ServerSpec,
    waits: list[float],
    *habits: str,
    ready_s: float = 20.0,
    grace_s: float = 5.0,
) -> Supervised:
    """Waits are noted and cut short: a real process needs only milliseconds."""

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(0.01)

    command = (*spec.command, str(spec.port), *habits)
    told = replace(spec, command=command)
    return Supervised(told, ready_s=ready_s, grace_s=grace_s, sleep=sleep)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_answering(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pid_of(server: Supervised) -> int:
    process = read_pid_file(server.spec.pid_path)
    assert process is not None
    return process.pid


def kill(server: Supervised) -> None:
    os.kill(pid_of(server), signal.SIGKILL)
    while server.is_alive():
        time.sleep(0.001)


def engine_of(server: Supervised) -> int:
    [line] = [each for each in server.log_tail().splitlines() if each.startswith("engine")]
    return int(line.split()[1])


def test_a_server_is_ready_inside_and_gone_afterwards(spec: ServerSpec, waits: list[float]) -> None:
    with supervised(spec, waits) as server:
        assert server.is_healthy()
        assert os.getpgid(pid_of(server)) == pid_of(server)
        assert server.log_tail() == "loading"
    assert not server.is_alive()
    assert is_free(spec.port)
    assert not server.spec.pid_path.exists()


def test_a_port_of_another_program_is_refused(server: Supervised) -> None:
    taken = socket.create_server(("127.0.0.1", server.spec.port))
    with taken, pytest.raises(PortTaken, match="used by another program"):
        server.start()


def test_a_second_supervisor_takes_the_running_server_over(
    spec: ServerSpec, server: Supervised, waits: list[float]
) -> None:
    server.start()
    server.wait_ready()
    again = supervised(spec, waits)
    again.start()
    again.wait_ready()
    assert pid_of(again) == pid_of(server)
    again.stop()
    assert not server.is_alive()


def test_two_supervisors_at_once_start_one_server(
    spec: ServerSpec, server: Supervised, waits: list[float]
) -> None:
    both = [supervised(spec, waits) for _ in range(2)]
    threads = [threading.Thread(target=each.start) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both[0].wait_ready()
    assert both[1].is_alive()
    assert server.log_tail().count("loading") == 1


def test_a_port_that_serves_another_model_is_refused(
    spec: ServerSpec, server: Supervised, waits: list[float]
) -> None:
    server.start()
    other = supervised(spec, waits, "other")
    with pytest.raises(PortTaken, match="serves another model"):
        other.start()
    other.stop()
    assert server.is_alive()
    assert server.spec.pid_path.exists()


def test_a_crash_is_mended_after_a_growing_wait(server: Supervised, waits: list[float]) -> None:
    server.start()
    server.wait_ready()
    assert not server.revive()
    for crash in range(1, 4):
        before = pid_of(server)
        kill(server)
        waits.clear()
        assert server.revive()
        assert pid_of(server) != before
        assert waits[0] == 2.0 ** (crash - 1)
        assert server.is_healthy()


def test_what_a_crashed_server_left_behind_is_ended_first(
    spec: ServerSpec, waits: list[float]
) -> None:
    with supervised(spec, waits, "engine") as server:
        engine = engine_of(server)
        kill(server)
        assert started_at(engine)
        server.spec.log_path.write_text("")
        server.revive()
        assert not started_at(engine)


def test_another_supervisor_mends_a_crash_too(
    spec: ServerSpec, server: Supervised, waits: list[float]
) -> None:
    server.start()
    server.wait_ready()
    kill(server)
    other = supervised(spec, waits)
    other.start()
    other.wait_ready()
    assert server.revive()
    assert pid_of(server) == pid_of(other)
    other.stop()


def test_a_server_that_does_not_hear_is_made_to_end(spec: ServerSpec, waits: list[float]) -> None:
    server = supervised(spec, waits, "stubborn", "engine", grace_s=0.05)
    with server:
        engine = engine_of(server)
    assert not server.is_alive()
    assert not started_at(engine)
    assert is_free(spec.port)


def test_a_server_that_ends_at_once_shows_its_last_words(
    spec: ServerSpec, waits: list[float]
) -> None:
    with pytest.raises(NotReady, match="out of memory"), supervised(spec, waits, "fails"):
        pass


def test_a_server_that_never_gets_ready_is_ended(spec: ServerSpec, waits: list[float]) -> None:
    server = supervised(spec, waits, "ill", ready_s=0.3)
    with pytest.raises(NotReady, match=r"not ready within 0 s.\nloading ill"), server:
        pass
    assert is_free(spec.port)


def test_a_command_that_does_not_exist_says_so(spec: ServerSpec) -> None:
    missing = replace(spec, command=("/nowhere/vllm", "serve"))
    with pytest.raises(NotReady, match="'/nowhere/vllm' cannot be started"):
        Supervised(missing).start()


def test_a_reused_process_number_is_not_taken_for_the_server(server: Supervised) -> None:
    server.spec.pid_path.parent.mkdir(exist_ok=True)
    write_pid_file(server.spec.pid_path, Process(os.getpid(), "1", server.spec.command))
    assert not server.is_alive()
    server.start()
    server.wait_ready()
    assert pid_of(server) != os.getpid()


@pytest.mark.parametrize("text", ["", "{", "[1]", '["x", 1, []]', "null", '{"a": 1}'])
def test_a_broken_pid_file_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid").write_text(text)
    assert read_pid_file(tmp_path / "pid") is None


def test_watching_revives_until_it_is_stopped(server: Supervised) -> None:
    server.start()
    server.wait_ready()
    before, stopping = pid_of(server), threading.Event()
    kill(server)
    watcher = threading.Thread(target=server.watch, args=(stopping,), kwargs={"every_s": 0.01})
    watcher.start()
    while not server.is_healthy():
        time.sleep(0.01)
    stopping.set()
    watcher.join()
    assert pid_of(server) != before


def test_a_long_log_is_set_aside(server: Supervised) -> None:
    server.spec.log_path.parent.mkdir(exist_ok=True)
    with server.spec.log_path.open("wb") as log:
        log.truncate(21 * 1024 * 1024)
    server.start()
    assert server.spec.log_path.stat().st_size < 1000
    assert server.spec.log_path.with_suffix(".old.log").exists()


def test_the_site_keeps_its_secrets_to_itself(
    spec: ServerSpec, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden-word")
    shows = ("-c", "import os, sys; sys.exit(repr(dict(os.environ)))")
    told = replace(spec, command=(sys.executable, *shows), env={"HF_HOME": "/tmp/hub"})
    server = supervised(told, waits)
    with pytest.raises(NotReady) as caught, server:
        pass
    assert "hidden-word" not in str(caught.value)
    assert "'HF_HOME': '/tmp/hub'" in str(caught.value)


def test_a_log_that_grew_too_long_is_put_aside_while_the_server_writes(tmp_path: Path) -> None:
    program = "import time\nwhile True: print('x' * 99, flush=True); time.sleep(0.01)"
    command = (sys.executable, "-c", program)
    server = Supervised(ServerSpec(command, free_port(), tmp_path / "server.log"), grace_s=5.0)
    server.start()
    try:
        until(lambda: server.spec.log_path.stat().st_size > 1000)
        server.trim_log(1000)
        assert (tmp_path / "server.old.log").stat().st_size > 1000
        until(lambda: server.spec.log_path.stat().st_size > 0)
        assert server.spec.log_path.read_bytes()[:1] == b"x"
    finally:
        server.stop()


def until(condition: Callable[[], bool]) -> None:
    """A real process cannot be told to be quick."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
