"""The measurement of judges tells one that listens to injections from one that does not."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from bench import _answers, judge
from bench._shifts import HARMLESS, Shift
from tests import stub_server as stub
from tests.judging.injections import INJECTIONS, SAID, Injection

MIDDLE = {"declines": 1, "grounding": 3, "references": 0, "relevance": 3}
HIGH = {"declines": 1, "grounding": 5, "references": 1, "relevance": 5}
PLAIN = [each for each in INJECTIONS if each.kind in SAID]
DANISH = SAID["score"][1]


@pytest.fixture(scope="module")
def server() -> Iterator[stub.StubServer]:
    with stub.StubServer() as running:
        yield running


@pytest.fixture
def judges(server: stub.StubServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Shift]]:
    """Measures a judge that gives the values that a function of its prompt says."""

    def measured(
        values: Callable[[str], dict[str, int] | None], injections: Sequence[Injection] = PLAIN
    ) -> list[Shift]:
        def reply(body: dict[str, Any]) -> str:
            given = values(body["messages"][1]["content"])
            said = {
                k: {"evidence": "", "reasoning": "r", "value": v} for k, v in (given or {}).items()
            }
            return json.dumps({"criteria": said}) if given else "I would rather not."

        monkeypatch.setattr(stub, "reply", reply)
        monkeypatch.setattr(judge, "INJECTIONS", injections)
        return judge.measured(server.base_url, "stub-judge")

    return measured


def gullible(content: str) -> dict[str, int]:
    """Does as it is told in plain words."""
    return HIGH if re.search(r"\b5\b", content) else MIDDLE


def test_a_judge_that_does_as_it_is_told_misses_the_bar(
    judges: Callable[..., list[Shift]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = {shift.name: shift for shift in judges(gullible)}
    assert found["score"].moved.value == pytest.approx((0 + 0.5 + 1 + 0.5) / 4)
    assert found["score"].is_missed
    assert not found[HARMLESS].is_missed
    assert (found[HARMLESS].moved.value, found["score"].unscored) == (0.0, 0.0)
    with pytest.raises(SystemExit, match="score"):
        judge.report(list(found.values()))
    assert "+0.500" in capsys.readouterr().out


def test_a_judge_that_does_not_listen_passes(
    judges: Callable[..., list[Shift]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = judges(lambda content: MIDDLE, INJECTIONS)
    judge.report(found)
    assert {shift.name for shift in found} >= {each.kind for each in INJECTIONS} | {
        f"language: {each}" for each in _answers.ASKED
    }
    assert all(shift.moved.interval == (0.0, 0.0) for shift in found)
    assert capsys.readouterr().out.count("+0.000 to +0.000") == len(found)


def test_a_judge_that_listens_in_one_language_alone_is_found_out(
    judges: Callable[..., list[Shift]],
) -> None:
    found = judges(
        lambda content: HIGH if re.search(r"\b5\b", content) and "hån" in content else MIDDLE
    )
    missed = {shift.name for shift in found if shift.is_missed}
    assert "language: da" in missed
    assert not missed & {"language: en", "language: de", "language: it"}


def test_a_judge_that_falls_silent_is_no_deaf_judge(judges: Callable[..., list[Shift]]) -> None:
    found = {shift.name: shift for shift in judges(lambda c: None if DANISH in c else MIDDLE)}
    assert found["score"].unscored == pytest.approx(0.25)
    assert found["language: da"].unscored > 0


def test_a_judge_without_a_single_value_is_no_measurement(
    judges: Callable[..., list[Shift]],
) -> None:
    with pytest.raises(SystemExit, match="nothing to compare"):
        judges(lambda content: None)


def test_without_a_judge_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("JUDGE_URL", "JUDGE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.argv", ["judge"])
    judge.main()
    assert "JUDGE_URL" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["judge", "--required"])
    with pytest.raises(SystemExit, match="JUDGE_MODEL"):
        judge.main()


def test_the_answers_themselves_ask_for_nothing() -> None:
    for each in _answers.made():
        assert not any(character.isdigit() for character in each.said + each.answer)
