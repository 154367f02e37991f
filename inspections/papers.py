"""The record sheet of a visit (现场记录表) as frozen values; None everywhere means 未记录."""

from dataclasses import dataclass
from datetime import date, datetime, time

from conduct.pdfkit.frozen import ChainHead, Paper


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """A photograph by the SHA-256 of the derivative that people see, with its caption."""

    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class InspectorEntry:
    """One inspector with the number of the inspection card (证件号)."""

    name: str
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Headcount:
    """Who should have been there and who was: 应到、实到、请假、公出、缺岗."""

    expected: int | None = None
    present: int | None = None
    on_leave: int | None = None
    on_business: int | None = None
    absent: int | None = None
    absentees: str | None = None


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """One thing looked at on a list, with what was found."""

    item: str
    result: str | None = None


@dataclass(frozen=True, slots=True)
class ObservationEntry:
    """What two inspectors saw, a problem or a good practice; who is a post, never a person's name."""

    facts: str
    number: int | None = None
    indicator_code: str | None = None
    indicator_name: str | None = None
    seen_at: str | None = None
    place: str | None = None
    who: str | None = None
    rule: str | None = None
    handling: str | None = None
    unit_said: str | None = None
    photos: tuple[PhotoEntry, ...] = ()
    is_good: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One item of the evidence list; the digest is that of the original."""

    kind: str
    name: str
    taken_by: str | None = None
    taken_at: datetime | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed as what, when, and what was said with it."""

    name: str
    role: str = ""
    at: datetime | None = None
    opinion: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """A note added after locking; the sheet itself stays as it was."""

    text: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordSheet(Paper):
    """The sheet of one visit; until locked_at is set it prints as a draft."""

    issuer: str
    unit: str
    number: str | None = None
    campaign: str | None = None
    method: str | None = None
    level: str | None = None
    visited_on: date | None = None
    arrived: time | None = None
    left: time | None = None
    office: str | None = None
    place: str | None = None
    inspectors: tuple[InspectorEntry, ...] = ()
    recorder: str | None = None
    accompanying: str | None = None
    headcount: Headcount | None = None
    checks: tuple[CheckEntry, ...] = ()
    observations: tuple[ObservationEntry, ...] = ()
    is_without_problem: bool = False
    photos: tuple[PhotoEntry, ...] = ()
    evidence: tuple[EvidenceEntry, ...] = ()
    unit_statement: str | None = None
    unit_signature: str | None = None
    refusal: str | None = None
    sign_offs: tuple[SignOff, ...] = ()
    leader_review: SignOff | None = None
    locked_at: datetime | None = None
    locked_by: str | None = None
    corrections: tuple[CorrectionEntry, ...] = ()
    chain: ChainHead | None = None
