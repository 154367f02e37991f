"""A plain field of a filter says what crispy would say of it."""

from __future__ import annotations

import re

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.http import QueryDict

from conduct.templatetags.office import filter_field


class Filter(forms.Form):
    words = forms.CharField(label="名称", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("open", "办理中")], required=False)
    since = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}), required=False)


def said(html: str) -> list[dict[str, str]]:
    """The inputs, choices and labels with their attributes, style aside."""
    tags = re.findall(r"<(input|select|option|label)\b([^>]*)>", html)
    found = []
    for tag, rest in tags:
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', rest))
        attributes.pop("class", None)
        found.append(attributes | {"tag": tag, "selected": str(" selected" in rest)})
    return found


@pytest.mark.parametrize("name", ["words", "state", "since"])
@pytest.mark.parametrize(
    "query", ["", "words=%3Cb%3E&state=open&since=2026-01-05", "state=other&since=never"]
)
def test_the_field_says_what_crispy_says(name: str, query: str) -> None:
    form = Filter(QueryDict(query))
    form.is_valid()

    assert said(filter_field(form[name])) == said(as_crispy_field(form[name]))


def test_what_somebody_typed_stays_text() -> None:
    form = Filter(QueryDict("words=%22%3E%3Cscript%3E"))

    assert "<script>" not in filter_field(form["words"])
