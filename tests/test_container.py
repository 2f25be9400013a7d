"""docker-compose.yml, read: its commands exist, only the web is published, secrets are files."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_services_are_those_of_a_server(compose: dict[str, Any]):
    assert set(compose["services"]) == {*OURS, "database", "redis"}


def test_only_the_web_is_published(compose: dict[str, Any]):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["web"]


def test_every_service_that_stays_has_a_health_check(compose: dict[str, Any]):
    staying = {name: s for name, s in compose["services"].items() if name != "migrate"}
    assert all("healthcheck" in service for service in staying.values())


def test_no_secret_stands_in_the_file(compose: dict[str, Any]):
    for service in compose["services"].values():
        secret = {k for k in service.get("environment", {}) if re.search("PASSWORD|SECRET_KEY", k)}
        assert all(name.endswith("_FILE") for name in secret)
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())


@pytest.mark.parametrize("name", OURS)
def test_the_entry_script_knows_the_command(compose: dict[str, Any], name: str):
    script = (ROOT / "scripts" / "container").read_text()
    (command,) = compose["services"][name]["command"]
    assert re.search(rf"^  {command}\)$", script, re.M)
    check = compose["services"][name].get("healthcheck", {"test": ["CMD", "", "", "web"]})
    assert re.search(rf"^      {check['test'][3]}\)", script, re.M)


def test_the_entry_script_is_a_shell_script():
    script = ROOT / "scripts" / "container"
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


def test_what_the_health_check_asks_for_is_a_page_of_the_site():
    asked = re.search(r"\{port\}(/\w+)", (ROOT / "scripts" / "is_ready.py").read_text())
    assert asked
    assert resolve(asked.group(1))


def test_the_database_url_takes_its_password_from_a_file(tmp_path: Path):
    (tmp_path / "password").write_text("a/b c\n")
    given = {
        "PATH": os.environ["PATH"],
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "DATABASE_USER": "studio",
        "DATABASE_HOST": "database",
        "DATABASE_NAME": "studio",
    }
    shown = subprocess.run(
        [ROOT / "scripts" / "container", "printenv", "DATABASE_URL"],
        env=given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "postgres://studio:a%2Fb%20c@database/studio"


def test_what_the_image_copies_exists():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    assert copied
    for line in copied:
        assert all((ROOT / name).exists() for name in line.split())


def has_compose() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    return not subprocess.run([docker, "compose", "version"], capture_output=True).returncode


if has_compose():

    def test_docker_compose_accepts_the_file():
        subprocess.run(
            ["docker", "compose", "config", "--quiet"],
            cwd=ROOT,
            env=os.environ | {"ALLOWED_HOSTS": "studio.example.org"},
            check=True,
        )
