"""How each deadline of a finding came about, in words anybody can count again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from conduct.dates import cn_date, cn_day
from findings.models import CoUnit, Counted, Finding, SideTerm, Term

from . import telling, transfers

Of = SideTerm.Of


@dataclass(frozen=True, slots=True)
class Told:
    """One setting of the deadline. skipped: each run of rest days passed over, with its reason."""

    kind: str
    rule: str
    given: str
    counts_from: str
    working_days: str
    skipped: list[str]
    due: str
    before: str
    is_estimate: bool
    calendar: str


def told(*, finding: Finding) -> list[Told]:
    """Every setting, the latest first."""
    return [_told(row) for row in Term.objects.filter(finding=finding).order_by("-ordinal")]


def beside(*, finding: Finding, for_unit: bool) -> list[Told]:
    """The other deadlines of the matter, each setting the latest first; a unit reads what is its own."""
    which = Q(of=Of.RECEIPT, matter=str(finding.notice_id)) | Q(of=Of.STATEMENT, matter=str(finding.pk))
    if finding.due_on is not None:
        # What would come after the term itself is not owed.
        which |= Q(of=Of.PROGRESS, matter=str(finding.pk), due_on__lt=finding.due_on)
    requests = transfers.of_finding(finding, for_unit=for_unit)
    plans = finding.plans.filter(notice=finding.notice_id).values_list("pk", flat=True)
    parts = finding.parts.values_list("pk", flat=True) if finding.co_units else []
    for of, keys in (
        (Of.PLAN, plans),
        (Of.PART, parts),
        (Of.TRANSFER, [row.pk for row in requests]),
    ):
        which |= Q(of=of, matter__in=[str(key) for key in keys])
    rows = SideTerm.objects.filter(which).order_by("-at", "-pk")
    return [
        _told(row)
        for row in rows
        if not telling.is_before_its_time(row.at, finding=finding, for_unit=for_unit)
    ]


def of_part(part: CoUnit) -> list[Told]:
    """How the deadline of a part was counted, each time it was set, the latest first."""
    return [
        _told(row) for row in SideTerm.objects.filter(of=Of.PART, matter=str(part.pk)).order_by("-ordinal")
    ]


def _told(row: Counted) -> Told:
    kind = row.get_kind_display() if isinstance(row, Term) else row.get_of_display()  # type: ignore[attr-defined]
    return Told(
        kind=str(kind),
        rule=row.rule,
        given=cn_date(row.at),
        counts_from=f"{cn_date(row.counts_from)}（当日不计）" if row.counts_from else "",
        working_days=f"{row.working_days}个工作日" if row.working_days else "",
        skipped=[_run(*run) for run in row.skipped or []],
        due=cn_date(row.due_on),
        before=cn_date(row.due_before) if row.due_before else "",
        is_estimate=row.is_estimate,
        calendar=_versions(row.calendar_version),
    )


def _run(first: str, last: str, why: str) -> str:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    span = cn_day(begin, beside=begin)
    if end != begin:
        span = f"{span}至{cn_day(end, beside=begin)}，共{(end - begin).days + 1}天"
    return f"{span}：{why}"


def _versions(text: str) -> str:
    """2026.3 as 2026年第3版; a year that is not there had no notice."""
    if not text:
        return "尚未录入放假安排"
    pairs = [part.partition(".") for part in text.split(",")]
    return "、".join(f"{year}年第{version}版" for year, _, version in pairs)
