"""The doctor finds what is broken and says how to mend it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from generation.actions import register_endpoint, servers
from psychosafe_site.checkup import findings
from tests.people import person

pytestmark = pytest.mark.django_db


def told() -> dict[str, bool]:
    return {finding.what: finding.is_good for finding in findings()}


def test_an_installation_without_an_administrator_is_not_well() -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert "create_user EMAIL --role administrator" in out.getvalue()
    person("administrator")
    assert told()["1 administrators"]


def test_a_redis_that_is_down_is_named(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert any("Redis does not answer" in what and not good for what, good in told().items())


def test_the_database_and_its_tables_are_looked_at() -> None:
    found = told()
    assert found["The tables are those of this code"]
    assert any(what.startswith("The database answers") for what in found)


def test_a_keeper_and_the_command_of_vllm_are_looked_at_where_they_are_needed(
    settings: Settings,
) -> None:
    assert not any("keeper" in what for what in told())
    register_endpoint(by=None, name="Own", kind="vllm")
    settings.VLLM_COMMAND = "/nowhere/vllm serve"
    found = told()
    assert not found["No keeper is at work"]
    assert not found["vLLM is started by /nowhere/vllm serve"]
    servers.be_there(host="gpu-1", gpus=[0], at=timezone.now())
    assert told()["Keepers at work on: gpu-1"]
