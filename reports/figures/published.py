"""One function per published number. Dashboard, bulletin and list all print what these return, with its definition."""

from __future__ import annotations

from collections.abc import Callable

from findings.rules.light import SOON_WORKING_DAYS
from reports.rules.periods import Period

from . import lists
from .figure import Figure
from .lists import Lists
from .reading import Reading

# The list behind each number that has one; papers are frozen without their lists, pages find them again by key.
LINKS: dict[str, Callable[[Lists, Period], str]] = {
    "units_with_problems": lambda to, period: to.found_in(period),
    "problems": lambda to, period: to.found_in(period),
    "persons": lambda to, period: to.found_in(period, about=lists.PERSONS),
    "problems_not_about_a_person": lambda to, period: to.found_in(period, about=lists.NOBODY),
    "issued": lambda to, period: to.issued_in(period),
    "closed": lambda to, period: to.closed_in(period),
    "issued_and_closed": lambda to, period: to.issued_in(period, state=lists.CLOSED),
    "rectification_rate": lambda to, period: to.issued_in(period),
    "days_to_close": lambda to, period: to.closed_in(period),
    "open": lambda to, period: to.of(state=lists.OPEN),
    "due_soon": lambda to, period: to.of(state=lists.DUE_SOON),
    "overdue": lambda to, period: to.of(state=lists.OVERDUE),
}


def link(key: str, to: Lists, period: Period) -> str:
    """The address of the list behind a number; empty for one that counts no findings."""
    return LINKS[key](to, period) if key in LINKS else ""


def units_visited(reading: Reading) -> Figure:
    """How many different units were visited."""
    seen, counted = reading.campaigns.seen, reading.visits.units
    return Figure(
        "units_visited",
        "检查单位",
        counted + (seen or 0) if counted or seen is not None else _zero_unless_untold(reading),
        "家",
        "统计期内实际到过的被查单位，同一单位只计一次；尚未出发和已中止的检查不计。"
        "历史补录的检查，原始材料载明家数的按所载家数计。",
    )


def units_pool(reading: Reading) -> Figure:
    """How many units the campaigns had to choose from."""
    campaigns = reading.campaigns
    return Figure(
        "units_pool",
        "应查范围内单位",
        campaigns.pool if campaigns.number else 0,
        "家",
        "与统计期有交集、已经开始的检查所列被查单位数之和；历史补录的检查按原始材料载明的抽查范围计，未载明的不计。",
    )


def visits_made(reading: Reading) -> Figure:
    """How many visits were made."""
    made = reading.visits.made
    return Figure(
        "visits",
        "检查次数",
        made if made else _zero_unless_untold(reading),
        "次",
        "统计期内实际进行的检查，一个检查组到一个单位一次计一次；尚未出发和已中止的不计。"
        "历史补录只载明家数、没有逐次记录的不计。",
    )


def units_with_problems(reading: Reading) -> Figure:
    """At how many different units problems were found."""
    units = sum(not row["is_unrecorded"] for row in reading.by_unit.values())
    untold = len(reading.by_unit) > units
    return Figure(
        "units_with_problems",
        "发现问题的单位",
        units if units or not untold else None,
        "家",
        "统计期内查有问题（属实或部分属实）的单位，同一单位只计一次；原始材料未载明单位的不计。",
        link("units_with_problems", reading.lists, reading.period),
    )


def problems(reading: Reading) -> Figure:
    """How many problems were found."""
    return Figure(
        "problems",
        "发现问题",
        _total(reading, "problems"),
        "个",
        "检查日期在统计期内、经认定属实或部分属实的问题，按起数计（台账一条载明多起的，按所载起数）。",
        link("problems", reading.lists, reading.period),
    )


def persons(reading: Reading) -> Figure:
    """How many people the problems concern."""
    return Figure(
        "persons",
        "涉及人员",
        _total(reading, "people"),
        "人次",
        "统计期内发现的问题所涉人数之和，同一人涉及多个问题的分别计算。",
        link("persons", reading.lists, reading.period),
    )


