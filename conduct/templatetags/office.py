"""How values read on a page: dates, lights, counts, and what the record does not say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template

from conduct import dates

register = template.Library()


@register.filter
def cn_date(value: date | None) -> str:
    """2026年11月30日（周一）; 未记录 when there is none."""
    return dates.cn_date(value) if value else dates.UNRECORDED


@register.filter
def cn_day(value: date | None) -> str:
    """11月30日（周一）; 未记录 when there is none."""
    return dates.cn_day(value) if value else dates.UNRECORDED


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年11月30日 15:07 on the Shanghai clock; 未记录 when there is none."""
    return dates.cn_datetime(value) if value else dates.UNRECORDED


@register.filter
def or_unrecorded(value: Any) -> Any:
    """The value as the office reads it: 未记录 for nothing, days and moments in words. Zero is a value."""
    if value is None or value == "":
        return dates.UNRECORDED
    if isinstance(value, datetime):
        return dates.cn_datetime(value)
    if isinstance(value, date):
        return dates.cn_date(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value


@register.filter
def thousands(value: Any) -> Any:
    """12,345 for a whole number; any other value as or_unrecorded reads it."""
    return f"{value:,}" if type(value) is int else or_unrecorded(value)


@register.filter
def bounded(value: int, bound: int) -> str:
    """A count that stopped at its bound: 1,000+ from the bound on, the plain count below it."""
    return f"{bound:,}+" if value >= bound else f"{value:,}"


@register.filter
def with_errors(forms: Iterable[Any] | None) -> list[Any]:
    """Those forms of a page that have something to correct."""
    return [form for form in forms or [] if form.errors]


@register.inclusion_tag("_parts/_light.html", takes_context=True)
def light(context: dict[str, Any], due_on: date | None, **facts: Any) -> dict[str, Any]:
    """The light of a deadline beside its date; `today` comes from the page's context.

    facts: closed_on, paused, remaining (working days), soon, and estimated for a year without a calendar
    """
    estimated = facts.pop("estimated", False)
    if not isinstance(facts.get("remaining"), int):
        facts.pop("remaining", None)
    lamp = dates.light(
        due_on=due_on or None,
        today=context["today"],
        closed_on=facts.pop("closed_on", None) or None,
        paused=bool(facts.pop("paused", False)),
        **facts,
    )
    return {"lamp": lamp, "due_on": due_on or None, "estimated": bool(estimated)}
