from __future__ import annotations

from django import forms

from accountability.rules.effect import MOST_MONTHS
from conduct.fields import CleanCharField


class MonthsForm(forms.Form):
    """Another period for a measure whose period each place sets for itself."""

    months = forms.IntegerField(
        label="影响期（月）", min_value=0, max_value=MOST_MONTHS, help_text="0 表示没有影响期。"
    )
    basis = CleanCharField(label="依据", max_length=200, help_text="本地规定的名称和文号。")
