"""Reading campaigns of the past (历史补录): what the source says, line by line, and what is wrong with it.

What a source does not say stays None or "" (未记录); nothing is guessed. No Django here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from conduct.cleaning import clean_text

METHODS = {
    "open": "open",
    "covert": "covert",
    "window": "window",
    "mystery": "mystery",
    "phone": "phone",
    "forum": "forum",
    "grassroots": "grassroots",
    "revisit": "revisit",
    "明察": "open",
    "明查": "open",
    "暗访": "covert",
    "进窗口": "window",
    "体验办事": "mystery",
    "电话抽查": "phone",
    "开座谈": "forum",
    "下基层": "grassroots",
    "回头看": "revisit",
}
COLUMNS = (
    "日期",
    "时间",
    "单位",
    "科室（窗口）",
    "地点",
    "指标编码",
    "事实",
    "涉及人员岗位",
    "涉及人数",
    "起数",
    "当场处置",
)
REQUIRED_COLUMNS = ("日期", "指标编码", "事实")
LONGEST_TITLE = 80
LONGEST_FACTS = 20_000
LONGEST_CELL = 60
LONGEST_PLACE = 120
LONGEST_HANDLING = 200
MOST = 9999

DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?$")
CLOCK = re.compile(r"^(\d{1,2})\s*[:：时点]\s*(\d{1,2})\s*分?(?:[:：]\d{2})?$")


@dataclass(frozen=True)
class Trouble:
    """One thing wrong with the file. row: as counted in the file, 0 for the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True)
class Line:
    """One line of the source. unit "" and None mean the source does not say."""

    row: int
    day: date
    unit: str
    department: str
    place: str
    seen_at: time | None
    indicator: str
    facts: str
    person_post: str
    persons: int
    count: int
    handled_on_spot: str


@dataclass(frozen=True)
class Source:
    """One campaign of the past as its source tells it."""

    title: str
    method: str
    content: str
    scope: str
    lines: tuple[Line, ...]
    stated_pool: int | None = None
    stated_units_visited: int | None = None
    outcome: str = ""

    @property
    def first_day(self) -> date:
        return min(line.day for line in self.lines)

    @property
    def last_day(self) -> date:
        return max(line.day for line in self.lines)


@dataclass
class Reader:
    """Turns words into values and notes what cannot be read."""

    today: date
    troubles: list[Trouble] = field(default_factory=list)

    def fault(self, row: int, text: str) -> None:
        """Note what is wrong with one row."""
        self.troubles.append(Trouble(row, text))

    def text(self, row: int, name: str, value: Any, *, most: int, required: bool = False) -> str:
        """Words without control characters."""
        if value is None:
            value = ""
        if not isinstance(value, str | int | float):
            self.fault(row, f"“{name}”应是一段文字。")
            return ""
        words = clean_text(str(value))
        if required and not words:
            self.fault(row, f"没有填写“{name}”，请补上。")
        if len(words) > most:
            self.fault(row, f"“{name}”有 {len(words)} 字，最多 {most} 字，请缩短。")
        return words

    def whole(self, row: int, name: str, value: Any, *, least: int, otherwise: int) -> int:
        """A whole number, or what stands where nothing is written."""
        words = clean_text(str(value)) if value is not None and not isinstance(value, bool) else ""
        if value is None or (isinstance(value, str) and not words):
            return otherwise
        number = re.fullmatch(r"([+-]?\d{1,9})(?:\.0+)?", words)
        if number is None:
            self.fault(row, f"“{name}”应填整数，现在是“{str(value)[:30]}”。")
            return otherwise
        if not least <= int(number[1]) <= MOST:
            self.fault(row, f"“{name}”应在 {least} 至 {MOST} 之间，现在是 {int(number[1])}。")
            return otherwise
        return int(number[1])

    def day(self, row: int, name: str, value: Any) -> date | None:
        """A day that is not in the future."""
        words = clean_text(str(value)) if value is not None else ""
        if not words:
            self.fault(row, f"没有填写“{name}”，请按 2014-05-16 的样子填写。")
            return None
        found = DAY.match(words)
        try:
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            self.fault(row, f"“{name}”不是日期：“{words[:30]}”。请按 2014-05-16 的样子填写。")
        elif day > self.today:
            self.fault(row, f"“{name}”{day.isoformat()} 晚于今天。历史补录只收已经发生的检查。")
        return day

    def clock(self, row: int, name: str, value: Any) -> time | None:
        """A time of day; None where nothing is written."""
        words = clean_text(str(value)) if value is not None else ""
        if not words:
            return None
        found = CLOCK.match(words)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        self.fault(row, f"“{name}”不是时间：“{words[:30]}”。请按 15:07 的样子填写；来源没有写明的请留空。")
        return None


def read_case(raw: Any, *, today: date) -> tuple[Source | None, list[Trouble]]:
    """The campaign of a JSON document, and what is wrong with it.

    raw: the parsed document: either "observations" with counts of a draw, or "visits" with unit, time and place
    """
    reader = Reader(today)
    if not isinstance(raw, Mapping):
        return None, [Trouble(0, "文件内容应是一个批次：含“title”“date”，以及“visits”或“observations”。")]
    title = reader.text(0, "title（批次名称）", raw.get("title"), most=LONGEST_TITLE, required=True)
    method = _method(reader, raw.get("method"))
    day = reader.day(0, "date（日期）", raw.get("date"))
    if (raw.get("visits") is None) == (raw.get("observations") is None):
        reader.fault(0, "应有且只有“visits”（按单位逐条）或“observations”（按问题汇总）其中之一。")
        return None, reader.troubles
    entries = raw["visits"] if raw.get("visits") is not None else raw["observations"]
    if not isinstance(entries, list) or not entries:
        reader.fault(0, "“visits”或“observations”应是至少一条记录的列表。")
        return None, reader.troubles
    lines = [_case_line(reader, number, entry, day or today) for number, entry in enumerate(entries, 1)]
    draw, scope = _part(reader, raw, "draw"), _part(reader, raw, "scope")
    source = Source(
        title=title,
        method=method,
        content=_content(reader, raw),
        scope=_scope(reader, draw, scope),
        lines=tuple(line for line in lines if line),
        stated_pool=_stated(reader, "pool_units（抽签单位总数）", draw.get("pool_units")),
        stated_units_visited=_stated(reader, "（检查单位数）", draw.get("drawn_units", scope.get("units"))),
        outcome="\n".join(_words(reader, raw, "outcome")),
    )
    return (None if reader.troubles else source), reader.troubles


