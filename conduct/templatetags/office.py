"""How values read on a page: dates, lights, counts, and what the record does not say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field  # type: ignore[import-untyped]
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.defaultfilters import linebreaksbr

from conduct import dates, drawing
from conduct.paging import bounded_in_words
from conduct.shapes import NavItem

register = template.Library()
PLAIN_FIELDS = (forms.Select, forms.TextInput, forms.DateInput)


@register.filter
def cn_date(value: date | None) -> str:
    """2026年11月30日（周一）; 未记录 when there is none."""
    return dates.cn_date(value) if value else dates.UNRECORDED


@register.filter
def cn_day(value: date | None, beside: date | None = None) -> str:
    """11月30日（周一） beside a day of the same year, which in lists is today; 未记录 when there is none."""
    return dates.cn_day(value, beside=beside or None) if value else dates.UNRECORDED


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
def told(value: Any) -> Any:
    """The value as or_unrecorded reads it, its lines kept apart."""
    words = or_unrecorded(value)
    is_plain = not isinstance(words, str) or ("\n" not in words and "\r" not in words)
    return words if is_plain else linebreaksbr(words)


@register.filter
def moment(value: datetime) -> str:
    """The moment for machines, on the Shanghai clock."""
    return value.astimezone(dates.SHANGHAI).isoformat()


@register.filter
def thousands(value: Any) -> Any:
    """12,345 for a whole number; any other value as or_unrecorded reads it."""
    return f"{value:,}" if type(value) is int else or_unrecorded(value)


register.filter("bounded", bounded_in_words)


@register.filter
def with_errors(forms: Iterable[Any] | None) -> list[Any]:
    """Those forms of a page that have something to correct."""
    return [form for form in forms or [] if form.errors]


@register.inclusion_tag("_parts/_light.html", takes_context=True)
def light(context: dict[str, Any], due_on: date | None, **facts: Any) -> dict[str, Any]:
    """The light of a deadline beside its date; `today` comes from the page's context.

    facts: closed_on, handed_in_on, paused, remaining (working days), soon, and estimated for a year without a calendar
    """
    estimated = facts.pop("estimated", False)
    if not isinstance(facts.get("remaining"), int):
        facts.pop("remaining", None)
    lamp = dates.light(
        due_on=due_on or None,
        today=context["today"],
        closed_on=facts.pop("closed_on", None) or None,
        handed_in_on=facts.pop("handed_in_on", None) or None,
        paused=bool(facts.pop("paused", False)),
        **facts,
    )
    return {"lamp": lamp, "due_on": due_on or None, "estimated": bool(estimated)}


@register.simple_tag
def steady(name: str) -> str:
    """A part that is the same on every page."""
    return drawing.part(name)


@register.simple_tag
def kept(name: str, value: Any) -> str:
    """A part drawn from `value` alone, an object nobody changes: drawn once for it."""
    return drawing.kept(name, value)


@register.simple_tag
def number_rows(lines: Iterable[tuple[str | tuple[str, str], Iterable[tuple[object, str]]]]) -> str:
    """The body of a table of numbers, most of which open a list."""
    return drawing.numbers(
        (name, [(dates.UNRECORDED if number is None else number, url) for number, url in cells])
        for name, cells in lines
    )


@register.simple_tag
def menu_lines(nav: Iterable[NavItem]) -> str:
    """The menu of someone whose lines these are."""
    return drawing.part("_parts/_nav.html", nav=tuple(nav))


@register.simple_tag
def filter_field(field: BoundField) -> str:
    """A field of a filter as crispy draws it; plain ones without a complaint are drawn once for each value."""
    widget: Any = field.field.widget
    if type(widget) not in PLAIN_FIELDS or field.errors or field.help_text:
        return str(as_crispy_field(field))
    value = field.value()
    return drawing.part(
        "_parts/_filter_field.html",
        kind=widget.input_type,
        name=field.html_name,
        id=field.id_for_label,
        label=str(field.label),
        value="" if value is None else str(value),
        choices=tuple((str(key), str(words)) for key, words in getattr(field.field, "choices", ())),
        attributes=tuple(sorted(field.build_widget_attrs(widget.attrs).items())),
    )


@register.simple_tag
def rows_by(name: str, items: Iterable[Any]) -> str:
    """The rows of a list, each drawn by a template of plain {{ names }}."""
    return drawing.rows(name, items)
