"""Drafting, editing and signing a bulletin. Figures are frozen at drafting; number and date come with the signature."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from conduct import clock, issuing, moves
from conduct.audit import SystemActor
from conduct.errors import MovedMeanwhile, NotFromHere, Refused
from conduct.models import Office
from people import access
from people.models import Unit, User
from people.roles import Permission
from reports.gather import bulletin as gather
from reports.gather import cases, drawing
from reports.gather.bulletin import Step
from reports.models import Bulletin
from reports.moves.bulletin import SEND_BACK, SIGN, SUBMIT, UNSIGNED
from reports.rules.periods import AD_HOC, Period

from . import met, occasions

SERIES = "情况通报"
KIND = "bulletin"
NOT_SET_UP = "本单位的发文机关和通报代字还没有设置，不能编印通报。请系统管理员先完成首次设置。"
OWN_DRAFT = "这份通报是您本人拟稿或送审的，须由另一位分管领导签发。"


def draft(
    *,
    kind: str,
    office: Unit,
    period: Period,
    by: User | None,
    at: datetime,
    made_key: str,
    most_cases: int = cases.MOST,
    on_step: Step = lambda done, total: None,
) -> Bulletin:
    """Gather and freeze the figures and cases of a period; what was drafted already is given back as it is.

    by:       None when the schedule asks
    made_key: of the run or the click: the same key twice is one bulletin, and so is the same week or month
    Raises:   Forbidden, Refused before the office is set up
    """
    if by is not None:
        access.require(by, Permission.BULLETIN_DRAFT, unit=office)
    earlier = already(kind=kind, office=office, period=period, made_key=made_key)
    if earlier is not None:
        return earlier
    # Read before the transaction: on SQLite it would hold the one write lock while counting.
    found = _gathered(kind, office, period, at=at, most_cases=most_cases, on_step=on_step)
    facts = drawing.frozen(found.paper)
    row = Bulletin(
        kind=kind,
        office=office,
        period_from=period.first,
        period_to=period.last,
        title=facts["content"]["title"],
        facts=facts,
        facts_sha256=drawing.digest(facts),
        author=by,
        drafted_at=at,
        gathered_at=at,
        made_key=made_key,
    )
    try:
        with transaction.atomic():
            moves.born(row, state=Bulletin.State.DRAFT, by=by or SystemActor(), at=at, label="编制通报")
            met.note(bulletin=row, gathered=found.gathered)
            return row
    except IntegrityError:
        faster = already(kind=kind, office=office, period=period, made_key=made_key)
        if faster is None:
            raise
        return faster


def already(*, kind: str, office: Unit, period: Period, made_key: str) -> Bulletin | None:
    """The bulletin this click or this week or month has already."""
    same = Q(made_key=made_key)
    if kind != AD_HOC:
        same |= Q(kind=kind, office=office, period_from=period.first, period_to=period.last)
    return Bulletin.objects.filter(same).order_by("drafted_at").first()


@transaction.atomic
def regather(
    *, bulletin: Bulletin, expected: int, by: User, at: datetime, most_cases: int = cases.MOST
) -> Bulletin:
    """Count and freeze anew, before the paper is signed; the text between the figures stays.

    expected: the version on the person's screen
    Raises:   Forbidden, NotFromHere once sent for signing, MovedMeanwhile
    """
    _require_unsigned(bulletin, by=by, doing="重新取数")
    period = Period(bulletin.period_from, bulletin.period_to)
    found = _gathered(bulletin.kind, bulletin.office, period, at=at, most_cases=most_cases)
    facts = drawing.frozen(found.paper)
    moves.revise(
        bulletin,
        expected=expected,
        by=by,
        at=at,
        verb="regather_bulletin",
        label="重新取数",
        facts=facts,
        facts_sha256=drawing.digest(facts),
        title=facts["content"]["title"],
        gathered_at=at,
        author=bulletin.author or by,
    )
    met.note(bulletin=bulletin, gathered=found.gathered)
    return bulletin


@transaction.atomic
def edit(*, bulletin: Bulletin, narrative: str, expected: int, by: User, at: datetime) -> Bulletin:
    """Change the text between the figures.

    expected: the version on the person's screen
    Raises:   Forbidden, NotFromHere once sent for signing, MovedMeanwhile; Refused for characters without a font
    """
    _require_unsigned(bulletin, by=by, doing="修改情况说明")
    if unprintable := drawing.unprintable(narrative):
        raise Refused(unprintable)
    moves.revise(
        bulletin,
        expected=expected,
        by=by,
        at=at,
        verb="edit_bulletin",
        label="修改情况说明",
        narrative=narrative,
        author=bulletin.author or by,
    )
    return bulletin


@transaction.atomic
def submit(*, bulletin: Bulletin, by: User, at: datetime, expected: int | None = None) -> Bulletin:
    """Send the draft for signing; a draft of the schedule gets its author so.

    expected: the version on the person's screen
    """
    access.require(by, Permission(SUBMIT.permission), unit=bulletin.office)
    _refuse_unseen(bulletin, expected)
    moves.carry_out(bulletin, SUBMIT, by=by, at=at, author=bulletin.author or by, sent_by=by)
    occasions.submitted(bulletin, by=by, at=at)
    return bulletin


@transaction.atomic
def send_back(
    *, bulletin: Bulletin, by: User, at: datetime, reason: str, expected: int | None = None
) -> Bulletin:
    """Give the draft back to its author, saying why."""
    access.require(by, Permission(SEND_BACK.permission), unit=bulletin.office)
    _refuse_unseen(bulletin, expected)
    moves.carry_out(bulletin, SEND_BACK, by=by, at=at, reason=reason)
    return bulletin


@transaction.atomic
def sign(*, bulletin: Bulletin, by: User, at: datetime, expected: int | None = None) -> Bulletin:
    """Sign the bulletin: it takes the next number of the year, and its bytes are kept with the facts they show.

    expected: the version the signer has read
    Raises:   Forbidden; Refused to author and sender, and before the office is set up; NotFromHere, MovedMeanwhile
    """
    access.require(by, Permission(SIGN.permission), unit=bulletin.office)
    _refuse_unseen(bulletin, expected)
    if bulletin.state not in SIGN.sources:
        raise NotFromHere(
            f"当前状态是“{bulletin.get_state_display()}”，不能{SIGN.label}。请刷新页面看最新情况。"
        )
    if by.pk in (bulletin.author_id, bulletin.sent_by_id):
        raise Refused(OWN_DRAFT)
    met.require_printable(bulletin=bulletin, at=at)
    day = clock.day_of(at)
    paper = issuing.issue(
        kind=KIND,
        series=SERIES,
        code=_house().bulletin_code,
        year=day.year,
        title=bulletin.title,
        facts_for=lambda number, head: drawing.frozen(
            drawing.issued_of(bulletin, number=number, day=day, head=head)
        ),
        draw=drawing.draw,
        by=by,
        at=at,
    )
    moves.carry_out(
        bulletin,
        SIGN,
        by=by,
        at=at,
        details={"number": paper.number},
        approver=by,
        issued_at=at,
        paper=paper,
    )
    return bulletin


def _gathered(
    kind: str,
    office: Unit,
    period: Period,
    *,
    at: datetime,
    most_cases: int,
    on_step: Step = lambda done, total: None,
) -> gather.Draft:
    return gather.facts(
        kind=kind,
        office=office,
        house=_house(),
        period=period,
        today=clock.day_of(at),
        most_cases=most_cases,
        on_step=on_step,
    )


def _house() -> Office:
    house = Office.objects.first()
    if house is None:
        raise Refused(NOT_SET_UP)
    return house


def _refuse_unseen(bulletin: Bulletin, expected: int | None) -> None:
    """Nobody sends or signs a text other than the one on the screen."""
    if expected is not None and expected != bulletin.version:
        raise MovedMeanwhile(moves.MOVED)


def _require_unsigned(bulletin: Bulletin, *, by: User, doing: str) -> None:
    access.require(by, Permission.BULLETIN_DRAFT, unit=bulletin.office)
    if bulletin.state not in UNSIGNED:
        raise NotFromHere(f"通报现在是“{bulletin.get_state_display()}”，不能{doing}。请刷新页面看最新情况。")
