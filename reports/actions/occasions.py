"""Whom bulletins tell what."""

from __future__ import annotations

from datetime import datetime

from conduct import clock, messages
from conduct.audit import Actor
from people.models import User
from people.queries import addressees
from people.roles import Role
from reports.models import Bulletin, Correction

CORRECTING = messages.declare("reports.correcting", "已印发的文书待更正")
CORRECTED = messages.declare("reports.corrected", "更正通知", is_floor=True)
SIGNING = messages.declare("reports.signing", "情况通报待审签")


def submitted(bulletin: Bulletin, *, by: User, at: datetime) -> None:
    """A bulletin waits for a leader other than whoever wrote or sent it."""
    leaders = addressees.office_of(bulletin.office, day=clock.day_of(at), role=Role.OFFICE_LEADER)
    messages.tell(
        SIGNING,
        to=set(leaders) - {bulletin.author_id},
        matter=bulletin,
        step=f"submitted:{bulletin.version}",
        words="有一期情况通报送审，请审签。",
        unit=bulletin.office.name,
        url_name="reports:bulletin_detail",
        url_args=[bulletin.pk],
        by=by,
        at=at,
    )


def to_correct(correction: Correction, *, by: Actor, at: datetime) -> None:
    """A leader of the office has an issued paper to correct."""
    day = clock.day_of(at)
    messages.tell(
        CORRECTING,
        to=addressees.office_of(correction.unit, day=day, role=Role.OFFICE_LEADER),
        matter=correction,
        step="listed",
        words="单位的异议成立，有一份已印发的文书需要更正，请核对并签发更正通知。",
        unit=correction.concerned.name,
        due_on=correction.due_on,
        is_estimate=correction.due_is_estimate,
        url_name="reports:correction_detail",
        url_args=[correction.pk],
        by=by,
        at=at,
    )


def corrected(correction: Correction, *, by: User, at: datetime) -> None:
    """The unit that was wronged is told that it was put right."""
    number = correction.paper.number if correction.paper else ""
    finding = correction.objection.finding
    messages.tell(
        CORRECTED,
        to=addressees.answering(correction.concerned, day=clock.day_of(at), liaison=finding.liaison_id),
        matter=correction,
        step="issued",
        words=f"督查办已印发更正通知（{number}），请登录查看。",
        unit=correction.concerned.name,
        url_name="reports:correction_detail",
        url_args=[correction.pk],
        by=by,
        at=at,
    )
