"""One digest a working day for whoever answers for something that presses, however much it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from conduct import clock, messages
from conduct.audit import SystemActor
from conduct.calendar import book as calendar
from findings.queries import reminders
from findings.queries.reminders import Pressing
from people.queries import addressees

from .occasions import REMINDER

MOST_LINES = 20
MATTER = "findings.reminder"


@dataclass
class Digest:
    """What one person is reminded of: how many of each kind, and the first of them line by line."""

    counts: Counter[str] = field(default_factory=Counter)
    units: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    due_on: date | None = None

    def take(self, thing: Pressing) -> None:
        """Count one more; the nearest day stands for all."""
        self.counts[thing.kind] += 1
        self.units.add(thing.unit)
        self.due_on = min(self.due_on or thing.due_on, thing.due_on)
        if len(self.lines) < MOST_LINES:
            self.lines.append(thing.words)

    @property
    def words(self) -> str:
        """The digest in one sentence."""
        named = {
            "receipt": "份整改通知书待签收",
            "overdue": "个问题整改逾期",
            "soon": "个问题整改临期",
            "plan": "份整改方案待提交",
            "progress": "份进度报告待提交",
        }
        told = [f"{self.counts[kind]} {name}" for kind, name in named.items() if self.counts[kind]]
        return f"有 {'、'.join(told)}，请及时办理。"

    @property
    def text(self) -> str:
        """The lines, and how many more there are."""
        more = self.counts.total() - len(self.lines)
        return "\n".join([*self.lines, *([f"另有 {more} 项，请登录查看。"] if more else [])])

    @property
    def unit(self) -> str:
        """The one unit, or how many."""
        return next(iter(self.units)) if len(self.units) == 1 else f"{len(self.units)} 个单位"


def remind(*, at: datetime) -> int:
    """Tell everybody once what presses today; returns how many are told. On a day off nobody is.

    Told a second time on the same day, nobody gets a second digest.
    """
    today = clock.day_of(at)
    book = calendar.load()
    if not book.is_working(today):
        return 0
    digests = _digests(today, list(reminders.pressing(today=today, book=book)))
    with transaction.atomic():
        for person, digest in digests.items():
            _tell(person, digest, today, at)
    return len(digests)


def _digests(today: date, things: list[Pressing]) -> dict[int, Digest]:
    """What presses, by account."""
    answering = addressees.answering_for({thing.path for thing in things}, day=today)
    found: dict[int, Digest] = {}
    for thing in things:
        for person in answering[thing.path]:
            found.setdefault(person, Digest()).take(thing)
    return found


def _tell(person: int, digest: Digest, today: date, at: datetime) -> None:
    messages.tell(
        REMINDER,
        to=[person],
        matter=MATTER,
        step=today.isoformat(),
        words=digest.words,
        unit=digest.unit,
        due_on=digest.due_on,
        lines=digest.text,
        url_name="findings:list",
        query="?order=deadline",
        by=SystemActor(),
        at=at,
    )
