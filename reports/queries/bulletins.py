"""Bulletins as their list and their page show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct import audit, clock
from conduct.dates import cn_date
from conduct.drawing import linked
from conduct.models import AuditEntry
from conduct.moves import Move, open_moves
from conduct.paging import BOUND, keyset
from conduct.shapes import Fact, MoveButton, Pager, Standing, TimelineEntry
from people import access
from people.access import Asker
from people.models import User
from people.roles import Permission
from reports import papers
from reports.figures import lists, published
from reports.models import Bulletin, MetFinding
from reports.moves.bulletin import SEND_BACK, SIGN, SUBMIT, TABLE, UNSIGNED
from reports.rules.periods import Period

from .dashboard import FigureLine

B = Bulletin.State
TONES = {B.DRAFT: "draft", B.SUBMITTED: "waiting", B.RETURNED: "open", B.ISSUED: "done"}
NEXT = {
    B.DRAFT: ("拟稿人", "核对数据，写好情况说明，送领导审签"),
    B.RETURNED: ("拟稿人", "按退回意见修改后重新送审"),
    B.SUBMITTED: ("分管领导", "签发后取得文号，或退回修改"),
    B.ISSUED: ("已印发", ""),
}
STEP_TONES = {
    "reports.send_back": "back",
    "reports.sign": "paper",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One bulletin in the list."""

    url: str
    title: str
    kind: str
    period: str
    state: str
    tone: str
    number: str
    day: str


@dataclass(frozen=True)
class Listing:
    """One page of bulletins."""

    lines: list[Line]
    pager: Pager


def listing(*, user: Asker, request_get: QueryDict) -> Listing:
    """What the person sees, the latest draft first."""
    rows = (
        Bulletin.objects.visible_to(user).select_related("paper").defer("facts", "paper__facts", "narrative")
    )
    page = keyset(rows, order=("-drafted_at", "id"), request_get=request_get, bound=BOUND, noun="期")
    return Listing([line(row) for row in page.rows], page.pager)


def latest_issued(user: Asker, *, most: int) -> list[Line]:
    """The newest issued bulletins the person may read."""
    rows = _issued(user).defer("facts", "paper__facts", "narrative").order_by("-issued_at", "pk")
    return [line(row) for row in rows[:most]]


def _issued(user: Asker) -> QuerySet[Bulletin]:
    return Bulletin.objects.visible_to(user).filter(state=B.ISSUED).select_related("paper")


def line(row: Bulletin) -> Line:
    """One bulletin as plain words."""
    return Line(
        url=url_of(row),
        title=row.title,
        kind=row.get_kind_display(),
        period=period_of(row).words,
        state=row.get_state_display(),
        tone=TONES[B(row.state)],
        number=row.paper.number if row.paper else "",
        day=cn_date(row.issued_at or row.drafted_at),
    )


def get_for(user: Asker, pk: object) -> Bulletin:
    """One bulletin the person may see.

    Raises: Http404
    """
    rows = Bulletin.objects.visible_to(user).select_related("office", "author", "approver", "paper")
    return get_object_or_404(rows, pk=pk)


def fresh(bulletin: Bulletin) -> Bulletin:
    """The same bulletin as it is saved now."""
    return Bulletin.objects.get(pk=bulletin.pk)


def url_of(bulletin: Bulletin) -> str:
    """The address of its page."""
    return reverse("reports:bulletin_detail", args=[bulletin.pk])


def list_url() -> str:
    """The address of the list."""
    return reverse("reports:bulletin_list")


def period_of(bulletin: Bulletin) -> Period:
    """The days the bulletin is about."""
    return Period(bulletin.period_from, bulletin.period_to)


def standing(bulletin: Bulletin) -> Standing:
    """State, desk and what comes next; a bulletin has no deadline."""
    desk, coming = NEXT[B(bulletin.state)]
    if bulletin.state in UNSIGNED and bulletin.author:
        desk = f"拟稿人 {bulletin.author.name}"
    return Standing(
        state=bulletin.get_state_display(),
        tone=TONES[B(bulletin.state)],
        desk=desk,
        next=coming,
        has_deadline=False,
    )


