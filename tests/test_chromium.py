"""Which Chromium the tests and the pictures of pages take."""

from pathlib import Path

import pytest

from scripts import chromium


def test_the_named_one_wins_and_is_not_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    debians = tmp_path / "debians"
    debians.touch()
    monkeypatch.setattr(chromium, "PLACES", (str(tmp_path / "none"), str(debians)))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.executable() == debians
    named = tmp_path / "named"
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium.executable() is None
    named.touch()
    assert chromium.executable() == named
