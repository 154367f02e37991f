"""One verification: every check of the register is run, and what they came to is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conduct import verifying
from conduct.audit import Actor
from conduct.models import VerifyReport

JOB = "conduct.verify"
# Progress is told in hundredths of each check, whatever it counts.
PARTS = 100
Told = Callable[[int, int, str], None]


@dataclass
class Asker:
    """Who asked for a verification, as the job remembers it."""

    pk: str
    name: str

    def __str__(self) -> str:
        return self.name


def verify(
    *,
    by: Actor,
    now: Callable[[], datetime],
    on_step: Told = lambda done, total, note: None,
    on_outcome: Callable[[verifying.Outcome], None] = lambda outcome: None,
) -> VerifyReport:
    """Run all checks and keep the report.

    now:        the clock, read when it begins and when it ends
    on_step:    told (done, total, which check) now and then
    on_outcome: told each check as it ends
    """
    begun = now()
    keys = list(verifying.REGISTER)
    total = len(keys) * PARTS

    told = -1

    def step(entry: verifying.Entry, done: int, most: int) -> None:
        nonlocal told
        part = min(PARTS, done * PARTS // most) if most else 0
        now_done = keys.index(entry.key) * PARTS + part
        # Each telling is a write, and a check may step a million times.
        if now_done != told:
            told = now_done
            on_step(told, total, entry.name)

    outcomes = []
    for outcome in verifying.run(at=begun, on_step=step):
        on_outcome(outcome)
        outcomes.append(outcome)
        step(outcome.entry, 1, 1)
    faults = [outcome.checked.fault for outcome in outcomes if outcome.checked.fault]
    return VerifyReport.objects.create(
        at=begun,
        finished_at=now(),
        by_id=str(by.pk or ""),
        by_name=str(by),
        is_clean=not faults,
        first_fault=faults[0] if faults else "",
        outcomes=[_plain(outcome) for outcome in outcomes],
    )


def newest() -> VerifyReport | None:
    """The last verification that came to its end."""
    return VerifyReport.objects.order_by("-at", "-id").first()


def _plain(outcome: verifying.Outcome) -> dict[str, object]:
    checked = outcome.checked
    return {
        "key": outcome.entry.key,
        "name": outcome.entry.name,
        "looked_at": checked.looked_at,
        "fault": checked.fault,
        "notes": list(checked.notes),
    }