def read_table(
    rows: Iterable[tuple[int, Mapping[str, Any]]], *, title: str, method: str, today: date
) -> tuple[Source | None, list[Trouble]]:
    """The campaign of a flat table, and what is wrong with it.

    rows: (row number in the file, {column: cell})
    """
    reader = Reader(today)
    lines = [_table_line(reader, number, row) for number, row in rows]
    source = Source(
        title=reader.text(0, "批次名称", title, most=LONGEST_TITLE, required=True),
        method=_method(reader, method),
        content="历史补录",
        scope="按来源登记",
        lines=tuple(line for line in lines if line),
    )
    return (None if reader.troubles else source), reader.troubles


def _case_line(reader: Reader, row: int, entry: Any, day: date) -> Line | None:
    if not isinstance(entry, Mapping):
        reader.fault(row, "应是一条记录（花括号括起的内容）。")
        return None
    return _line(
        reader,
        row,
        day,
        {
            "时间": entry.get("time"),
            "单位": entry.get("unit"),
            "科室（窗口）": entry.get("department"),
            "地点": entry.get("place"),
            "指标编码": entry.get("indicator"),
            "事实": entry.get("fact"),
            "涉及人员岗位": entry.get("role"),
            "涉及人数": entry.get("persons"),
            "起数": entry.get("count"),
            "当场处置": entry.get("handled"),
        },
    )


def _table_line(reader: Reader, row: int, cells: Mapping[str, Any]) -> Line | None:
    day = reader.day(row, "日期", cells.get("日期"))
    return _line(reader, row, day or reader.today, cells)


def _line(reader: Reader, row: int, day: date, cells: Mapping[str, Any]) -> Line:
    return Line(
        row=row,
        day=day,
        unit=reader.text(row, "单位", cells.get("单位"), most=100),
        department=reader.text(row, "科室（窗口）", cells.get("科室（窗口）"), most=LONGEST_CELL),
        place=reader.text(row, "地点", cells.get("地点"), most=LONGEST_PLACE),
        seen_at=reader.clock(row, "时间", cells.get("时间")),
        indicator=reader.text(row, "指标编码", cells.get("指标编码"), most=10, required=True).upper(),
        facts=reader.text(row, "事实", cells.get("事实"), most=LONGEST_FACTS, required=True),
        person_post=reader.text(row, "涉及人员岗位", cells.get("涉及人员岗位"), most=LONGEST_CELL),
        persons=reader.whole(row, "涉及人数", cells.get("涉及人数"), least=0, otherwise=0),
        count=reader.whole(row, "起数", cells.get("起数"), least=1, otherwise=1),
        handled_on_spot=reader.text(row, "当场处置", cells.get("当场处置"), most=LONGEST_HANDLING),
    )


def _method(reader: Reader, value: Any) -> str:
    known = METHODS.get(clean_text(str(value or "")))
    if known is None:
        reader.fault(0, f"检查方式“{str(value or '')[:20]}”不认识。请填：明察、暗访、进窗口、体验办事等。")
    return known or "open"


def _part(reader: Reader, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = raw.get(name)
    if part is None or isinstance(part, Mapping):
        return part or {}
    reader.fault(0, f"“{name}”应是花括号括起的内容。")
    return {}


def _words(reader: Reader, raw: Mapping[str, Any], name: str) -> list[str]:
    part = raw.get(name)
    if part is None:
        return []
    if not isinstance(part, list):
        part = [part]
    return [reader.text(0, name, words, most=500) for words in part]


def _stated(reader: Reader, name: str, value: Any) -> int | None:
    return None if value is None else reader.whole(0, name, value, least=0, otherwise=0)


def _content(reader: Reader, raw: Mapping[str, Any]) -> str:
    parts = []
    if raw.get("organiser"):
        parts.append(f"组织单位：{reader.text(0, 'organiser（组织单位）', raw['organiser'], most=100)}")
    if raw.get("focus"):
        parts.append(f"检查重点：{'、'.join(_words(reader, raw, 'focus'))}")
    return "\n".join(parts) or "历史补录"


def _scope(reader: Reader, draw: Mapping[str, Any], scope: Mapping[str, Any]) -> str:
    parts = []
    if scope.get("districts") is not None:
        parts.append(f"{_stated(reader, 'districts（区县数）', scope['districts'])}个区")
    if scope.get("units") is not None:
        parts.append(f"{_stated(reader, 'units（单位数）', scope['units'])}个单位")
    if draw.get("pool_units") is not None and draw.get("drawn_units") is not None:
        drawn = _stated(reader, "drawn_units（抽中单位数）", draw["drawn_units"])
        parts.append(
            f"从{_stated(reader, 'pool_units（抽签单位总数）', draw['pool_units'])}个单位中抽取{drawn}个"
        )
    if draw.get("conditions"):
        parts.append(reader.text(0, "conditions（抽签情况）", draw["conditions"], most=500))
    return "；".join(parts) or "按来源登记"
