"""Unsafe production settings refuse to start, and say what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD_KEY = "k" * 10 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"


def start(tmp_path: Path, command: tuple[str, ...] = ("check",), **environment: str) -> str:
    """What `manage.py check` says under this environment and nothing else; empty if it starts."""
    answer = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "" if answer.returncode == 0 else answer.stderr


@pytest.mark.parametrize(
    "key",
    ["", "---", "short", "a" * 80, "django-insecure-" + GOOD_KEY],
    ids=["unset", "dashes", "short", "one-letter", "django-insecure"],
)
def test_a_missing_or_weak_secret_key_refuses_to_start(tmp_path: Path, key: str) -> None:
    assert "SECRET_KEY is missing or weak" in start(tmp_path, SECRET_KEY=key)


def test_any_host_refuses_to_start(tmp_path: Path) -> None:
    said = start(tmp_path, SECRET_KEY=GOOD_KEY, ALLOWED_HOSTS="*")
    assert "Name the hosts that people type" in said


def test_a_yes_or_no_that_is_neither_is_named(tmp_path: Path) -> None:
    assert "DEBUG='maybe' is not a yes or no" in start(tmp_path, DEBUG="maybe")


def test_a_key_from_a_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD_KEY + "\n")
    assert start(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")) == ""


def test_on_ones_own_machine_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    assert start(tmp_path, DEBUG="1") == ""
    made = tmp_path / "secret_key"
    first = made.read_text()
    assert start(tmp_path, DEBUG="1") == ""
    assert made.read_text() == first
    assert made.stat().st_mode & 0o077 == 0


def test_the_shipped_production_settings_pass_djangos_deployment_checks(tmp_path: Path) -> None:
    command = ("check", "--deploy", "--fail-level", "WARNING")
    said = start(tmp_path, command, SECRET_KEY=GOOD_KEY, ALLOWED_HOSTS="studio.example.org")
    assert said == ""


def test_a_number_that_is_none_is_named(tmp_path: Path) -> None:
    assert "LEASE_SECONDS='1'" in start(tmp_path, DEBUG="1", LEASE_SECONDS="1")
    assert "SWEEP_SECONDS='soon'" in start(tmp_path, DEBUG="1", SWEEP_SECONDS="soon")
