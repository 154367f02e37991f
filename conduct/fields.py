"""Form fields for what people type: cleaned, and refused with the limit and what was given when beyond it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .cleaning import clean_line, clean_text

MOST_TEXT = 20_000
MOST_LINE = 200
FIRST_YEAR, LAST_YEAR = 1900, 2999
# Of the number of a row; a longer one fits no column.
MOST_DIGITS = 18


class CleanCharField(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = MOST_LINE, **options: Any) -> None:
        # The limit is judged here and not by Django's validator, which would also put maxlength on the
        # input: a browser then cuts a pasted text short without a word.
        self.most = max_length
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        return clean_line(str(super().to_python(value) or ""))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and len(value) > self.most:
            over = len(value) - self.most
            raise ValidationError(
                f"最多 {self.most:,} 个字，现在是 {len(value):,} 个字，请删去 {over:,} 个字后再提交。",
                code="max_length",
            )


class CleanTextField(CleanCharField):
    """Text of several lines."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = MOST_TEXT, rows: int = 5, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """The cleaned text, its lines kept."""
        return clean_text(str(forms.CharField.to_python(self, value) or ""))


def check_year(day: date) -> None:
    """Refuse a day nobody means: the day after the last one there is cannot be told.

    Raises: ValidationError
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(
            f"年份须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，现在是 {day.year} 年，请核对日期。", code="year"
        )


class DayField(forms.DateField):
    """A day of the years papers speak of, with the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        messages = {"invalid": "日期请写成 2026-03-02 的样子。"}
        super().__init__(**options | {"error_messages": messages | (options.get("error_messages") or {})})

    def to_python(self, value: Any) -> date | None:
        """The day."""
        day = super().to_python(value)
        if day is not None:
            check_year(day)
        return day


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows, ticked by their numbers."""

    widget: Any = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """The rows; a number no row can have is refused before the database is asked for it."""
        if any(len(str(number)) > MOST_DIGITS for number in value or ()):
            raise ValidationError("勾选的内容里有一项不在可选范围内，请重新勾选。", code="invalid_choice")
        return super().clean(value)
