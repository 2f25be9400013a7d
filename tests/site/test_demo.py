"""The demo starts whole from an empty folder, lets each role in by a link, stops, starts again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"^\s+(\w+)\s+(http://\S+)$", re.M)
ROLES = {"author", "reviewer", "rater", "curator", "engineer", "researcher", "administrator"}
FIRST_JOB = {
    "author": "Write a pair",
    "reviewer": "Review a pair",
    "rater": "Rate answers",
    "curator": "Cut the first release",
    "engineer": "Register an endpoint",
    "researcher": "Read the agreement",
    "administrator": "Invite people",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


class Demo:
    """`manage.py demo` as a person starts it, with an empty environment."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.said = ""
        environment = {"DATA_DIR": str(folder), "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.family: list[psutil.Process] = []

    def wait(self) -> dict[str, str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops" in line:
                break
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return dict(LINK.findall(self.said))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.said += self.process.stdout.read() if self.process.stdout else ""


class Browser:
    """Cookies, links and forms; no script."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, link: str, **fields: str) -> str:
        sent = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(link, sent, {"Referer": link})
        with self.opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())


def visit(link: str) -> str:
    """The page behind a sign-in link, with a browser's cookies."""
    return Browser().open(link)


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    started = Demo(folder)
    yield started
    if started.process.poll() is None:
        started.stop()


def test_every_role_finds_something_to_do_at_once(demo: Demo) -> None:
    links = demo.wait()
    assert links.keys() == ROLES, demo.said
    for role, job in FIRST_JOB.items():
        page = visit(links[role])
        assert job in page, f"{role} finds no {job!r}"
        assert "made for the sample" in page


def test_the_reviewer_signs_with_the_password_that_is_printed(demo: Demo) -> None:
    link = demo.wait()["reviewer"]
    site, browser = f"http://localhost:{demo.port}", Browser()
    browser.open(link)
    place = re.findall(r"/corpus/versions/[^/]+/", browser.open(f"{site}/corpus/review/"))[0]
    page = browser.open(site + place)
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|lock_version)" value="([^"]+)"', page))
    password = re.findall(r"Theirs is  (\S+)", demo.said)[0]
    signed = {"decision": "approve", "reason": "Warm.", "password": password, **fields}
    answer = browser.open(f"{site}{place}review/", **signed)
    assert "Your decision is kept" in answer


def test_it_starts_again_quickly_and_leaves_nothing_behind(demo: Demo) -> None:
    begun = time.monotonic()
    assert demo.wait().keys() == ROLES, demo.said
    assert time.monotonic() - begun < 60
    assert len(demo.family) >= 3
    demo.stop()
    assert "Everything is kept" in demo.said
    gone, alive = psutil.wait_procs(demo.family, timeout=10)
    assert not alive, gone


def test_a_taken_port_is_said_in_words(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env={"DATA_DIR": str(folder), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr
