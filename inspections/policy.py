"""Who may knock at the doors of inspections."""

from __future__ import annotations

from people.doors import Door

DOORS: dict[str, Door] = {}
