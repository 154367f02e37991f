"""Parts of pages that need not be drawn anew: parts of plain values alone, and rows by substitution.

What is drawn here must come from the values handed in and nothing else: no request, no clock, no database.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import cache, lru_cache
from html import escape
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

MOST_KEPT = 2048
_COMMENT = re.compile(r"\{#.*?#\}")
_NAME = re.compile(r"\{\{ (\w+) \}\}")


def part(name: str, /, **values: Hashable) -> str:
    """A template drawn from these values; the same values give the same text, so it is drawn once a process."""
    return _drawn.__wrapped__(name, **values) if settings.DEBUG else _drawn(name, **values)


def rows(name: str, items: Iterable[Any]) -> str:
    """Every item drawn by a template that holds nothing but {{ names }} of its attributes, each escaped.

    Fifty rows cost a fifth of what the template engine takes for them, and a list is mostly its rows.
    """
    form, attributes = _form.__wrapped__(name) if settings.DEBUG else _form(name)
    return SafeString("".join([form % tuple(map(_text, attributes(item))) for item in items]))


def kept(name: str, value: Any) -> str:
    """A template drawn from `value`, an object nobody changes: drawn once, and kept with it as long as it lives."""
    drawn: dict[str, str] = value.__dict__.setdefault("_drawn", {})
    if name not in drawn or settings.DEBUG:
        drawn[name] = render_to_string(name, {"value": value})
    return drawn[name]


def linked(text: object, url: str) -> str:
    """A text that opens its address; without an address, the text."""
    words = text if isinstance(text, int) else escape(str(text))
    return SafeString(f'<a href="{escape(url)}">{words}</a>' if url else words)


def numbers(lines: Iterable[tuple[str | tuple[str, str], Iterable[tuple[object, str]]]]) -> str:
    """The body of a table of numbers: (name of the row, [(text, address or "")]). Nothing opens no list.

    A name may be a pair as well: its text and the address it opens.
    """
    drawn = []
    for name, cells in lines:
        text, address = name if isinstance(name, tuple) else (name, "")
        drawn.append(f'<tr><th scope="row">{linked(text, address)}</th>')
        drawn += [f'<td class="num">{linked(text, url if text else "")}</td>' for text, url in cells]
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


@lru_cache(maxsize=MOST_KEPT)
def _drawn(name: str, /, **values: Hashable) -> str:
    return render_to_string(name, values)


@cache
def _form(name: str) -> tuple[str, attrgetter[tuple[Any, ...]]]:
    """The template as a form to fill in, and what takes the values off an item.

    Raises: ValueError for a template with tags or filters, which would be shown as they stand
    """
    source = _COMMENT.sub("", get_template(name).template.source)  # type: ignore[attr-defined]
    names = _NAME.findall(source)
    form = _NAME.sub("%s", source.replace("%", "%%"))
    if "{%" in form or "{{" in form or len(names) < 2:
        raise ValueError(f"{name!r} must hold plain {{{{ names }}}}, two at least")
    return form.strip() + "\n", attrgetter(*names)


def _text(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
