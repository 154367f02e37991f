"""The facts of a bulletin as they stand at drafting: the paper without its number and date of issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from conduct.dates import plain_date
from conduct.models import Office
from people.models import Unit
from reports import papers
from reports.figures import Figure, Reading, Tally, published, scope, tables
from reports.rules.periods import MONTHLY, Period

from . import cases

RECIPIENTS = "各有关单位"
# One word, two counts: said beside them, so that nobody takes them for a mistake.
TABLES = (
    "分类和分单位统计中的销号、逾期，只计本期检查发现的问题；"
    "主要数据中的逾期问题，是截至统计日全部在办问题中逾期的。"
)
UNIT_RATE = "附表中各单位整改率，为统计期内发现的问题中已销号数占已交办数的比例；没有交办的，记为“—”。"
STEPS = 3

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Draft:
    """The paper without its number and date, and the findings it met on the way."""

    paper: papers.Bulletin
    gathered: cases.Gathered


def facts(
    *, kind: str, office: Unit, house: Office, period: Period, today: date, most_cases: int, on_step: Step
) -> Draft:
    """Read the figures, the tables and the cases of a period, as at today.

    most_cases: how many cases are printed; the rest are counted in a note
    on_step:    told (done, total) after each part
    """
    reading = Reading(scope=scope.of_office(office), period=period, today=today)
    figures = tuple(_figure(figure) for figure in published.every(reading).values())
    on_step(1, STEPS)
    categories, units = tables.by_category(reading), tables.by_unit(reading, crossed=0)
    on_step(2, STEPS)
    gathered = cases.of_period(reading=reading, most=most_cases)
    on_step(3, STEPS)
    paper = papers.Bulletin(
        mark=f"{house.issuer}文件",
        issuer=house.issuer,
        title=f"关于{title_words(kind=kind, period=period)}明察暗访情况的通报",
        recipients=RECIPIENTS,
        period=period.words,
        symbol=house.bulletin_code,
        figures=figures,
        category_rows=tuple(_category(row.code, row.name, row.tally) for row in categories),
        category_total=_category("", "合计", _sum([row.tally for row in categories])),
        unit_rows=tuple(_unit(row.name, row.tally) for row in units),
        unit_total=_unit("合计", _sum([row.tally for row in units])) if units else None,
        cases=gathered.cases,
        notes=_notes(today=today, printed=len(gathered.cases), found=gathered.found, has_units=bool(units)),
        printer=house.issuer,
    )
    return Draft(paper, gathered)


def title_words(*, kind: str, period: Period) -> str:
    """The period in a title: a month by its name, anything else by its days."""
    if kind == MONTHLY:
        return f"{period.first.year}年{period.first.month}月"
    return period.words


def _figure(figure: Figure) -> papers.Figure:
    return papers.Figure(figure.key, figure.label, figure.words, figure.definition)


def _category(code: str, name: str, tally: Tally) -> papers.CategoryRow:
    return papers.CategoryRow(code, name, tally.problems, tally.closed, tally.overdue)


def _unit(name: str, tally: Tally) -> papers.UnitRow:
    handed_over = tally.closed + tally.open
    rate = f"{tally.closed * 100 / handed_over:.1f}%" if handed_over else "—"
    return papers.UnitRow(name, tally.problems, tally.closed, tally.overdue, rate)


def _sum(tallies: list[Tally]) -> Tally:
    return Tally(
        *(
            sum(getattr(tally, name) for tally in tallies)
            for name in ("problems", "closed", "open", "overdue")
        )
    )


def _notes(*, today: date, printed: int, found: int, has_units: bool) -> tuple[str, ...]:
    notes = [f"以上数据统计到{plain_date(today)}。", TABLES]
    if has_units:
        notes.append(UNIT_RATE)
    if printed < found:
        notes.append(f"本期台账登记问题{found}件，本通报按情节轻重刊载{printed}件，其余见台账。")
    return tuple(notes)
