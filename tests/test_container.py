"""The compose files and the Dockerfiles, read: commands and settings exist, images are pinned by
digest, only the web is published, secrets are files.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent
MAIN, GPU_HOST = "docker-compose.yml", "docker-compose.gpu-host.yml"
ALWAYS = {"migrate", "web", "worker", "beat", "database", "redis"}
PINNED = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
# Read by the images themselves or by what they run, not by the Studio.
OF_OTHERS = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE", "HF_HOME", "HF_HUB_OFFLINE"}
GIVEN = {
    "ALLOWED_HOSTS": "studio.example.org",
    "DATABASE_HOST": "database",
    "REDIS_URL": "redis://redis:6379/0",
    "HOST_NAME": "gpu-2",
}


def services(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())["services"]


EVERY = [(file, name) for file in (MAIN, GPU_HOST) for name in services(file)]
OURS = [(file, name) for file, name in EVERY if "command" in services(file)[name]]
OURS = [(file, name) for file, name in OURS if name not in ("redis",)]


def of_profile(profile: str) -> set[str]:
    found = services(MAIN).items()
    return {name for name, each in found if profile in each.get("profiles", [profile])}


def test_without_a_profile_no_model_is_asked():
    assert of_profile("") == ALWAYS


def test_each_profile_adds_who_asks_models():
    assert of_profile("cpu") == ALWAYS | {"asking-worker"}
    assert of_profile("gpu") == ALWAYS | {"keeper", "gpu-worker"}


@pytest.mark.parametrize("profile", ["cpu", "gpu"])
def test_every_queue_has_one_worker_in_each_profile(profile: str):
    chosen = [services(MAIN)[name] for name in of_profile(profile)]
    queues = [each["environment"]["QUEUES"] for each in chosen if each.get("command") == ["worker"]]
    assert sorted(queues) == ["default", "gpu"]


def test_a_gpu_is_asked_for_by_the_keeper_alone():
    for file in (MAIN, GPU_HOST):
        assert {name for name, each in services(file).items() if "deploy" in each} == {"keeper"}


@pytest.mark.parametrize("file", [MAIN, GPU_HOST])
def test_only_the_web_is_published(file: str):
    published = [name for name, each in services(file).items() if "ports" in each]
    assert published == (["web"] if file == MAIN else [])
    assert all(each.get("network_mode") != "host" for each in services(file).values())


@pytest.mark.parametrize(("file", "name"), EVERY)
def test_every_service_that_stays_has_a_health_check(file: str, name: str):
    assert name == "migrate" or "healthcheck" in services(file)[name]


@pytest.mark.parametrize(("file", "name"), EVERY)
def test_no_secret_stands_in_the_file(file: str, name: str):
    given = services(file)[name].get("environment", {})
    secret = {key for key in given if re.search("PASSWORD|SECRET_KEY|API_KEY", key)}
    assert all(key.endswith("_FILE") for key in secret)


@pytest.mark.parametrize("file", [MAIN, GPU_HOST])
def test_secrets_are_files_and_volumes_are_named(file: str):
    read = yaml.safe_load((ROOT / file).read_text())
    assert all(set(secret) == {"file"} for secret in read["secrets"].values())
    mounts = [mount for each in services(file).values() for mount in each.get("volumes", [])]
    used = {mount.split(":")[0] for mount in mounts}
    assert used == set(read["volumes"])


@pytest.mark.parametrize(("file", "name"), OURS)
def test_the_entry_script_knows_the_command(file: str, name: str):
    script = (ROOT / "scripts" / "container").read_text()
    (command,) = services(file)[name]["command"]
    assert re.search(rf"^  {command}\)$", script, re.M)
    check = services(file)[name].get("healthcheck", {"test": ["CMD", "", "", "web"]})
    assert re.search(rf"^      {check['test'][3]}\)", script, re.M)


def test_the_entry_script_runs_commands_that_exist():
    script = (ROOT / "scripts" / "container").read_text()
    asked = set(re.findall(r"manage\.py (\w+)", script))
    assert {"migrate", "collectstatic", "keep_servers"} <= asked <= set(get_commands())


@pytest.mark.parametrize(("file", "name"), OURS)
def test_every_setting_is_read_somewhere(file: str, name: str):
    given = set(services(file)[name]["environment"]) - OF_OTHERS
    code = (ROOT / "scripts" / "container").read_text()
    code += "".join(path.read_text() for path in (ROOT / "psychosafe_site").glob("*.py"))
    for setting in given:
        parts = {setting, setting.removeprefix("DATABASE_")}
        assert any(re.search(rf"\b{part}\b", code) for part in parts), setting


@pytest.mark.parametrize("dockerfile", ["Dockerfile", "Dockerfile.gpu"])
def test_images_are_pinned_by_digest(dockerfile: str):
    taken = re.findall(r"^FROM (\S+)", (ROOT / dockerfile).read_text(), re.M)
    assert taken
    assert all(PINNED.fullmatch(image) for image in taken)


def test_foreign_services_are_pinned_by_digest():
    foreign = [each["image"] for each in services(MAIN).values() if "build" not in each]
    assert len(foreign) == 2
    assert all(PINNED.fullmatch(image) for image in foreign)


def test_the_entry_script_is_a_shell_script():
    script = ROOT / "scripts" / "container"
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", script], check=True)


def test_what_the_health_check_asks_for_is_a_page_of_the_site():
    asked = re.search(r"\{port\}(/\w+)", (ROOT / "scripts" / "is_ready.py").read_text())
    assert asked
    assert resolve(asked.group(1))


def printed(name: str, given: dict[str, str]) -> str:
    """A variable as the entry script hands it on."""
    shown = subprocess.run(
        [ROOT / "scripts" / "container", "printenv", name],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
    )
    return shown.stdout.strip()


def test_the_database_url_takes_its_password_from_a_file(tmp_path: Path):
    (tmp_path / "password").write_text("a/b c\n")
    given = {
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        "DATABASE_USER": "studio",
        "DATABASE_HOST": "database",
        "DATABASE_NAME": "studio",
    }
    assert printed("DATABASE_URL", given) == "postgres://studio:a%2Fb%20c@database/studio"


def test_keys_of_models_come_from_a_file_and_nothing_else_does(tmp_path: Path):
    keys = tmp_path / "keys"
    keys.write_text(
        "HOSTED_API_KEY=abc=1\nDJANGO_SETTINGS_MODULE=evil\n\n$(id)_API_KEY=x\nB_API_KEY=b"
    )
    given = {"MODEL_KEYS_FILE": str(keys)}
    assert printed("HOSTED_API_KEY", given) == "abc=1"
    assert printed("B_API_KEY", given) == "b"
    assert printed("DJANGO_SETTINGS_MODULE", given) == ""


@pytest.mark.parametrize("dockerfile", ["Dockerfile", "Dockerfile.gpu"])
def test_what_the_image_copies_exists(dockerfile: str):
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / dockerfile).read_text(), re.M)
    assert copied
    for line in copied:
        assert all((ROOT / name).exists() for name in line.split())


def compose() -> list[str]:
    """`docker compose`, or Debian's `docker-compose`; nothing of them needs an engine here."""
    docker = shutil.which("docker")
    is_there = (
        docker
        and not subprocess.run([docker, "compose", "version"], capture_output=True).returncode
    )
    if is_there:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else []


if compose():

    @pytest.mark.parametrize("file", [MAIN, GPU_HOST])
    @pytest.mark.parametrize("profile", ["cpu", "gpu"])
    def test_docker_compose_accepts_the_file(file: str, profile: str):
        found = subprocess.run(
            [*compose(), "--file", file, "--profile", profile, "config", "--quiet"],
            cwd=ROOT,
            env=os.environ | GIVEN,
            capture_output=True,
            text=True,
        )
        assert found.returncode == 0, found.stderr