def numbers_of(bulletin: Bulletin, paper: papers.Bulletin) -> list[FigureLine]:
    """The frozen numbers, each with the list that shows how things stand behind it now."""
    to, period = lists.lists(office=bulletin.office_id), period_of(bulletin)
    return [
        FigureLine(
            figure.label,
            linked(
                figure.value,
                published.link(figure.key, to, period) if figure.value[:1] in "123456789" else "",
            ),
            figure.definition,
        )
        for figure in paper.figures
    ]


def categories_of(bulletin: Bulletin, paper: papers.Bulletin) -> list[tuple[str, list[tuple[Any, str]]]]:
    """The frozen table of categories with the lists behind, and the row that adds it up."""
    to, period = lists.lists(office=bulletin.office_id), period_of(bulletin)
    rows = [*paper.category_rows, *([paper.category_total] if paper.category_total else [])]
    return [
        (
            f"{row.code} {row.name}".strip(),
            [
                (row.found, to.found_in(period, top=row.code)),
                (row.closed, to.found_in(period, top=row.code, state=lists.CLOSED)),
                (row.overdue, to.found_in(period, top=row.code, state=lists.OVERDUE)),
            ],
        )
        for row in rows
    ]


def left_out(bulletin: Bulletin) -> list[MetFinding]:
    """What was not printed because its unit may still object, while that can still be changed."""
    if bulletin.state == B.ISSUED:
        return []
    rows = bulletin.met.exclude(left_out_for="").select_related("finding__unit")
    return list(rows.order_by(F("left_out_until").asc(nulls_last=True), "pk"))


def signatures(bulletin: Bulletin) -> list[Fact]:
    """Who wrote it, who signed it, and who still has to."""
    waiting = "待送审" if bulletin.state in UNSIGNED else "待签发"
    return [
        Fact("编印单位", bulletin.office.name),
        Fact("拟稿", bulletin.author.name if bulletin.author else "按计划自动编制，待经办核对送审"),
        Fact("签发", bulletin.approver.name if bulletin.approver else waiting),
        Fact("文号", bulletin.paper.number if bulletin.paper else "签发时编号"),
        Fact("成文日期", clock.day_of(bulletin.issued_at) if bulletin.issued_at else "签发之日"),
    ]


def may_edit(user: User, bulletin: Bulletin) -> bool:
    """Whether the person may change the text now."""
    return bulletin.state in UNSIGNED and access.may(user, Permission.BULLETIN_DRAFT, unit=bulletin.office)


def buttons(user: User, bulletin: Bulletin) -> list[MoveButton]:
    """The moves this person may make now; signing is offered neither to the author nor to who sent it."""
    found = [
        _button(bulletin, move)
        for move in open_moves(bulletin, TABLE)
        if access.may(user, Permission(move.permission), unit=bulletin.office)
        and not (move is SIGN and user.pk in (bulletin.author_id, bulletin.sent_by_id))
    ]
    if may_edit(user, bulletin):
        found.append(
            MoveButton(
                name="regather",
                label="重新取数",
                url=_move_url(bulletin, "regather"),
                hint="按今天的情况重新统计并冻结，情况说明保留",
            )
        )
    return found


def _button(bulletin: Bulletin, move: Move) -> MoveButton:
    return MoveButton(
        name=move.name,
        label=move.label,
        url=_move_url(bulletin, move.name),
        needs_reason=move.needs_reason,
        is_primary=move in (SUBMIT, SIGN),
        is_danger=move.danger,
        reason_label="退回理由" if move is SEND_BACK else "理由",
    )


def _move_url(bulletin: Bulletin, name: str) -> str:
    return reverse("reports:bulletin_move", args=[bulletin.pk, name])


def timeline(bulletin: Bulletin) -> list[TimelineEntry]:
    """Every step, the newest first."""
    return [_entry(row) for row in audit.history_of(subject=bulletin)][::-1]


def _entry(row: AuditEntry) -> TimelineEntry:
    number: Any = row.details.get("number", "")
    return TimelineEntry(
        at=row.at,
        who=row.actor_name,
        what=f"{row.label}：{number}" if number else row.label,
        why=row.reason,
        tone=STEP_TONES.get(row.verb, ""),
    )


def last_change(bulletin: Bulletin) -> AuditEntry | None:
    """Who changed it last, for the person who came second."""
    return audit.history_of(subject=bulletin).last()
