"""What tests draw at random can be drawn again."""

import os
from types import SimpleNamespace

import pytest

from gate.identity import new_id
from tests import chance


def drawn(name: str) -> list[str]:
    chance.begin(name)
    return [new_id() for _ in range(3)]


def test_a_test_draws_the_same_ids_again_and_another_test_others() -> None:
    assert drawn("one") == drawn("one") != drawn("other")
    assert len(set(drawn("one"))) == 3


def test_another_seed_draws_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn("one")
    monkeypatch.setenv(chance.NAME, os.environ[chance.NAME] + "1")
    assert drawn("one") != first


def test_a_forked_process_draws_others() -> None:
    here, there = os.pipe()
    chance.begin("one")
    if (child := os.fork()) == 0:
        os.write(there, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(here, 100).decode() != new_id()
    os.close(here), os.close(there)


@pytest.mark.parametrize(("stats", "n_lines"), [({"failed": [1]}, 1), ({"passed": [1]}, 0)])
def test_a_run_that_failed_tells_its_seed(stats: dict[str, list[int]], n_lines: int) -> None:
    lines: list[str] = []
    chance.pytest_terminal_summary(SimpleNamespace(stats=stats, line=lines.append))
    assert lines == [f"Drawn with TEST_SEED={os.environ['TEST_SEED']}"] * n_lines
