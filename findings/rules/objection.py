"""Until when an objection is heard, whether it stops the clock, and who decides it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conduct.calendar.rules import (
    OFFICE_CLOSES,
    Due,
    WorkCalendar,
    after_calendar_days,
    after_working_days,
    counts_from,
)
from conduct.dates import SHANGHAI, plain_date

PAUSING_WORKING_DAYS = 5
HEARD_DAYS = 30
DECIDE_WORKING_DAYS = 5


@dataclass(frozen=True)
class Right:
    """Until when an objection stops the clock, and until when it is heard at all."""

    pauses_until: Due
    heard_until: Due


def right(*, received_at: datetime, book: WorkCalendar) -> Right:
    """The days that follow from the receipt; receipt after office hours counts from the next working day.

    Source: DOMAIN §2.3 (objection to a conclusion: 30 days), §4.3 (five working days)
    """
    start = counts_from(received=received_at.astimezone(SHANGHAI), book=book)
    return Right(
        after_working_days(start=start, working_days=PAUSING_WORKING_DAYS, book=book),
        after_calendar_days(start=start, days=HEARD_DAYS, book=book),
    )


def not_over_after(*, today: date, book: WorkCalendar) -> datetime:
    """The moment after which a receipt still leaves time to object that stops the clock, today included."""
    start = today
    while after_working_days(start=start, working_days=PAUSING_WORKING_DAYS, book=book).day >= today:
        start -= timedelta(days=1)
    # Of what came in after the office closed on that day, or later, the term counts from a later day.
    while not book.is_working(start):
        start -= timedelta(days=1)
    return datetime.combine(start, OFFICE_CLOSES, tzinfo=SHANGHAI)


def objection_to_filing(*, right: Right | None, today: date, is_open: bool) -> str:
    """Against filing now. right: None before the notice has been received"""
    if right is None:
        return "请先签收整改通知书，再提出异议。"
    if is_open:
        return "已有一份异议正在办理，不必重复提出。请等待答复。"
    if today > right.heard_until.day:
        return (
            f"提出异议的期限（{plain_date(right.heard_until.day)}）已过。"
            "如仍有意见，请在整改报告中说明，或依规定向上级机关申诉。"
        )
    return ""


def stops_clock(*, right: Right, today: date, is_first: bool) -> bool:
    """Whether the unit's clock stands still until the decision: for the first objection, in time.

    Source: ADR 0037
    """
    return is_first and today <= right.pauses_until.day


def objection_to_decider(
    *, person_id: int, finder_ids: Collection[int], confirmer_id: int | None, is_of_unit: bool
) -> str:
    """Against this person deciding."""
    if person_id in finder_ids:
        return "您参加了这次检查或列出了这个问题，不能办理对它的异议。请由其他同志办理。"
    if person_id == confirmer_id:
        return "这个问题是您认定的，不能办理对它的异议。请由其他同志办理。"
    if is_of_unit:
        return "您是责任单位的人员，不能办理本单位的异议。请由其他同志办理。"
    return ""
