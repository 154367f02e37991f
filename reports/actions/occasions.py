"""Whom bulletins tell what."""

from __future__ import annotations

from datetime import datetime

from conduct import clock, messages
from people.models import User
from people.queries import addressees
from people.roles import Role
from reports.models import Bulletin

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
