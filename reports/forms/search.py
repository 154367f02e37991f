from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conduct.errors import Refused
from conduct.fields import CleanCharField
from conduct.search import text

LONGEST = 120


class SearchForm(forms.Form):
    """What to look for, and in which kind of rows."""

    q = CleanCharField(
        label="查什么",
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
        help_text="可填一个或几个词，中间用空格隔开，同时含有这些词的才会列出；单位也可填简称、拼音或首字母。",
    )
    kind = forms.ChoiceField(label="范围", required=False)

    def __init__(self, *args: Any, kinds: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "全部"), *kinds.items()]  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        """What was typed; the words of it are in `words`."""
        typed: str = self.cleaned_data["q"]
        try:
            self.words = text.words_of(typed)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return typed
