"""What every request passes: sittings and their limits, the doors, and forms that come too late or need a code."""

from people.table import table
from people.visiting import CODE_GIVEN

from .doors import DoorMiddleware, FirstRunMiddleware, RowMiddleware
from .held import HeldFormMiddleware
from .sittings import SignedInMiddleware, SittingMiddleware

__all__ = [
    "CODE_GIVEN",
    "DoorMiddleware",
    "FirstRunMiddleware",
    "HeldFormMiddleware",
    "RowMiddleware",
    "SignedInMiddleware",
    "SittingMiddleware",
    "table",
]
