"""The chain over the audit as the auditor looks at it: how far it is sealed, anchored and verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conduct.chain import anchoring, books, heads, proof, verification
from conduct.dates import cn_datetime
from conduct.models import AuditSeal, JobRun, VerifyReport
from conduct.pdfkit.frozen import short
from conduct.shapes import Cell, Column, Fact, JobView, Row, Table

from .jobs import seen

UNDER_WAY = (JobRun.State.WAITING, JobRun.State.SENT, JobRun.State.RUNNING)


@dataclass(frozen=True)
class Verdict:
    """The last verification in words: what it came to, by whom and when, and the first bad item."""

    words: str
    by: str
    at: datetime
    fault: str
    table: Table


def facts() -> list[Fact]:
    """The last seal of each chain, the last anchor, and how it fares at each place."""
    told = [_sealed(chain) for chain in books.BOOKS]
    anchor = anchoring.newest()
    if anchor is None:
        return [*told, Fact("最近锚点", "还没有锚点", wide=True)]
    told.append(
        Fact(
            "最近锚点",
            f"第{anchor.no}号，{cn_datetime(anchor.at)}，{anchor.get_reason_display()}，校验码 {short(anchor.digest)}",
            wide=True,
        )
    )
    for place in anchoring.standing(anchor):
        fate = "已送到" if place.is_done else f"尚未送到。{place.problem}"
        told.append(Fact(place.name, fate, wide=not place.is_done))
    return told


def verdict() -> Verdict | None:
    """The last verification; None before the first."""
    report = verification.newest()
    if report is None:
        return None
    words = "没有发现问题" if report.is_clean else "发现了问题"
    return Verdict(words, report.by_name, report.finished_at, report.first_fault, _table(report))


def under_way() -> JobRun | None:
    """The verification that waits or runs."""
    return JobRun.objects.filter(job=verification.JOB, state__in=UNDER_WAY).order_by("-created_at").first()


def latest_run() -> JobRun | None:
    """The verification started last, whatever became of it."""
    return JobRun.objects.filter(job=verification.JOB).order_by("-created_at").first()


def job_view(run: JobRun, *, url: str) -> JobView:
    """A verification as the page part shows it."""
    return seen(run, poll_url=url)


def _sealed(chain: str) -> Fact:
    seal: AuditSeal | None = books.newest(chain)
    waiting = heads.unsealed(chain)
    tail = f"，另有 {waiting} 条待封存" if waiting else ""
    if seal is None:
        return Fact(f"{proof.NAMES[chain]}链", f"还没有封存{tail}", wide=True)
    words = f"第{seal.seq}号封存，{cn_datetime(seal.at)}，校验码 {short(seal.digest)}{tail}"
    return Fact(f"{proof.NAMES[chain]}链", words, wide=True)


def _table(report: VerifyReport) -> Table:
    columns = [Column("项目"), Column("核对了什么"), Column("结果")]
    rows = []
    for row in report.outcomes:
        result = "；".join([row["fault"] or "无误", *row["notes"]])
        rows.append(Row([Cell(row["name"]), Cell(row["looked_at"]), Cell(result)]))
    return Table(columns, rows, "最近一次核验的各项结果")
