"""What the roll-ups hold against a recount of the rows."""

from __future__ import annotations

from conduct import rollups
from conduct.rollups import Difference


def all_differences() -> list[Difference]:
    """Every cell of every roll-up that the rows do not confirm."""
    return [
        difference
        for counted in rollups.REGISTER
        for rollup in counted.rollups
        for difference in rollups.differences(counted, rollup)
    ]


def all_cells() -> int:
    return sum(rollups.cells(rollup) for counted in rollups.REGISTER for rollup in counted.rollups)


def all_rows() -> int:
    return sum(
        rollup.model._default_manager.count() for counted in rollups.REGISTER for rollup in counted.rollups
    )
