"""Everything that happened to a finding: its steps, and for the office who was told what and who looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, Q

from conduct.models import Message, ReadEntry
from conduct.shapes import TimelineEntry
from findings.models import Finding, Notice
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, Permission

from . import detail, telling, timeline

MOST = 500
# Rows of a finding that people are told of or look at, by the name under which the finding reaches them.
CHILDREN = ("rectifications", "plans", "parts", "transfers", "extension_wishes", "objections")


def is_entitled(user: User, finding: Finding) -> bool:
    """Whether the person may see who was told and who looked: those of the office that judge the matter."""
    reach = access.reach(user, Permission.FINDING_CONFIRM, roles=OFFICE_ROLES)
    return any(finding.unit.path.startswith(path) for path in reach)


def entries(*, user: User, finding: Finding) -> list[TimelineEntry]:
    """All of it as this person may know it, newest first."""
    for_unit = detail.is_unit_side(user, finding)
    reports = [row for row in detail.reports_of(finding) if detail.shows_report(user, row)]
    statements = telling.statements(detail.statements_of(finding), finding=finding, for_unit=for_unit)
    acceptances = telling.acceptances(detail.acceptances_of(finding), finding=finding, for_unit=for_unit)
    steps = timeline.entries(
        finding=finding, reports=reports, statements=statements, acceptances=acceptances, for_unit=for_unit
    )
    if for_unit or not is_entitled(user, finding):
        return steps
    return sorted([*steps, *told(finding), *looked(finding)], key=lambda entry: entry.at, reverse=True)


def told(finding: Finding) -> list[TimelineEntry]:
    """Who was told what: one line for each thing said."""
    said: dict[tuple[datetime, str], list[Message]] = {}
    rows = Message.objects.filter(_about(finding, "matter_type", "matter_id")).order_by("at", "id")[:MOST]
    for row in rows:
        said.setdefault((row.at, row.words), []).append(row)
    people = User.objects.only("name").in_bulk({row.recipient for rows in said.values() for row in rows})
    return [
        TimelineEntry(at=at, who="系统", what="发出消息", why=f"{words}\n收件：{_names(rows, people)}")
        for (at, words), rows in said.items()
    ]


def looked(finding: Finding) -> list[TimelineEntry]:
    """Who looked at it and its evidence, and who took copies away."""
    rows = ReadEntry.objects.filter(_about(finding, "subject_type", "subject_id")).order_by("-id")[:MOST]
    return [TimelineEntry(at=row.at, who=row.actor_name, what=row.label) for row in rows]


def _names(rows: Iterable[Message], people: dict[int, User]) -> str:
    named = (
        (people[row.recipient].name if row.recipient in people else "已停用的账号", row.read_at is not None)
        for row in rows
    )
    return "、".join(f"{name}（{'已读' if is_read else '未读'}）" for name, is_read in sorted(named))


def _about(finding: Finding, kind: str, key: str) -> Q:
    """Rows about the finding, its notices and what hangs on it."""
    found = Q(**{kind: Finding._meta.label_lower, key: str(finding.pk)})
    for model, ids in _rows(finding):
        found |= Q(**{kind: model._meta.label_lower, f"{key}__in": ids})
    return found


def _rows(finding: Finding) -> list[tuple[type[Model], list[str]]]:
    notices = {finding.notice_id, *finding.transfers.values_list("notice", flat=True)}
    found: list[tuple[type[Model], list[str]]] = [(Notice, [str(pk) for pk in notices if pk])]
    for name in CHILDREN:
        rows = getattr(finding, name)
        found.append((rows.model, [str(pk) for pk in rows.values_list("pk", flat=True)]))
    return [(model, ids) for model, ids in found if ids]
