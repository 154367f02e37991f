"""The world, built once for the tests of a file: every test of such a file stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import world
from tests.house.world import World


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with world.standing(django_db_blocker) as found:
        yield found
