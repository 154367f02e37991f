"""Every page of a finding that concerns a person leaves a line of who opened it; lists do not."""

from __future__ import annotations

from conduct import clock, reads
from findings.models import Finding
from inspections.models import Observation
from people.asking import SignedInRequest


def look(request: SignedInRequest, *shown: Finding, seen: list[Observation] | None = None) -> None:
    """Write down each finding of a page. seen: what the page tells of the visits behind it"""
    for finding in shown:
        reads.read_of_persons(
            at=clock.now(),
            by=request.user,
            subject=finding,
            label="查看涉及人员的问题",
            told=[finding, *(seen or [])],
        )
