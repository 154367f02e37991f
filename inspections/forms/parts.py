"""Fields several forms share: days and times as phones pick them, and the reason of a move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from conduct.fields import CleanTextField, DayField

MOST_REASON = 2_000


def day_field(label: str, **options: Any) -> DayField:
    """A calendar day."""
    return DayField(
        label=label,
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}请写成2026-03-02这样的日期。"},
        **options,
    )


def clock_field(label: str, **options: Any) -> forms.TimeField:
    """A time of day, to the minute."""
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}请写成09:30这样的时间。"},
        **options,
    )


def head_field(label: str) -> forms.IntegerField:
    """A number of people, empty when nobody counted."""
    return forms.IntegerField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": f"{label}请填整数。"},
    )


def is_removed(form: Any) -> bool:
    """Whether a block of a repeated form is ticked to be taken out."""
    return bool(form["DELETE"].value())


def left_in(blocks: Iterable[Any]) -> list[Any]:
    """The blocks that stay; what is wrong in a removed one is no longer anybody's trouble."""
    blocks = list(blocks)
    for form in blocks:
        if is_removed(form):
            form.errors.clear()
    return [form for form in blocks if not is_removed(form)]


class ReasonForm(forms.Form):
    """Why a move is made."""

    reason = CleanTextField(
        label="理由", max_length=MOST_REASON, rows=3, error_messages={"required": "请写明理由后再提交。"}
    )

    def __init__(self, *args: Any, label: str = "理由", required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = label
        self.fields["reason"].required = required


def key_of(data: QueryDict) -> UUID | None:
    """The form's own key, which a double click sends twice; None for one the page did not make."""
    try:
        return UUID(data.get("client_key", ""))
    except ValueError:
        return None


def version_of(data: QueryDict) -> int:
    """The version the page was shown at; 0, which is never current, for one the page did not write."""
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
