"""Who may knock at the doors of findings."""

from __future__ import annotations

from people.doors import Door, fills, reads
from people.roles import Permission

DOORS: dict[str, Door] = {
    "findings:history_import": fills(Permission.HISTORY_IMPORT),
    "findings:history_template": reads(Permission.HISTORY_IMPORT),
}
