"""Every published number, computed once for dashboard, bulletin and list."""

from .figure import CategoryRow, Figure, MonthRow, Tally, UnitRow
from .reading import Reading
from .scope import Scope

__all__ = ["CategoryRow", "Figure", "MonthRow", "Reading", "Scope", "Tally", "UnitRow"]
