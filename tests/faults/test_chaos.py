"""Under fire nothing is lost and nothing done twice: four phones file, parts are killed at random, then we count.

One seed of production and of a small office in `make test`, ten of each for a minute in `make test-long`
(CHAOS_SEEDS, CHAOS_SECONDS).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import services
from tests.faults.chaos import house as houses
from tests.faults.chaos.fire import DRAIN_SECONDS, EACH, PHONES, Outcome, burn

ALL = PHONES * EACH
SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "7").split(",")]
SECONDS = float(os.environ.get("CHAOS_SECONDS", "60"))


def judge(outcome: Outcome) -> None:
    """The control burned, so the fire was hot; of ours all is there, once."""
    print(f"\nchaos {outcome.as_line()}", flush=True)
    stored, told = outcome.found["stored"], outcome.found["told"]
    assert sum(outcome.kills.values()) > 5
    assert sum(outcome.naive_damage.values()) > 0, "the control was not harmed: the fire was too small"
    assert outcome.acknowledged <= set(stored)
    assert len(stored) == len(set(stored)) == len(outcome.acknowledged) == ALL
    assert outcome.left == 0, (
        f"after {DRAIN_SECONDS} s {outcome.left} were not done: {outcome.found['states']}"
    )
    assert set(told) == set(stored)
    assert outcome.doubled == {}
    assert outcome.found["failed"] == []
    assert outcome.is_verified, outcome.verdict


@pytest.mark.redis
@pytest.mark.parametrize("seed", SEEDS)
def test_production_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    with services.folder_of(services.ordinary_user()) as folder:
        house = houses.production(
            tmp_path, folder / "cluster", redis_port=services.free_port(), socket=folder
        )
        try:
            judge(burn(house, tmp_path, seed=seed, seconds=SECONDS))
        finally:
            house.close()


# It needs no Redis, but like the other it burns apart from the tests that need the machine to themselves.
@pytest.mark.redis
@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_office_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    house = houses.embedded(tmp_path)
    try:
        judge(burn(house, tmp_path, seed=seed, seconds=SECONDS))
    finally:
        house.close()
