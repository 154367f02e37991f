"""Who may knock at the doors of findings."""

from __future__ import annotations

from people.doors import Door

DOORS: dict[str, Door] = {}
