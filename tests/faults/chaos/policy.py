"""The doors of the house and two more, for whoever files visits."""

from __future__ import annotations

from conduct.policy import DOORS as HOUSE
from people.doors import acts
from people.roles import Permission

DOORS = {**HOUSE, "chaos_file": acts(Permission.VISIT_FILE), "chaos_naive": acts(Permission.VISIT_FILE)}
