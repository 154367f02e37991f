"""Reading a unit's own ledger line by line: what it says, and what is wrong with it. Nothing is guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from conduct.cleaning import clean_text

from .history import DAY, LONGEST_CELL, LONGEST_FACTS, Reader, Trouble

# Heading: other headings it goes by.
HEADINGS: dict[str, tuple[str, ...]] = {
    "日期": ("检查日期", "发现日期", "登记日期", "发现时间"),
    "责任单位": ("单位", "整改单位"),
    "问题": ("存在问题", "问题描述", "发现问题"),
    "分类": ("问题分类", "指标编码", "问题类别"),
    "问题事实": (),
    "科室（窗口）": ("科室", "窗口"),
    "问题来源": ("来源",),
    "责任领导": ("分管领导",),
    "责任人": ("具体责任人", "经办人"),
    "整改措施": ("措施",),
    "整改期限": ("时限", "整改时限", "期限", "完成时限"),
    "进展": ("整改进展", "进展情况"),
    "完成情况": ("整改完成情况", "整改情况"),
    "佐证材料": ("佐证", "佐证材料（份）"),
    "验收人": (),
    "验收日期": ("验收时间",),
    "是否销号": ("销号", "销号情况"),
    "销号日期": ("销号时间",),
    "延期次数": (),
    "亮灯状态": ("亮灯",),
    "通知书": ("通知书编号",),
}
REQUIRED = ("日期", "责任单位", "问题", "分类")
YES, NO = ("是", "已销号", "已办结", "√"), ("否", "未销号", "未办结", "×")
LONGEST_TEXT = 5000
LONGEST_PROOF = 200
LONGEST_LIGHT = 30
MOST_EXTENSIONS = 99


@dataclass(frozen=True)
class LedgerLine:
    """One line of the file; None and "" mean the file does not say."""

    row: int
    day: date
    unit: str
    category: str
    facts: str
    department: str
    source: str
    leader: str
    owner: str
    measures: str
    due_on: date | None
    progress: str
    result: str
    proof: str
    accepted_by: str
    accepted_on: date | None
    is_closed: bool | None
    closed_on: date | None
    extensions: int | None
    light: str


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, today: date
) -> tuple[list[LedgerLine], list[Trouble]]:
    """The lines of the file, and everything wrong with them.

    rows: (row number in the file, {heading: cell})
    """
    reader = Reader(today)
    lines = [_line(reader, number, cells) for number, cells in rows]
    return [line for line in lines if line], reader.troubles


def fingerprint(*, unit: int, day: date, category: str, facts: str) -> str:
    """The same for the same problem, however it is spaced. unit: its key"""
    words = "\0".join([str(unit), day.isoformat(), category, "".join(facts.split())])
    return hashlib.sha256(words.encode()).hexdigest()


def code_of(category: str) -> str:
    """The code at the start of what stands in the column: “B1-01 服务态度” as the house exports it."""
    return category.split()[0].upper() if category else ""


def _line(reader: Reader, row: int, cells: Mapping[str, str]) -> LedgerLine | None:
    def short(name: str, most: int = LONGEST_CELL, *, required: bool = False) -> str:
        return reader.text(row, name, cells.get(name), most=most, required=required)

    if clean_text(cells.get("通知书", "")):
        reader.fault(row, "这一行有通知书编号，是本系统里已有的问题，不能再导入。请从文件里删去。")
    day = reader.day(row, "日期", cells.get("日期"))
    title, facts = short("问题", LONGEST_FACTS, required=True), short("问题事实", LONGEST_FACTS)
    is_closed, closed_on = _closed(reader, row, cells)
    if day is None:
        return None
    return LedgerLine(
        row=row,
        day=day,
        unit=short("责任单位", 100, required=True),
        category=short("分类", 100, required=True),
        facts=facts or title,
        department=short("科室（窗口）"),
        source=short("问题来源"),
        leader=short("责任领导"),
        owner=short("责任人"),
        measures=short("整改措施", LONGEST_TEXT),
        due_on=_day(reader, row, "整改期限", cells),
        progress=short("进展", LONGEST_TEXT),
        result=short("完成情况", LONGEST_TEXT),
        proof=short("佐证材料", LONGEST_PROOF),
        accepted_by=short("验收人"),
        accepted_on=_past_day(reader, row, "验收日期", cells),
        is_closed=is_closed,
        closed_on=closed_on,
        extensions=_extensions(reader, row, cells),
        light=short("亮灯状态", LONGEST_LIGHT),
    )


def _closed(reader: Reader, row: int, cells: Mapping[str, str]) -> tuple[bool | None, date | None]:
    said = clean_text(cells.get("是否销号", ""))
    day = _past_day(reader, row, "销号日期", cells)
    if said in NO and day:
        reader.fault(row, "“是否销号”填的是否，又填了“销号日期”，两处不一致。请核对。")
    elif said and said not in (*YES, *NO):
        reader.fault(row, f"“是否销号”应填“是”或“否”，现在是“{said[:20]}”。")
    return (True if said in YES or day else False if said in NO else None), day


def _day(reader: Reader, row: int, name: str, cells: Mapping[str, str]) -> date | None:
    words = clean_text(cells.get(name, ""))
    if not words:
        return None
    found = DAY.match(words)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2999:
        reader.fault(row, f"“{name}”不是日期：“{words[:30]}”。请按 2014-05-16 的样子填写；没有写明的请留空。")
        return None
    return day


def _past_day(reader: Reader, row: int, name: str, cells: Mapping[str, str]) -> date | None:
    day = _day(reader, row, name, cells)
    if day and day > reader.today:
        reader.fault(row, f"“{name}”{day.isoformat()} 晚于今天。请核对。")
    return day


def _extensions(reader: Reader, row: int, cells: Mapping[str, str]) -> int | None:
    if not clean_text(cells.get("延期次数", "")):
        return None
    number = reader.whole(row, "延期次数", cells["延期次数"], least=0, otherwise=0)
    if number > MOST_EXTENSIONS:
        reader.fault(row, f"“延期次数”最多 {MOST_EXTENSIONS} 次，现在是 {number}。请核对。")
    return number
