"""The record of a visit as typed, and as the rules judge it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from conduct.clock import SHANGHAI
from inspections.models import Campaign, Method, Observation, ProblemCategory, RuleItem, Visit
from inspections.queries import content
from inspections.rules import records as rules


@dataclass(frozen=True)
class Seen:
    """One thing seen; a draft may lack its indicator or its facts.

    observation: the row it was saved as before, None for a new one
    held:        photos that came with an earlier sending of the same form
    """

    category: ProblemCategory | None
    facts: str
    kind: str = Observation.Kind.PROBLEM
    seen_at: time | None = None
    place: str = ""
    person_post: str = ""
    persons: int = 0
    rule_item: RuleItem | None = None
    handled_on_spot: str = ""
    unit_said: str = ""
    observation: UUID | None = None
    photos: Sequence[UploadedFile] = ()
    held: Sequence[UUID] = ()

    @property
    def is_draft(self) -> bool:
        """Whether something lacks without which it says nothing."""
        return self.category is None or not self.facts.strip()


@dataclass(frozen=True)
class Record:
    """The record of a visit as typed; a draft may leave out what is not known yet.

    held:    photos that came with an earlier sending of the same form
    removed: photos kept before that are to go
    """

    method: str
    visited_on: date | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    department: str = ""
    place: str = ""
    accompanied_by: str = ""
    expected_count: int | None = None
    present_count: int | None = None
    leave_count: int | None = None
    official_out_count: int | None = None
    absent_count: int | None = None
    no_problem: bool = False
    unit_statement: str = ""
    unit_signature: str = ""
    seen: Sequence[Seen] = ()
    photos: Sequence[UploadedFile] = ()
    held: Sequence[UUID] = ()
    removed: Sequence[UUID] = ()


def facts_of(campaign: Campaign, record: Record, at: datetime) -> rules.RecordFacts:
    """The record as the rules judge it."""
    return rules.RecordFacts(
        now=at.astimezone(SHANGHAI),
        first_day=campaign.starts_on,
        last_day=campaign.ends_on,
        visited_on=record.visited_on,
        arrived_at=record.arrived_at.astimezone(SHANGHAI) if record.arrived_at else None,
        left_at=record.left_at.astimezone(SHANGHAI) if record.left_at else None,
        heads=rules.Heads(
            record.expected_count,
            record.present_count,
            record.leave_count,
            record.official_out_count,
            record.absent_count,
        ),
        problems=sum(item.kind == Observation.Kind.PROBLEM for item in record.seen),
        observations=len(record.seen),
        says_no_problem=record.no_problem,
        place=record.place,
        is_open=record.method == Method.OPEN,
        unit_signature=record.unit_signature,
        without_indicator=_numbers(item.category is None for item in record.seen),
        without_facts=_numbers(not item.facts.strip() for item in record.seen),
    )


def as_record(visit: Visit) -> Record:
    """The record as it is stored, photos aside."""
    seen = [
        Seen(category=row.category, facts=row.facts, kind=row.kind, observation=row.pk)
        for row in visit.observations.select_related("category").order_by("ordinal")
    ]
    return Record(**{name: getattr(visit, name) for name in content.FIELDS}, seen=seen)


def _numbers(lacking: Iterable[bool]) -> tuple[int, ...]:
    """The places, from 1, where something lacks."""
    return tuple(number for number, lacks in enumerate(lacking, start=1) if lacks)
