"""Who may knock at the doors of accountability: the office alone. Neither units, nor readers, nor the three
administrators have anything here.
"""

from __future__ import annotations

from dataclasses import replace

from people.doors import Door, acts, fills, reads
from people.roles import Permission as P
from people.roles import roles_with

DOORS: dict[str, Door] = {
    "accountability:list": reads(P.MEASURE_VIEW),
    "accountability:catalogue": replace(
        reads(P.MEASURE_VIEW), post=roles_with(P.MEASURE_RECORD) & roles_with(P.STANDARDS_EDIT)
    ).named("处理措施目录"),
    "accountability:of_finding": reads(P.MEASURE_VIEW),
    "accountability:record": fills(P.MEASURE_RECORD).named("责任追究登记"),
    "accountability:detail": reads(P.MEASURE_VIEW),
    "accountability:name": reads(P.MEASURE_VIEW),
    "accountability:attachment": reads(P.MEASURE_VIEW),
    "accountability:correct": fills(P.MEASURE_RECORD).named("责任追究登记的更正"),
    "accountability:withdraw": acts(P.MEASURE_RECORD).named("撤销登记的理由"),
}
