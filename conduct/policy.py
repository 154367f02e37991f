"""The table of doors of the whole house, assembled from the floors."""

from __future__ import annotations

from collections.abc import Mapping

from accountability.policy import DOORS as ACCOUNTABILITY
from findings.policy import DOORS as FINDINGS
from inspections.policy import DOORS as INSPECTIONS
from people.doors import Door
from people.policy import DOORS as PEOPLE
from reports.policy import DOORS as REPORTS

DOORS: Mapping[str, Door] = {**PEOPLE, **INSPECTIONS, **FINDINGS, **ACCOUNTABILITY, **REPORTS}
