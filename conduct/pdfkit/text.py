"""Text of people on its way into a paper: the one door every string passes, and how dates are written.

Nothing here knows markup: what comes in is printed literally.
"""

import re
from datetime import date, datetime, timedelta, timezone

LONGEST = 200_000
CUT_NOTE = "……（文字过长，此处起未印，全文见系统）"
NOT_RECORDED = "未记录"
WEEKDAYS = "一二三四五六日"
BEIJING = timezone(timedelta(hours=8))

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f]")
# Controls, lone surrogates, zero-width characters, direction overrides, variation selectors, tags.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
# What nearly every text is made of; such a text is known to be clean at a glance.
_USUAL = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e\n -~“”‘’…—·]*")
_ENDED = (*"。！？…；：.!?", "。”", "！”", "？”")
_BLANK = " \u3000"
_SPACE_RUNS = re.compile("  +")


def clean(text: str) -> str:
    """The text as it may be printed and kept: no character that is invisible, acts, or cannot be encoded.

    Line ends become "\\n", odd spaces become plain ones. Applying it twice changes nothing. A text beyond
    200,000 characters is cut with a printed note that says so.
    """
    if not _USUAL.fullmatch(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _SPACES.sub(" ", text)
        text = _UNPRINTABLE.sub("", text)
    if len(text) > LONGEST:
        text = text[: LONGEST - len(CUT_NOTE)] + CUT_NOTE
    return text


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, cleaned, without blank ones; runs of spaces count as one."""
    text = clean(text)
    if "  " in text:
        text = _SPACE_RUNS.sub(" ", text)
    if "\n" not in text:
        text = text.strip(_BLANK)
        return [text] if text else []
    return [stripped for line in text.split("\n") if (stripped := line.strip(_BLANK))]


def one_line(text: str) -> str:
    """A text for a place that holds no paragraphs: its paragraphs joined by a space."""
    return " ".join(paragraphs(text))


def chinese_date(day: date) -> str:
    """2026年11月5日, without zeros before."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_and_weekday(day: date) -> str:
    """2026年11月30日（周一）."""
    return f"{chinese_date(day)}（周{WEEKDAYS[day.weekday()]}）"


def chinese_moment(moment: datetime) -> str:
    """2026年11月5日 09:30, in Beijing time when the moment knows its zone."""
    moment = _in_beijing(moment)
    return f"{chinese_date(moment.date())} {moment:%H:%M}"


def day_of(moment: datetime) -> date:
    """The day of the moment, in Beijing when it knows its zone."""
    return _in_beijing(moment).date()


def _in_beijing(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(BEIJING)


def chinese_number(number: int) -> str:
    """一, 十二, 一百零三: the number of a heading; beyond 999 in digits."""
    if not 1 <= number <= 999:
        return str(number)
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = digits[hundreds] + "百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones else "")


def ended(text: str) -> str:
    """The text with a full stop, unless it ends with a mark of its own."""
    text = text.rstrip()
    return text if text.endswith(_ENDED) else f"{text}。"


def recorded(value: str | int | None) -> str:
    """A value as a form shows it; what was not recorded says so."""
    if value is None or (isinstance(value, str) and not clean(value).strip(_BLANK)):
        return NOT_RECORDED
    return str(value)
