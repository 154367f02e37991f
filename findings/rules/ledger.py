"""The columns of the ledger (台账): what they are called, of which kind, and which of them a person has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TEXT, DAY, NUMBER = "", "date", "num"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column. kind: text, day or number; width: in a workbook, in letters of the Latin alphabet."""

    key: str
    label: str
    width: int
    kind: str = TEXT


COLUMNS = (
    LedgerColumn("no", "序号", 6, NUMBER),
    LedgerColumn("source", "问题来源", 12),
    LedgerColumn("title", "问题", 32),
    LedgerColumn("facts", "问题事实", 48),
    LedgerColumn("unit", "责任单位", 20),
    LedgerColumn("department", "科室（窗口）", 16),
    LedgerColumn("head", "责任领导", 12),
    LedgerColumn("owner", "责任人", 16),
    LedgerColumn("category", "分类", 24),
    LedgerColumn("grade", "情节", 8),
    LedgerColumn("state", "状态", 14),
    LedgerColumn("number", "通知书", 20),
    LedgerColumn("visited", "检查日期", 12, DAY),
    LedgerColumn("issued", "发文日期", 12, DAY),
    LedgerColumn("measures", "整改措施", 40),
    LedgerColumn("first_due", "原定期限", 12, DAY),
    LedgerColumn("due", "整改期限", 12, DAY),
    LedgerColumn("progress", "进展", 36),
    LedgerColumn("handed_in", "报送日期", 12, DAY),
    LedgerColumn("result", "完成情况", 36),
    LedgerColumn("proof", "佐证材料（份）", 10, NUMBER),
    LedgerColumn("accepted_by", "验收人", 16),
    LedgerColumn("accepted_on", "验收日期", 12, DAY),
    LedgerColumn("closed", "是否销号", 8),
    LedgerColumn("closed_on", "销号日期", 12, DAY),
    LedgerColumn("extensions", "延期次数", 8, NUMBER),
    LedgerColumn("returns", "退回次数", 8, NUMBER),
    LedgerColumn("light", "亮灯状态", 22),
)
BY_KEY = {column.key: column for column in COLUMNS}
ALWAYS = "title"
# What the list shows to whoever has chosen nothing.
USUAL = ("title", "unit", "department", "category", "grade", "state", "due", "number", "visited")
# The ledger as the office keeps it on paper. Source: DOMAIN §2.2 item 8
FULL = (
    *("no", "source", "title", "unit", "head", "owner", "measures", "due", "progress", "result", "proof"),
    *("accepted_by", "accepted_on", "closed", "extensions", "light"),
)


def chosen(keys: Iterable[object]) -> tuple[str, ...]:
    """The columns of these keys in the order of the ledger, without what is unknown; the problem is always told.

    Empty when none is known.
    """
    wanted = {key for key in keys if key in BY_KEY}
    return tuple(key for key in BY_KEY if key in wanted or key == ALWAYS) if wanted else ()
