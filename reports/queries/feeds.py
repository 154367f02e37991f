"""A person's deadlines as calendars read them: what to do, which unit, by when; no title, no name, nothing sealed."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

import icalendar

from conduct import clock
from findings.queries.items import Item
from people.models import User
from reports.models import FeedToken
from reports.rules.feed import digest_of

from . import home

MOST = 200
MAKER = "-//ming cha an fang//deadlines//ZH"


def row_of(token: str) -> FeedToken | None:
    """What this token opens: nothing for one that is unknown, or whose owner's account is closed."""
    rows = FeedToken.objects.filter(digest=digest_of(token), user__is_active=True)
    return rows.select_related("user").first()


def of_own(user: User) -> FeedToken | None:
    """The person's own feed, if there is one."""
    return FeedToken.objects.filter(user=user).first()


def written(*, user: User, today: date, root: str) -> bytes:
    """The whole feed; on one day the same facts give the same bytes. root: address of the house, for links"""
    calendar = icalendar.Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "我的工作期限")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    stamp = datetime.combine(today, time(), clock.SHANGHAI).astimezone(UTC)
    for item in of_person(user=user, today=today):
        calendar.add_component(_event(item, stamp, root.rstrip("/")))
    return calendar.to_ical()


def of_person(*, user: User, today: date) -> list[Item]:
    """What waits for the person by a day, the nearest first, without what is sealed."""
    dated = [item for item in home.due_items(user, today) if item.due_on and not item.is_sealed]
    return sorted(dated, key=lambda item: (item.due_on or today, item.verb, item.url))[:MOST]


def _event(item: Item, stamp: datetime, root: str) -> icalendar.Event:
    due = item.due_on or stamp.date()
    event = icalendar.Event()
    event.add("uid", hashlib.sha256(f"{item.verb} {item.url}".encode()).hexdigest()[:32])
    event.add("dtstamp", stamp)
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("summary", f"{item.verb}（{item.unit}）" if item.unit else item.verb)
    estimated = "日期为估算，以公布的放假安排为准。" if item.is_estimate else ""
    event.add("description", f"期限当日为最后一天。{estimated}登录后办理：{root}{item.url}")
    event.add("url", f"{root}{item.url}")
    event.add("transp", "TRANSPARENT")
    return event
