"""What the search reads of findings: problems, the answers of units, notices; and who reads which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from conduct import clock
from conduct.search import sources
from conduct.search.sources import Hit, Rows, Source, Text
from findings.models import Finding, FindingQuerySet, Notice, Rectification, UnitStatement
from findings.rules.report import PARTS
from people import access, tree
from people.access import Asker
from people.roles import Permission

from . import telling

TOLD = "told"
FINDING_PARTS = ("title", "facts", "place", "department", "person_post", "requirement")


def register() -> None:
    """Offer the tables of this floor to the search."""
    sources.register(Source(Finding, "finding", "问题", findings, _held("finding"), seen_findings))
    told = Source(Finding, "finding", "问题", told_findings, _told, seen_told, _is_told_alike, TOLD)
    sources.register(told)
    sources.register(Source(Rectification, "answer", "单位答复", reports, _held("answer"), seen_reports))
    sources.register(
        Source(UnitStatement, "answer", "单位答复", statements, _held("answer"), seen_statements)
    )
    sources.register(Source(Notice, "paper", "文书", notices, _held("notice"), seen_notices))


def findings(rows: Rows) -> Iterator[Text]:
    """Problems, by the day they were listed: the order of the ledger."""
    for pk, at, path, *parts in rows.values_list("pk", "raised_at", "unit__path", *FINDING_PARTS):
        yield Text(pk, clock.day_of(at), tuple(parts), _keys("finding", path))


def seen_findings(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Problems the person may see, in the state they are told."""
    for_unit = telling.reads_as_unit(user)
    rows = _seen(user, pks)
    for row in rows.exclude(telling.CUT_DOWN) if for_unit else rows:
        yield _finding_hit(row, for_unit=for_unit)


def told_findings(rows: Rows) -> Iterator[Text]:
    """Problems in the wording the unit knows, while the office has another and the notice is not out."""
    parts = ["earlier_facts" if name == "facts" else name for name in FINDING_PARTS]
    told = rows.filter(telling.CUT_DOWN).values_list("pk", "raised_at", "unit__path", *parts)
    for pk, at, path, *parts in told:
        yield Text(pk, clock.day_of(at), tuple(parts), _keys("told", path))


def seen_told(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """These problems, for those who read them as the unit does."""
    if telling.reads_as_unit(user):
        for row in _seen(user, pks).filter(telling.CUT_DOWN):
            yield _finding_hit(row, for_unit=True)


def reports(rows: Rows) -> Iterator[Text]:
    """Rectification reports, by the day they were signed or begun."""
    told = rows.values_list("pk", "signed_at", "drafted_at", "finding__unit__path", *PARTS)
    for pk, signed_at, drafted_at, path, *parts in told:
        yield Text(pk, clock.day_of(signed_at or drafted_at), tuple(parts), _keys("answer", path))


def seen_reports(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Reports on what the person may see; a draft is the unit's alone."""
    drafts = access.within(user, Permission.RECTIFICATION_DRAFT, path_field="finding__unit__path")
    rows = Rectification.objects.filter(_visible(user), pk__in=pks).exclude(
        state=Rectification.State.LAID_ASIDE
    )
    for row in rows.filter(~Q(state=Rectification.State.DRAFT) | drafts).select_related("finding__unit"):
        title = f"整改报告：{row.finding.title}"
        yield _hit(row, row.finding, title, row.get_state_display(), _report_day(row), _of_report(row))


def statements(rows: Rows) -> Iterator[Text]:
    """Statements of units, by the day they were noted."""
    for pk, at, path, *parts in rows.values_list(
        "pk", "entered_at", "finding__unit__path", "text", "speaker"
    ):
        yield Text(pk, clock.day_of(at), tuple(parts), _keys("answer", path))


def seen_statements(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Statements on what the person may see."""
    rows = UnitStatement.objects.filter(_visible(user), pk__in=pks).select_related("finding__unit")
    for row in rows:
        day, title = clock.day_of(row.entered_at), f"单位陈述：{row.finding.title}"
        yield _hit(row, row.finding, title, row.get_means_display(), day, (row.text, row.speaker))


def notices(rows: Rows) -> Iterator[Text]:
    """Notices, by their date."""
    told = rows.values_list("pk", "issued_on", "unit__path", "number", "contact", "paper__facts")
    for pk, day, path, number, contact, facts in told:
        yield Text(pk, day, _of_notice(number, contact, facts), _keys("notice", path))


def seen_notices(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Notices to the units of the person's reach."""
    for row in Notice.objects.visible_to(user).filter(pk__in=pks).select_related("unit", "paper"):
        yield Hit(
            pk=row.pk,
            url=reverse("findings:notice_detail", args=[row.pk]),
            title=f"{row.number} 整改通知书",
            place=row.unit.short_name or row.unit.name,
            state="已签收" if row.received_at else "视为送达" if row.served_at else "待签收",
            day=row.issued_on,
            parts=_of_notice(row.number, row.contact, row.paper.facts),
        )


def _hit(row: Any, finding: Finding, title: str, state: Any, day: Any, parts: tuple[str, ...]) -> Hit:
    return Hit(
        pk=row.pk,
        url=reverse("findings:detail", args=[finding.pk]),
        title=title,
        place=finding.unit.short_name or finding.unit.name,
        state=str(state),
        day=day,
        parts=parts,
    )


def _seen(user: Asker, pks: Sequence[Any]) -> FindingQuerySet:
    return Finding.objects.visible_to(user).filter(pk__in=pks).select_related("unit")


def _finding_hit(row: Finding, *, for_unit: bool) -> Hit:
    state = telling.state_for(row.state, for_unit=for_unit).label
    told = {"facts": telling.facts_for(row, for_unit=for_unit)}
    parts = tuple(told.get(name, getattr(row, name)) for name in FINDING_PARTS)
    return _hit(row, row, row.title, state, clock.day_of(row.raised_at), parts)


def _is_told_alike(row: Finding) -> bool:
    return not row.earlier_facts


def _told(user: Asker) -> list[str]:
    return _held("told")(user) if telling.reads_as_unit(user) else []


def _of_report(row: Rectification) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in PARTS)


def _of_notice(number: str, contact: str, facts: dict[str, Any]) -> tuple[str, ...]:
    """The number, whom to ask, and what it says of each problem."""
    told: Iterable[dict[str, Any]] = facts.get("content", {}).get("findings", [])
    problems = [item.get(name) or "" for item in told for name in ("facts", "requirement")]
    return (number, contact, *problems)


def _report_day(row: Rectification) -> Any:
    return clock.day_of(row.signed_at or row.drafted_at)


def _visible(user: Asker) -> Q:
    return Q(finding__in=Finding.objects.visible_to(user))


def _keys(kind: str, path: str) -> tuple[str, ...]:
    return tuple(f"{kind}{above}" for above in tree.line_to(path))


def _held(kind: str) -> Callable[[Asker], list[str]]:
    """The person's reach over findings; what of it they may see is asked of each row."""
    return lambda user: [f"{kind}{path}" for path in access.reach(user, Permission.FINDING_VIEW)]
