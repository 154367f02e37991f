from __future__ import annotations

from django import forms

from conduct.fields import CleanCharField


class ViewForm(forms.Form):
    """What a list is kept under."""

    name = CleanCharField(label="视图名称", max_length=30)
    is_shared = forms.BooleanField(
        label="允许凭链接打开",
        required=False,
        help_text="把链接发给同事即可。链接里只有筛选条件和列，对方看到的仍是自己有权查看的问题。",
    )
