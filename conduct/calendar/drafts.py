"""A year's notice as typed or handed in, checked before anything is saved. Plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from conduct.tables import Column, Fault, Faults, Line

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_SPAN = 60
OFF, WORK = "off", "work"
KIND_NAMES = {OFF: "放假", WORK: "调休上班"}
KIND_WORDS = {"放假": OFF, "休": OFF, "off": OFF, "调休上班": WORK, "上班": WORK, "班": WORK, "work": WORK}
COLUMNS = (
    Column("start", "起始日", required=True, also=("日期",)),
    Column("end", "终止日"),
    Column("kind", "类型", required=True),
    Column("name", "名称"),
    Column("source", "依据"),
)
EXAMPLES = (
    ("2026-01-01", "2026-01-03", "放假", "元旦", "国务院办公厅通知"),
    ("2026-01-04", "", "调休上班", "", ""),
)
_YEAR = re.compile(r"\d{4}")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00:00)?")


@dataclass
class YearDraft:
    """One year: its source, and what each special day is, as {day: (kind, name)}."""

    year: int
    source: str = ""
    days: dict[date, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """Days in a row of one kind; row is where they stand in the file or form."""

    row: int
    start: date
    end: date
    kind: str
    name: str = ""

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


def parse_date(text: str) -> date | None:
    """A date as people write it: 2026-1-4, 2026/1/4, 2026.1.4 or 2026年1月4日; None when it is none."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def gather(spans: Iterable[Span], *, sources: Mapping[int, str], faults: Faults) -> list[YearDraft]:
    """The years the spans speak of; what contradicts itself is added to the faults."""
    years: dict[int, YearDraft] = {}
    for span in spans:
        problem = _problem(span)
        if problem:
            faults.add(span.row, problem)
            continue
        draft = years.setdefault(
            span.start.year, YearDraft(span.start.year, sources.get(span.start.year, ""))
        )
        for day in span.days:
            if day in draft.days:
                faults.add(
                    span.row,
                    f"{day.isoformat()} 前面已经写过（{KIND_NAMES[draft.days[day][0]]}），请只保留一处。",
                )
            else:
                draft.days[day] = (span.kind, span.name)
    for draft in years.values():
        if not any(kind == OFF for kind, _ in draft.days.values()):
            faults.add(0, f"{draft.year} 年没有一天放假。请补齐全年的放假安排后再保存。")
    return sorted(years.values(), key=lambda draft: draft.year)


def from_lines(lines: Iterable[Line]) -> tuple[list[YearDraft], list[Fault]]:
    """Years from the rows of a table, and what is wrong with them."""
    faults = Faults()
    spans: list[Span] = []
    sources: dict[int, str] = {}
    for line in lines:
        span = _span(line, faults)
        if span:
            spans.append(span)
            if line["source"]:
                sources.setdefault(span.start.year, line["source"][:200])
    drafts = gather(spans, sources=sources, faults=faults)
    return drafts, faults.in_order()


def from_notice(value: Any) -> tuple[list[YearDraft], list[Fault]]:
    """Years from JSON as it is shipped, and what is wrong with them.

    value: {"source": {year: text}, "years": {year: {"off": [[from, to, name]], "work": [day]}}}

    Rows are counted through the file, years and lists in their order.
    """
    faults = Faults()
    spans: list[Span] = []
    years = value.get("years") if isinstance(value, dict) else None
    if not isinstance(years, dict) or not years:
        faults.add(0, f"{_shape_problem(value)}请对照随系统提供的节假日文件的格式。")
        return [], faults.found
    sources = value.get("source")
    row = 0
    for year, lists in years.items():
        for kind, entry in _entries(year, lists, faults):
            row += 1
            span = _entry_span(row, kind, entry, faults)
            if span and str(span.start.year) != str(year):
                faults.add(row, f"{span.start.isoformat()} 写在 {year} 年之下，请移到 {span.start.year} 年。")
            elif span:
                spans.append(span)
    named = sources if isinstance(sources, dict) else {}
    texts = {int(year): str(text)[:200] for year, text in named.items() if _YEAR.fullmatch(str(year))}
    return gather(spans, sources=texts, faults=faults), faults.in_order()


def _shape_problem(value: Any) -> str:
    if not isinstance(value, dict):
        return "JSON 的最外层应当是一个对象（花括号）。"
    if "years" not in value:
        return "JSON 里没有“years”一项。"
    if not isinstance(value["years"], dict):
        return '“years”应当是以年份为名的对象，如 {"2027": {"off": [], "work": []}}。'
    return "“years”里一个年份也没有。"


def spans_of(days: Mapping[date, tuple[str, str]]) -> list[Span]:
    """Days in a row of one kind and name, joined for reading and editing."""
    spans: list[Span] = []
    for day in sorted(days):
        kind, name = days[day]
        last = spans[-1] if spans else None
        if last and last.kind == kind == OFF and last.name == name and day - last.end == timedelta(days=1):
            spans[-1] = Span(last.row, last.start, day, kind, name)
        else:
            spans.append(Span(len(spans) + 1, day, day, kind, name))
    return spans


def _problem(span: Span) -> str:
    if not FIRST_YEAR <= span.start.year <= LAST_YEAR:
        return f"{span.start.year} 年不在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间，请核对年份。"
    if span.end < span.start:
        return f"终止日 {span.end.isoformat()} 早于起始日 {span.start.isoformat()}，请核对。"
    if span.end.year != span.start.year:
        return "起始日和终止日不在同一年，请按年分成两行。"
    if len(span.days) > LONGEST_SPAN:
        return f"一段有 {len(span.days)} 天，超过 {LONGEST_SPAN} 天，请核对终止日。"
    weekdays = [day for day in span.days if day.weekday() < 5]
    if span.kind == WORK and weekdays:
        return f"{weekdays[0].isoformat()} 是周一至周五，本来就上班，不必写成调休上班。请核对日期。"
    return ""


def _span(line: Line, faults: Faults) -> Span | None:
    start = parse_date(line["start"])
    end = parse_date(line["end"]) if line["end"] else start
    kind = KIND_WORDS.get(line["kind"])
    if start is None:
        faults.add(line.number, f"“{line['start']}”不是日期，请写成 2026-01-04 的样子。", "起始日")
    if line["end"] and end is None:
        faults.add(line.number, f"“{line['end']}”不是日期，请写成 2026-01-04 的样子。", "终止日")
    if kind is None:
        faults.add(line.number, f"“{line['kind']}”不能识别，请填“放假”或“调休上班”。", "类型")
    if start is None or end is None or kind is None:
        return None
    return Span(line.number, start, end, kind, line["name"][:50])


def _entries(year: Any, lists: Any, faults: Faults) -> Iterable[tuple[str, Any]]:
    if not isinstance(lists, dict) or not all(isinstance(lists.get(kind, []), list) for kind in (OFF, WORK)):
        faults.add(0, f"{year} 年应当有“off”和“work”两个列表。请对照随系统提供的节假日文件的格式。")
        return
    for kind in (OFF, WORK):
        for entry in lists.get(kind, []):
            yield kind, entry


def _entry_span(row: int, kind: str, entry: Any, faults: Faults) -> Span | None:
    parts = [str(part) for part in entry] if isinstance(entry, list) else [str(entry)]
    start = parse_date(parts[0]) if parts else None
    end = parse_date(parts[1]) if len(parts) > 1 else start
    if start is None or end is None:
        faults.add(row, f"“{'、'.join(parts)}”不是日期，请写成 2026-01-04 的样子。")
        return None
    return Span(row, start, end, kind, parts[2][:50] if len(parts) > 2 else "")
