"""The life of a measure that was recorded: DOMAIN §4.5, from decided on."""

from __future__ import annotations

from accountability.models import Measure
from conduct.moves import Move
from people.roles import Permission

S = Measure.State

END = Move(
    name="end_effect",
    sources=frozenset({S.IN_FORCE}),
    target=S.ENDED,
    permission=Permission.MEASURE_RECORD,
    label="影响期满",
)
WITHDRAW = Move(
    name="withdraw",
    sources=frozenset({S.IN_FORCE, S.NO_PERIOD, S.LASTING, S.ENDED}),
    target=S.WITHDRAWN,
    permission=Permission.MEASURE_RECORD,
    label="撤销登记",
    needs_reason=True,
    danger=True,
)

TABLE = (END, WITHDRAW)
