"""Corrections as the office's list, their own page and the page of the corrected paper show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conduct import audit, clock
from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.models import Office
from conduct.moves import open_moves
from conduct.shapes import Fact, MoveButton, Standing, TimelineEntry
from findings.models import Notice, Objection
from findings.queries import parties
from people import access, tree
from people.access import Asker
from people.models import User
from people.roles import Permission
from reports.models import Bulletin, Correction
from reports.moves.correction import HOLD, RESUME, SIGN, TABLE

S = Correction.State
CHANGING = (Objection.State.UPHELD, Objection.State.PARTLY)
MOST = 200
# The word of each move in its address.
WORDS = {SIGN: "sign", HOLD: "hold", RESUME: "resume"}
TONES = {S.OPEN: "open", S.HELD: "stopped", S.ISSUED: "done"}
NEXT = {
    S.OPEN: ("督查办分管领导", "核对文稿，签发后取得文号并送达"),
    S.HELD: ("督查办分管领导", "暂缓的原因消除后恢复办理"),
    S.ISSUED: ("已了结", ""),
}


@dataclass(frozen=True)
class Listed:
    """The corrections of one person: those to be made, the nearest day first, and the latest that were made."""

    pending: list[Correction]
    issued: list[Correction]


def listed(user: Asker) -> Listed:
    """What the office has to correct, and what it has corrected lately."""
    rows = _whole().filter(pk__in=Correction.objects.visible_to(user).values("pk"))
    return Listed(
        list(rows.filter(state__in=Correction.PENDING).order_by("due_on", "pk")[:MOST]),
        list(rows.filter(state=S.ISSUED).order_by("-issued_at", "pk")[:MOST]),
    )


def get_for(user: Asker, pk: UUID) -> Correction:
    """One the person may see.

    Raises: Http404
    """
    seen = Correction.objects.visible_to(user)
    return get_object_or_404(_whole(), pk__in=seen.filter(pk=pk).values("pk"))


def of_bulletin(bulletin: Bulletin) -> list[Correction]:
    """What was corrected in a bulletin, the latest first."""
    rows = Correction.objects.filter(bulletin=bulletin, state=S.ISSUED).select_related("paper")
    return list(rows.order_by("-issued_at", "pk"))


def of_notice(user: Asker, pk: UUID) -> list[Correction]:
    """What was corrected in a notice that the person sees.

    Raises: Http404
    """
    if not Notice.objects.visible_to(user).filter(pk=pk).exists():
        raise Http404
    rows = Correction.objects.visible_to(user).filter(notice=pk, state=S.ISSUED)
    return list(rows.select_related("paper").order_by("-issued_at", "pk"))


def bulletins_with(objection: Objection) -> Iterable[tuple[Bulletin, bool]]:
    """Issued bulletins that hold what the objection has shown to be wrong: printed as a case, or counted alone.

    What was changed in part still counts as a problem: numbers change only where nothing was left.
    """
    finding = objection.finding
    issued = Bulletin.objects.filter(state=Bulletin.State.ISSUED).select_related("office", "paper")
    printed = issued.filter(met__finding=finding, met__place__isnull=False)
    for row in printed.order_by("pk"):
        yield row, True
    if objection.state != Objection.State.UPHELD:
        return
    counting = issued.filter(
        office__path__in=tree.line_to(finding.unit.path),
        period_from__lte=finding.visited_on,
        period_to__gte=finding.visited_on,
        gathered_at__gte=finding.confirmed_at,
        gathered_at__lt=objection.decided_at,
    )
    for row in counting.exclude(pk__in=printed.values("pk")).order_by("pk"):
        yield row, False


def list_url() -> str:
    """The address of the list."""
    return reverse("reports:correction_list")


def house() -> Office:
    """The office whose papers these are."""
    return Office.objects.get()


def standing(correction: Correction, *, today: date, book: WorkCalendar) -> Standing:
    """Where it stands, and by when it is to be corrected."""
    is_pending = correction.state in Correction.PENDING
    left = working_days_between(start=today, end=correction.due_on, book=book) if is_pending else None
    desk, coming = NEXT[S(correction.state)]
    return Standing(
        state=correction.get_state_display(),
        tone=TONES[S(correction.state)],
        desk=desk,
        next=coming,
        due_on=correction.due_on if is_pending else None,
        remaining=left,
        estimated=correction.due_is_estimate,
        has_deadline=is_pending,
        due_label="更正期限",
    )


def facts(user: User, correction: Correction) -> list[Fact]:
    """Which paper, for which unit, by which decision."""
    objection, notice, bulletin = correction.objection, correction.notice, correction.bulletin
    told = [Fact("涉及单位", correction.concerned.name)]
    if notice is not None:
        told.append(Fact("原文书", str(notice), url=reverse("findings:notice_detail", args=[notice.pk])))
    if bulletin is not None:
        number = bulletin.paper.number if bulletin.paper else ""
        url = reverse("reports:bulletin_detail", args=[bulletin.pk])
        is_reader = Bulletin.objects.visible_to(user).filter(pk=bulletin.pk).exists()
        told.append(Fact("原文书", f"{bulletin.title}（{number}）", url=url if is_reader else "", wide=True))
    decided = clock.day_of(objection.decided_at) if objection.decided_at else ""
    return [
        *told,
        Fact("异议", objection.get_state_display()),
        Fact("答复日期", decided),
        Fact("问题", objection.finding.title, url=reverse("findings:detail", args=[objection.finding_id])),
        Fact("文号", correction.paper.number if correction.paper else "签发时编号"),
        *([Fact("签发", correction.signed_by.name)] if correction.signed_by else []),
    ]


def may_write(user: User, correction: Correction) -> bool:
    """Whether the person may change the text now."""
    return correction.state == S.OPEN and access.may(user, Permission.BULLETIN_DRAFT, unit=correction.unit)


def buttons(user: User, correction: Correction) -> list[MoveButton]:
    """The moves this person may make now; signing is not offered to who wrote the text."""
    return [
        MoveButton(
            name=WORDS[move],
            label=move.label,
            url=reverse("reports:correction_move", args=[correction.pk, WORDS[move]]),
            needs_reason=move.needs_reason,
            is_primary=move is not HOLD,
            is_danger=move.danger,
            reason_label="暂缓理由",
        )
        for move in open_moves(correction, TABLE)
        if access.may(user, Permission(move.permission), unit=correction.unit)
        and not (move is SIGN and user.pk == correction.author_id)
        and not (move is HOLD and has_found(user, correction))
    ]


def has_found(user: User, correction: Correction) -> bool:
    """Whether the person found or confirmed what has turned out to be wrong."""
    finding = correction.objection.finding
    return user.pk == finding.confirmed_by_id or user.pk in parties.finder_ids(finding)


def timeline(correction: Correction) -> list[TimelineEntry]:
    """Every step, the newest first."""
    return [
        TimelineEntry(at=row.at, who=row.actor_name, what=row.label, why=row.reason)
        for row in audit.history_of(subject=correction)
    ][::-1]


def waiting(user: User) -> list[Correction]:
    """Those the person may sign now, the nearest day first."""
    signs = access.within(user, Permission.BULLETIN_APPROVE, path_field="unit__path")
    rows = _whole().filter(signs, ~Q(author=user.pk) | Q(author__isnull=True), state=S.OPEN)
    return list(rows.order_by("due_on", "pk")[:MOST])


def _whole() -> QuerySet[Correction]:
    return Correction.objects.select_related(
        "objection__finding__unit",
        "notice__paper",
        "bulletin__paper",
        "unit",
        "concerned",
        "paper",
        "signed_by",
        "author",
    )
