"""The cases a bulletin prints: time, place, unit and post, facts, basis, result. Nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.db.models import F

from conduct.dates import cn_date, plain_date
from findings.models import Finding
from findings.queries import naming
from findings.queries.naming import Barred
from inspections.models import Observation
from reports import papers
from reports.figures import Reading

MOST = 500
MOST_LEFT_OUT = 200


@dataclass(frozen=True)
class Gathered:
    """The cases of a period and the findings they tell of; what was left out, and why; how many there are in all."""

    cases: tuple[papers.Case, ...]
    printed: tuple[Finding, ...]
    left_out: tuple[tuple[Finding, Barred], ...]
    found: int


def of_period(*, reading: Reading, most: int = MOST) -> Gathered:
    """The standing findings of the period, the gravest first, without those whose unit may still object."""
    rows = reading.findings
    waiting = naming.barred(rows, today=reading.today, book=reading.book)
    chosen = (
        rows.exclude(pk__in=waiting.values("pk"))
        .select_related("unit", "category", "rule_item__rule_list")
        .prefetch_related("observations")
        .order_by(F("grade").desc(nulls_last=True), "visited_on", "raised_at", "id")[:most]
    )
    printed = tuple(sorted(chosen, key=_order))
    late = waiting.select_related("notice").order_by("visited_on", "raised_at", "pk")[:MOST_LEFT_OUT]
    return Gathered(
        cases=tuple(_case(finding, today=reading.today) for finding in printed),
        printed=printed,
        left_out=tuple((finding, naming.bar_of(finding, book=reading.book)) for finding in late),
        found=rows.count(),
    )


def _order(finding: Finding) -> tuple[int, date, time, str, int]:
    """The gravest first, then as it was seen: by day and hour, unit and place in the record."""
    seen = _seen(finding)
    hour = seen.seen_at if seen and seen.seen_at else time.max
    return -(finding.grade or 0), finding.visited_on, hour, finding.unit.path, seen.ordinal if seen else 0


def _seen(finding: Finding) -> Observation | None:
    """The first observation the finding rests on."""
    return min(finding.observations.all(), key=lambda one: one.ordinal, default=None)


def _case(finding: Finding, *, today: date) -> papers.Case:
    seen = _seen(finding)
    return papers.Case(
        heading=finding.title,
        facts=finding.facts,
        time=_when(finding.visited_on, seen.seen_at if seen else None),
        place=_where(finding, seen),
        unit=finding.unit.name,
        post=finding.person_post or None,
        basis=_basis(finding),
        result=_result(finding, seen, today=today),
    )


def _when(day: date, clock: time | None) -> str:
    return f"{cn_date(day)}{clock:%H:%M}" if clock else cn_date(day)


def _where(finding: Finding, seen: Observation | None) -> str | None:
    place = finding.place or (seen.place if seen else "")
    parts = [part for part in (finding.department, place) if part]
    return "，".join(dict.fromkeys(parts)) or None


def _basis(finding: Finding) -> str:
    category = f"{finding.category.name}（{finding.category.code}）"
    if finding.rule_item is None:
        return f"属“{category}”。"
    return f"属“{category}”，违反{finding.rule_item}。"


def _result(finding: Finding, seen: Observation | None, *, today: date) -> str | None:
    said = [f"当场处置：{seen.handled_on_spot}"] if seen and seen.handled_on_spot else []
    if finding.state == Finding.State.CLOSED and finding.closed_on:
        said.append(f"已整改到位，{plain_date(finding.closed_on)}验收销号")
    elif finding.state in Finding.OPEN and finding.due_on:
        said.append(f"已责令整改，整改期限{plain_date(finding.due_on)}{_so_far(finding, today)}")
    elif not finding.is_historical:
        said.append("已核实，待交办整改")
    return "；".join(part.rstrip("。；") for part in said) + "。" if said else None


def _so_far(finding: Finding, today: date) -> str:
    """How the unit stands with its term, as its own clock tells and not the office's."""
    if finding.handed_in_on and finding.due_on:
        return "，逾期报送整改报告" if finding.handed_in_on > finding.due_on else "，已按期报送整改报告"
    if finding.paused_on:
        return "，单位异议办理期间暂停计时"
    return "，已逾期" if finding.runs_until and finding.runs_until < today else ""
