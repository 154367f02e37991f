"""Every page that tells against whom something was decided leaves a line of who opened it; lists do not."""

from __future__ import annotations

from collections.abc import Sequence

from accountability.models import Measure
from conduct import clock, reads
from findings.models import Finding
from people.asking import SignedInRequest


def look(request: SignedInRequest, subject: Measure | Finding, told: Sequence[Measure]) -> None:
    """Write down that the page was opened, where it tells of a person."""
    reads.read_of_persons(
        at=clock.now(), by=request.user, subject=subject, label="查看责任追究登记", told=told
    )
