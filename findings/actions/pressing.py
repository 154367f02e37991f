"""Who is told of the steps the ladder took today: one message a person, however many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from conduct import clock, messages
from conduct.audit import SystemActor
from conduct.dates import plain_date
from findings.queries import pressed
from findings.queries.pressed import Taken
from findings.rules.ladder import NAMES
from people.queries import addressees
from people.roles import Role

from .occasions import DRAFTED, LADDER

MOST_LINES = 20
MATTER = "findings.ladder"


@dataclass
class News:
    """What one person is told: how many of each step, and the first of them line by line."""

    counts: Counter[str] = field(default_factory=Counter)
    units: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    due_on: date | None = None

    def take(self, step: Taken) -> None:
        """Count one more; the nearest day stands for all."""
        name = NAMES[step.step]
        self.counts[name] += 1
        self.units.add(step.unit)
        self.due_on = min(self.due_on or step.due_on, step.due_on)
        if len(self.lines) < MOST_LINES:
            self.lines.append(f"{name}　{step.unit}　{step.number}　{plain_date(step.due_on)}")

    @property
    def named(self) -> str:
        """How many of each."""
        return "、".join(f"{name} {count} 件" for name, count in sorted(self.counts.items()))

    @property
    def text(self) -> str:
        """The lines, and how many more there are."""
        more = self.counts.total() - len(self.lines)
        return "\n".join([*self.lines, *([f"另有 {more} 件，请登录查看。"] if more else [])])

    @property
    def unit(self) -> str:
        """The one unit, or how many."""
        return next(iter(self.units)) if len(self.units) == 1 else f"{len(self.units)} 个单位"


@transaction.atomic
def tell(*, at: datetime) -> int:
    """Tell units of their reminders of today, and leaders of what is drafted; told again, nobody hears it twice.

    Returns how many people are told.
    """
    today = clock.day_of(at)
    units = _news(pressed.reminders(day=today), addressees.answering_for, today)
    leaders = _news(pressed.drafts(day=today), _leaders, today)
    for person, news in units.items():
        words = f"整改期限：{news.named}，请及时整改并报送整改报告。"
        _tell(LADDER, person, news, words, "findings:list", "?order=deadline", at)
    for person, news in leaders.items():
        words = f"督办文书已起草：{news.named}，请签发，或者写明理由暂缓。"
        _tell(DRAFTED, person, news, words, "findings:supervision_list", "?state=waiting", at)
    return len(units) + len(leaders)


def _leaders(paths: Iterable[str], *, day: date) -> dict[str, list[int]]:
    return addressees.office_for(paths, day=day, role=Role.OFFICE_LEADER)


def _news(steps: Iterable[Taken], addressed: addressees.Addressed, today: date) -> dict[int, News]:
    """What is told, by account."""
    taken = list(steps)
    people = addressed({step.path for step in taken}, day=today)
    found: dict[int, News] = {}
    for step in taken:
        for person in people[step.path]:
            found.setdefault(person, News()).take(step)
    return found


def _tell(
    kind: messages.Kind, person: int, news: News, words: str, url_name: str, query: str, at: datetime
) -> None:
    messages.tell(
        kind,
        to=[person],
        matter=MATTER,
        step=f"{kind.key}:{clock.day_of(at).isoformat()}",
        words=words,
        unit=news.unit,
        due_on=news.due_on,
        lines=news.text,
        url_name=url_name,
        query=query,
        by=SystemActor(),
        at=at,
    )
