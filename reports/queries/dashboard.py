"""The dashboard: the published numbers of a period, as charts and tables with the list behind each."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from conduct.dates import UNRECORDED
from conduct.drawing import linked
from conduct.shapes import Cell, Chart, ChartRow, Column, Row, Stat, Table
from people.access import Asker
from people.models import Unit
from reports.figures import Figure, Reading, UnitRow, published, scope, tables
from reports.rules import periods
from reports.rules.periods import Period

MOST_UNITS = 30
MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class Preset:
    """A period one click away."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One published number as it is printed, with its list behind it."""

    label: str
    number: str
    definition: str


@dataclass(frozen=True)
class Dashboard:
    """Everything the page prints."""

    head: str
    stats: list[Stat]
    figures: list[Figure]
    categories: Table
    categories_definition: str
    months: Chart
    heat: Chart
    units: Table
    units_definition: str
    units_left_out: int

    @property
    def lines(self) -> list[FigureLine]:
        """All figures as rows of a table."""
        return [
            FigureLine(
                figure.label, linked(figure.words, figure.url if figure.value else ""), figure.definition
            )
            for figure in self.figures
        ]


# Boards of late, by the facts they were made of: a page that is looked at again and again is made once.
_KEPT: dict[Hashable, Dashboard] = {}


def dashboard(*, user: Asker, period: Period, today: date, within: Unit | None = None) -> Dashboard:
    """The numbers of all branches the person reads, as at today: always read, and drawn where they are new.

    within: only this unit with all below it
    """
    reading = Reading(scope=scope.of_user(user, within=within), period=period, today=today)
    facts = reading.facts(crossed=MOST_UNITS)
    board = _KEPT.get(facts)
    if board is None:
        board = _KEPT[facts] = _board(reading)
        for old in list(_KEPT)[:-MOST_KEPT]:
            _KEPT.pop(old, None)
    return board


def _board(reading: Reading) -> Dashboard:
    figures = published.every(reading)
    units = tables.by_unit(reading, crossed=MOST_UNITS)
    codes = tables.codes_shown(reading)
    return Dashboard(
        head=_head(figures),
        stats=_stats(figures),
        figures=list(figures.values()),
        categories=_categories(reading),
        categories_definition=tables.BY_CATEGORY,
        months=_months(reading, codes),
        heat=_heat(reading, units[:MOST_UNITS], codes),
        units=_units(units, reading.period),
        units_definition=tables.BY_UNIT,
        units_left_out=max(0, len(units) - MOST_UNITS),
    )


def presets(*, today: date, chosen: Period, within: Unit | None = None) -> list[Preset]:
    """The periods people ask for most."""
    unit = within.code if within else ""
    month, week = periods.month_of(today), periods.week_of(today)
    last_month = periods.before(kind=periods.MONTHLY, day=today)
    named = [
        ("本周", replace(week, last=today)),
        ("上周", periods.before(kind=periods.WEEKLY, day=today)),
        ("本月", replace(month, last=today)),
        ("上月", last_month),
        ("今年以来", periods.year_to(today)),
        ("去年", Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]
    return [Preset(label, f"?{_asked(one, unit)}", one == chosen) for label, one in named]


def _head(figures: dict[str, Figure]) -> str:
    overdue, soon, running = (figures[key].value for key in ("overdue", "due_soon", "open"))
    if overdue:
        return f"{overdue} 件问题已经逾期，{soon} 件临近期限"
    if soon:
        return f"{soon} 件问题临近期限，没有逾期"
    return f"{running} 件问题正在整改，没有临期和逾期" if running else "目前没有正在整改的问题"


def _stats(figures: dict[str, Figure]) -> list[Stat]:
    tones = {"due_soon": "warn", "overdue": "bad", "closed": "good"}
    plain = [
        _stat(figures[key], tone=tones.get(key, "") if figures[key].value else "")
        for key in ("open", "due_soon", "overdue", "closed")
    ]
    rate, days = figures["rectification_rate"], figures["days_to_close"]
    return [
        *plain,
        replace(
            _stat(rate),
            trend=f"{days.label} {days.words}",
            definition=f"{rate.definition}{days.label}：{days.definition}",
        ),
    ]


def _stat(figure: Figure, *, tone: str = "") -> Stat:
    return Stat(
        label=figure.label,
        value=figure.value if figure.value is not None else figure.absent,
        unit=figure.unit if figure.value is not None else "",
        definition=figure.definition,
        url=figure.url,
        tone=tone,
    )


def _categories(reading: Reading) -> Table:
    return Table(
        columns=[Column("问题分类"), *(Column(name, "num") for name in ("发现", "销号", "在办", "逾期"))],
        rows=[
            Row(
                [
                    Cell(f"{row.code} {row.name}"),
                    _number(row.tally.problems, row.url),
                    _number(row.tally.closed, row.closed_url),
                    _number(row.tally.open, row.open_url),
                    _number(row.tally.overdue, row.overdue_url),
                ]
            )
            for row in tables.by_category(reading)
        ],
        caption="各类问题及整改情况",
    )


def _units(rows: list[UnitRow], period: Period) -> Table:
    return Table(
        columns=[Column("单位"), *(Column(name, "num") for name in ("发现", "销号", "在办", "逾期"))],
        rows=[
            Row(
                [
                    Cell(row.name or UNRECORDED, _board_of(row, period)),
                    _number(row.tally.problems, row.url),
                    _number(row.tally.closed, row.closed_url),
                    _number(row.tally.open, row.open_url),
                    _number(row.tally.overdue, row.overdue_url),
                ]
            )
            for row in rows[:MOST_UNITS]
        ],
        caption="各单位问题及整改情况",
    )


def _board_of(row: UnitRow, period: Period) -> str:
    """The board of this unit alone, where its months stand too; of what is not recorded there is none."""
    return "" if row.is_unrecorded else f"?{_asked(period, row.code)}"


def _asked(period: Period, unit: str = "") -> str:
    return f"first={period.first}&last={period.last}" + (f"&{urlencode({'unit': unit})}" if unit else "")


def _number(value: int, url: str) -> Cell:
    return Cell(value, url if value else "")


def _months(reading: Reading, codes: dict[str, str]) -> Chart:
    rows = tables.by_month(reading)
    spans = [periods.month_of(row.month).within(reading.period) for row in rows]
    return Chart(
        id="chart-months",
        kind="stack",
        title="各月发现的问题",
        columns=[_month(row.month, period=reading.period) for row in rows],
        rows=[
            ChartRow(
                label=f"{code} {name}" if name != code else code,
                values=[row.by_category.get(code, 0) for row in rows],
                urls=[reading.lists.found_in(span, top=code) for span in spans],
            )
            for code, name in codes.items()
        ],
        definition=tables.BY_MONTH,
        row_head="问题分类",
    )


def _month(month: date, *, period: Period) -> str:
    """The month; with its year where the period spans several."""
    year = "" if period.first.year == period.last.year else f"{month.year}年"
    return f"{year}{month.month}月"


def _heat(reading: Reading, units: list[UnitRow], codes: dict[str, str]) -> Chart:
    period = reading.period
    return Chart(
        id="chart-units",
        kind="heat",
        title="各单位各类问题",
        columns=[f"{code} {name}" if name != code else code for code, name in codes.items()],
        rows=[
            ChartRow(
                label=unit.name,
                values=[unit.by_category.get(code, 0) for code in codes],
                urls=[reading.lists.found_in(period, top=code, unit=unit.unit_id) for code in codes],
            )
            for unit in units
        ],
        definition=tables.BY_UNIT,
        row_head="单位",
    )
