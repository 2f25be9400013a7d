"""Which port a model server is given."""

from typing import Any

import pytest

from generation.actions import servers
from tests.generation.test_keeping import wanted

pytestmark = pytest.mark.django_db


def test_ports_are_given_from_the_one_that_is_set(settings: Any) -> None:
    settings.SERVER_FIRST_PORT = 65_534
    assert [wanted(name).port for name in ("one", "two")] == [65_534, 65_535]
    with pytest.raises(servers.NoRoom, match="No port is free"):
        wanted("three")
