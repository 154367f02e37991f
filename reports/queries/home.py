"""我的工作: what waits for me by deadline, what I sent and wait for, recent papers. Nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accountability.queries import waiting as accountability_waiting
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.dates import Lamp, cn_date, cn_day, light
from findings.models import Notice
from findings.queries import owed as findings_owed
from findings.queries import waiting as findings_waiting
from inspections.queries import waiting as inspections_waiting
from people import access, menu
from people.models import User
from people.queries import post_changes, recoveries
from people.roles import ADMIN_ROLES, FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES, Permission, Role

from . import bulletins
from . import waiting as bulletins_waiting

MOST_PAPERS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to wait for, nothing left to look up."""

    verb: str
    title: str
    unit: str
    url: str
    note: str
    due: str
    lamp: Lamp | None
    is_estimate: bool
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Several things of one kind that may be done at once."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper issued lately."""

    title: str
    number: str
    day: str
    url: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Why nothing is here, and what comes next."""

    why: str
    next: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Home:
    """The page of one person."""

    head: str
    waiting: list[Line]
    sent: list[Line]
    papers: list[PaperLine]
    empty: Empty
    calendar_notice: str = ""
    calendar_url: str = ""
    batches: Sequence[Batch] = ()
    shows_deadlines: bool = False


def start_elsewhere(user: User) -> str:
    """Where one of the three administrators begins, who have no business here; empty for everyone else."""
    roles = access.roles_of(user)
    return menu.start_url(user) if roles and roles <= ADMIN_ROLES else ""


def home(*, user: User, today: date) -> Home:
    """The person's desk; without a post of business it is empty."""
    roles = access.roles_of(user)
    if not roles - ADMIN_ROLES:
        return Home("您的账号还没有岗位", [], [], [], _no_post())
    book = calendar.load()
    waits = [
        *_dated(due_items(user, today), today, book),
        *(_plain(item, today) for item in inspections_waiting.for_user(user)),
        *_dated(accountability_waiting.for_user(user, today=today), today, book),
        *_of_the_house(user),
    ]
    sent = [
        *_dated(_sent(user), today, book),
        *(_plain(item, today) for item in inspections_waiting.sent_and_waiting(user)),
    ]
    waits.sort(key=lambda line: not line.due)
    notice = calendar.missing_notice(today=today) if roles & OFFICE_ROLES else ""
    may_edit = access.holds(user, Permission.CALENDAR_EDIT)
    return Home(
        _head(waits),
        waits,
        sent,
        _papers(user),
        _empty(roles),
        calendar_notice=notice,
        calendar_url=reverse("people:calendar") if may_edit else "",
        batches=_batches(waits),
        shows_deadlines=access.holds(user, Permission.FINDING_VIEW),
    )


def due_items(user: User, today: date) -> list[findings_waiting.Item]:
    """Everything with a day by which it is to be done."""
    return [
        *findings_waiting.for_user(user),
        *findings_owed.for_user(user, today=today),
        *bulletins_waiting.for_user(user),
    ]


def _sent(user: User) -> list[findings_waiting.Item]:
    """What went out and waits for an answer."""
    return [
        *findings_waiting.sent_and_waiting(user),
        *findings_owed.sent_by(user),
        *bulletins_waiting.sent_by(user),
    ]


def _dated(items: Iterable[findings_waiting.Item], today: date, book: WorkCalendar) -> list[Line]:
    """Things with a deadline, the nearest first, then those without."""
    ordered = sorted(items, key=lambda item: (item.due_on is None, item.due_on or date.max))
    return [_line(item, today, book) for item in ordered]


def _line(item: findings_waiting.Item, today: date, book: WorkCalendar) -> Line:
    lamp = None
    if item.due_on:
        left = working_days_between(start=today, end=item.due_on, book=book)
        lamp = light(due_on=item.due_on, today=today, remaining=left)
    return Line(
        verb=item.verb,
        title=item.title,
        unit=item.unit,
        url=item.url,
        note=item.note,
        due=cn_date(item.due_on) if item.due_on else "",
        lamp=lamp,
        is_estimate=item.is_estimate,
        batch=item.batch,
    )


def _batches(waits: list[Line]) -> list[Batch]:
    """Of what there are several that may be done at once, in the order of the desk."""
    counted = Counter((line.batch, line.verb) for line in waits if line.batch)
    by_page: dict[str, Batch] = {}
    for (name, verb), count in counted.items():
        before = by_page.get(name)
        total = count + (before.count if before else 0)
        by_page[name] = Batch(before.label if before else verb, total, reverse(name))
    return [batch for batch in by_page.values() if batch.count > 1]


def _of_the_house(user: User) -> list[Line]:
    """Wishes about posts and lost authenticators that wait for this person's word."""
    found = [
        ("确认岗位变动", post_changes.waiting_count(user), "件岗位变动等待确认", "people:post_changes"),
        ("确认动态口令恢复", recoveries.waiting_count(user), "件动态口令恢复等待确认", "people:recoveries"),
    ]
    return [
        Line(verb, f"{count:,} {words}", "", reverse(url), "", "", None, False)
        for verb, count, words, url in found
        if count
    ]


def _plain(item: inspections_waiting.Item, today: date) -> Line:
    """A thing of the field, which has no deadline but a day since when it waits."""
    verb, _, title = item.label.partition("：")
    note = f"{cn_day(item.since, beside=today)}起" if item.since else ""
    return Line(verb, title or verb, "", item.url, note, "", None, False)


def _head(waits: list[Line]) -> str:
    late = sum(line.lamp is not None and line.lamp.colour == "red" for line in waits)
    if not waits:
        return "现在没有等您办理的事"
    return f"{len(waits)} 件事等您办理，{late} 件已逾期" if late else f"{len(waits)} 件事等您办理"


def _papers(user: User) -> list[PaperLine]:
    issued = [
        PaperLine(paper.title, paper.number, paper.day, paper.url)
        for paper in bulletins.latest_issued(user, most=MOST_PAPERS)
    ]
    notices = Notice.objects.visible_to(user).select_related("unit").order_by("-issued_at", "id")
    given = [
        PaperLine(
            f"整改通知书（{notice.unit.name}）",
            notice.number,
            cn_date(notice.issued_on),
            reverse("findings:notice_detail", args=[notice.pk]),
        )
        for notice in notices[:MOST_PAPERS]
    ]
    return issued + given


def _no_post() -> Empty:
    return Empty("您的账号还没有岗位，看不到业务内容。", "请联系本单位安全管理员授予岗位。")


def _empty(roles: frozenset[Role]) -> Empty:
    if roles & OFFICE_ROLES:
        return Empty(
            "没有等您研判、审核、验收或签发的事。",
            "检查组归档记录、单位提交报告后，会按期限排在这里。",
            reverse("reports:dashboard"),
            "看驾驶舱",
        )
    if roles & FIELD_ROLES:
        return Empty("没有等您出发、签名或复核的检查。", "检查批次获批并开始后，您的任务会出现在这里。")
    if roles & UNIT_ROLES:
        return Empty(
            "本单位没有等待签收、陈述或整改的问题。",
            "督查办发来整改通知后，会按期限排在这里。",
            reverse("findings:list"),
            "看本单位问题",
        )
    return Empty("没有等您办理的事。", "各项数据在驾驶舱里。", reverse("reports:dashboard"), "看驾驶舱")