def problems_not_about_a_person(reading: Reading) -> Figure:
    """How many problems concern no one in particular."""
    return Figure(
        "problems_not_about_a_person",
        "不涉及具体人员的问题",
        _total(reading, "impersonal"),
        "个",
        "统计期内发现的问题中，涉及人数为零的，按起数计。",
        link("problems_not_about_a_person", reading.lists, reading.period),
    )


def issued(reading: Reading) -> Figure:
    """How many findings were handed over to their units."""
    return Figure(
        "issued",
        "交办整改",
        reading.turned_over.issued,
        "件",
        "整改通知书在统计期内发出的问题。",
        link("issued", reading.lists, reading.period),
    )


def closed(reading: Reading) -> Figure:
    """How many findings were closed."""
    return Figure(
        "closed",
        "本期销号",
        reading.turned_over.closed,
        "件",
        "统计期内验收销号的问题，不论何时交办。",
        link("closed", reading.lists, reading.period),
    )


def issued_and_closed(reading: Reading) -> Figure:
    """How many of the findings handed over in the period are closed by now."""
    return Figure(
        "issued_and_closed",
        "其中已销号",
        reading.turned_over.issued_closed,
        "件",
        "统计期内交办的问题中，到统计时已销号的。",
        link("issued_and_closed", reading.lists, reading.period),
    )


def rectification_rate(reading: Reading) -> Figure:
    """Which share of what was handed over in the period is closed by now."""
    counts = reading.turned_over
    return Figure(
        "rectification_rate",
        "整改率",
        round(counts.issued_closed * 100 / counts.issued, 1) if counts.issued else None,
        "%",
        "已销号数÷交办数：统计期内交办的问题中，到统计时已销号的所占比例；统计期内没有交办的，不计算。",
        link("rectification_rate", reading.lists, reading.period),
        absent="暂无",
    )


def days_to_close(reading: Reading) -> Figure:
    """How many working days it took on average from notice to closing."""
    days = reading.turned_over.days
    return Figure(
        "days_to_close",
        "平均整改用时",
        round(days, 1) if days is not None else None,
        "个工作日",
        "统计期内销号的问题，从整改通知书发出到销号的工作日数的平均值，发出当日不计。",
        link("days_to_close", reading.lists, reading.period),
        absent="暂无",
    )


def open_now(reading: Reading) -> Figure:
    """How many findings are on someone's desk now."""
    return Figure(
        "open",
        "在办问题",
        reading.on_desks.open,
        "件",
        "统计时已交办、尚未销号的问题，不论何时发现。",
        link("open", reading.lists, reading.period),
    )


def due_soon(reading: Reading) -> Figure:
    """How many findings in the hands of units are due within three working days."""
    guess = "（放假安排尚未录入，按周一至周五估算）" if reading.is_estimate else ""
    return Figure(
        "due_soon",
        "临期问题",
        reading.on_desks.soon,
        "件",
        f"待单位整改的问题中，距整改期限不超过{SOON_WORKING_DAYS}个工作日的，含当日到期的{guess}；"
        "已报送整改报告、因异议暂停计时的不计。",
        link("due_soon", reading.lists, reading.period),
    )


def overdue(reading: Reading) -> Figure:
    """How many findings in the hands of units are past their deadline."""
    return Figure(
        "overdue",
        "逾期问题",
        reading.on_desks.overdue,
        "件",
        "待单位整改的问题中，统计日已超过整改期限的；到期当日不算逾期，已报送整改报告、因异议暂停计时的不计。",
        link("overdue", reading.lists, reading.period),
    )


ALL: tuple[Callable[[Reading], Figure], ...] = (
    units_visited,
    units_pool,
    visits_made,
    units_with_problems,
    problems,
    persons,
    problems_not_about_a_person,
    issued,
    issued_and_closed,
    rectification_rate,
    closed,
    days_to_close,
    open_now,
    due_soon,
    overdue,
)


def every(reading: Reading) -> dict[str, Figure]:
    """All published numbers by key, in the order they are printed."""
    return {figure.key: figure for figure in (make(reading) for make in ALL)}


def _total(reading: Reading, column: str) -> int:
    return sum(row[column] for row in reading.by_month.values())


def _zero_unless_untold(reading: Reading) -> int | None:
    return None if reading.visits.untold else 0
