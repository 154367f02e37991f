"""Whom accountability tells what: the office alone. Neither measure, post nor name goes into a message."""

from __future__ import annotations

from datetime import datetime

from accountability.models import Measure
from conduct import clock, messages
from conduct.audit import Actor
from people.queries import addressees

# The kinds stand on everybody's page of settings, and nobody but the office is to know of the register.
ENDED = messages.declare("accountability.ended", "登记事项到期")


def ended(measure: Measure, *, by: Actor, at: datetime) -> None:
    """The clerks of the office are told that a period is over."""
    unit = measure.finding.unit
    messages.tell(
        ENDED,
        to=addressees.office_of(unit, day=clock.day_of(at)),
        matter=measure,
        step="ended",
        words="一项登记的影响期已满，请查看。",
        unit=unit.name,
        url_name="accountability:detail",
        url_args=[measure.pk],
        by=by,
        at=at,
    )
