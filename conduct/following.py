"""What must follow a change of the calendar: floors say so here, for people above may not be asked from below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from conduct import jobs
from conduct.audit import Actor
from conduct.calendar.rules import WorkCalendar
from conduct.models import CalendarChange, JobRun

MOST_SHOWN = 200
MOST_COUNTED = 5000


@dataclass(frozen=True, slots=True)
class Shift:
    """One deadline that a change moves, makes certain, or leaves. why: in one short sentence"""

    what: str
    url: str
    unit: str
    was: date
    becomes: date
    why: str


@dataclass
class Shifts:
    """What a change moves: all of it in numbers, and the first of it as far as the person may see it.

    is_more: there is more than anybody counts
    """

    count: int = 0
    units: set[str] = field(default_factory=set)
    shown: list[Shift] = field(default_factory=list)
    is_more: bool = False

    def take(self, shift: Shift, *, may_see: bool) -> None:
        """Count one more."""
        self.count += 1
        self.units.add(shift.unit)
        if may_see and len(self.shown) < MOST_SHOWN:
            self.shown.append(shift)

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)

    @property
    def words(self) -> str:
        """The numbers in words."""
        return f"{'至少 ' if self.is_more else ''}{self.count} 个期限，涉及 {len(self.units)} 个单位"


@dataclass(frozen=True)
class Follower:
    """How one floor follows.

    job:     name of the job that moves the deadlines; takes `change`, the key of the CalendarChange
    foresee: (person, calendar now, calendar to come) to what would move
    moved:   (person, change) to what it moved
    left:    (person, undoing change) to what the undoing left as it is, with reasons
    """

    job: str
    foresee: Callable[[Any, WorkCalendar, WorkCalendar], Shifts]
    moved: Callable[[Any, CalendarChange], Shifts]
    left: Callable[[Any, CalendarChange], Shifts]


FOLLOWERS: list[Follower] = []


def register(follower: Follower) -> None:
    """Let an upper floor follow changes of the calendar; called from its AppConfig.ready."""
    if all(known.job != follower.job for known in FOLLOWERS):
        FOLLOWERS.append(follower)


def foresee(*, by: Actor, now: WorkCalendar, to_come: WorkCalendar) -> Shifts:
    """What would move; nothing is written."""
    return _together([follower.foresee(by, now, to_come) for follower in FOLLOWERS])


def moved(*, by: Actor, change: CalendarChange) -> Shifts:
    """What a change has moved so far."""
    return _together([follower.moved(by, change) for follower in FOLLOWERS])


def left(*, by: Actor, change: CalendarChange) -> Shifts:
    """What an undoing did not put back."""
    return _together([follower.left(by, change) for follower in FOLLOWERS])


def announce(*, change: CalendarChange, by: Actor, at: datetime) -> list[JobRun]:
    """Let every floor follow the change in the background. Call in the transaction that wrote it."""
    return [
        jobs.start(follower.job, by=by, at=at, subject=change, change=str(change.pk))
        for follower in FOLLOWERS
    ]


def _together(parts: list[Shifts]) -> Shifts:
    whole = Shifts()
    for part in parts:
        whole.count += part.count
        whole.units |= part.units
        whole.shown = [*whole.shown, *part.shown][:MOST_SHOWN]
        whole.is_more |= part.is_more
    return whole
