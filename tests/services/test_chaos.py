"""Worker, model server and broker are killed at random moments: every row is answered once.

CHAOS_RUNS says how many runs each of them is killed in (`make test-chaos`: 20), CHAOS_SEED draws
other moments.
"""

import os
import random
from collections.abc import Iterator

import pytest

from tests.services.chaos import BROKERS, VICTIMS, Grounds, grounds, report

pytestmark = pytest.mark.redis
N_RUNS = int(os.environ.get("CHAOS_RUNS", "1"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))


@pytest.fixture(scope="module", params=BROKERS)
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Grounds]]:
    folder = tmp_path_factory.mktemp(f"chaos-{request.param}")
    with grounds(folder, request.param) as made:
        made.prepare()
        yield request.param, made


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_kill_costs_no_row_and_doubles_none(attacked: tuple[str, Grounds], victim: str) -> None:
    broker, ground = attacked
    rng = random.Random(f"{SEED} {broker} {victim}")
    print(f"seed {SEED}")
    found = [ground.run_under_attack(victim, rng) for _ in range(N_RUNS)]
    print(report(broker, {victim: found}), f"{ground.n_restarts} ended of themselves", sep=", ")
    assert [run for run in found if not run.is_whole] == []
