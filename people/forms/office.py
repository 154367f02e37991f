from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField
from conduct.models import Office


class NamesForm(forms.Form):
    """What the office calls itself, and how its papers are headed."""

    name = CleanCharField(label="单位名称", max_length=60, help_text="显示在每一页页首，如“某市督查办公室”。")
    issuer = CleanCharField(label="发文机关", max_length=60, help_text="印在通报和整改通知书上的机关名称。")
    bulletin_code = CleanCharField(
        label="通报代字", max_length=20, help_text="发文字号〔年份〕前的字，如“某督通”。"
    )
    notice_code = CleanCharField(label="整改通知代字", max_length=20, help_text="如“某督整”。")
    contact = CleanCharField(
        label="联系人及电话", max_length=100, required=False, help_text="登录页和出错页告诉大家找谁。"
    )


class OfficeEditForm(NamesForm):
    """The names as they stand, with the version the administrator looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, office: Office, data: Any = None) -> OfficeEditForm:
        """The form filled with the office."""
        return cls(data, initial={name: getattr(office, name) for name in cls.base_fields})
