"""How days, moments and deadlines read in the office. Plain values in, words out; never reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNRECORDED = "未记录"
SOON_WORKING_DAYS = 3
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A deadline light: it speaks by colour, shape and word, so that it also prints and can be heard.

    colour: green | amber | red | grey, a style class and nothing else
    detail: the time left or passed, may be empty
    """

    colour: str
    shape: str
    word: str
    detail: str = ""


def plain_date(day: date) -> str:
    """The day as a sentence has it: 2026年11月30日; a moment is read in Shanghai."""
    day = _day(day)
    return f"{day.year}年{day.month}月{day.day}日"


def cn_date(day: date) -> str:
    """The day with its weekday: 2026年11月30日（周一）; a moment is read in Shanghai."""
    day = _day(day)
    return f"{plain_date(day)}（周{_WEEKDAYS[day.weekday()]}）"


def cn_day(day: date, *, beside: date | None = None) -> str:
    """The day for tight columns: 11月30日（周一） beside a day of the same year, with its year otherwise."""
    day = _day(day)
    if beside is None or day.year != beside.year:
        return cn_date(day)
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def cn_datetime(at: datetime) -> str:
    """The moment on the Shanghai clock: 2026年11月30日 15:07.

    Raises: ValueError for a moment without a time zone
    """
    if at.tzinfo is None:
        raise ValueError(f"expected an aware moment, got {at!r}")
    there = at.astimezone(SHANGHAI)
    return f"{plain_date(there)} {there:%H:%M}"


def light(
    *,
    due_on: date | None,
    today: date,
    closed_on: date | None = None,
    handed_in_on: date | None = None,
    paused: bool = False,
    remaining: int | None = None,
    soon: int = SOON_WORKING_DAYS,
) -> Lamp:
    """The light of a deadline; the due day itself is still in time.

    handed_in_on: when the answer was handed in: from then on it is judged by that day, however long others take
    remaining: working days left by the office calendar, 0 on the due day, negative once past;
               without it calendar days decide, and the words say so
    soon:      from how many days left the light is amber
    """
    if due_on is None:
        return Lamp("grey", "○", "未定期限")
    done_on = handed_in_on or closed_on
    if done_on is not None:
        return _done(due_on=due_on, done_on=done_on, word="办结" if closed_on else "报送")
    if paused:
        return Lamp("grey", "‖", "暂停计时")
    left = (due_on - today).days if remaining is None else remaining
    detail = _detail(left, unit="天" if remaining is None else "个工作日")
    if today > due_on:
        return Lamp("red", "■", "逾期", detail if left < 0 else "")
    if left <= soon:
        return Lamp("amber", "▲", "临期", detail)
    return Lamp("green", "●", "正常", detail)


def _done(*, due_on: date, done_on: date, word: str) -> Lamp:
    if done_on > due_on:
        return Lamp("red", "■", f"逾期{word}")
    return Lamp("green", "●", f"按期{word}")


def _detail(left: int, *, unit: str) -> str:
    if left == 0:
        return "今天到期"
    if left < 0:
        return f"已超 {-left} {unit}"
    return f"还剩 {left} {unit}"


def _day(day: date) -> date:
    if not isinstance(day, datetime):
        return day
    if day.tzinfo is None:
        raise ValueError(f"expected an aware moment, got {day!r}")
    return day.astimezone(SHANGHAI).date()
