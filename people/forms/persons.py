from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conduct.fields import CleanCharField, CleanTextField, DayField
from people.models import PostChange, User
from people.roles import ROLE_NAMES, Role

from .pickers import PersonField, UnitField

CHANGE_STATES = [
    ("", "待确认"),
    *(pair for pair in PostChange.State.choices if pair[0] != PostChange.State.ASKED),
    ("all", "全部"),
]
USERNAME = re.compile(r"[a-z][a-z0-9_.-]{2,39}")


class PersonForm(forms.Form):
    """What is known about a person."""

    name = CleanCharField(label="姓名", max_length=40)
    home_unit = UnitField(label="所在单位")
    superior = PersonField(label="直接上级", required=False)
    credential_no = CleanCharField(label="检查证号", max_length=30, required=False)
    phone = CleanCharField(label="电话", max_length=30, required=False)


class NewAccountForm(PersonForm):
    """An account to open."""

    username = CleanCharField(
        label="账号", max_length=40, help_text="小写字母开头，3 至 40 个小写字母、数字或 _ . -；以后不能改。"
    )

    field_order = ["username", "name", "home_unit", "superior", "credential_no", "phone"]

    def clean_username(self) -> str:
        """Letters a keyboard has."""
        username = str(self.cleaned_data["username"]).lower()
        if not USERNAME.fullmatch(username):
            raise ValidationError("账号须以小写字母开头，由 3 至 40 个小写字母、数字或 _ . - 组成。")
        return username


class AccountEditForm(PersonForm):
    """An account as it stands, with the version the administrator looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, user: User, data: Any = None) -> AccountEditForm:
        """The form filled with the person."""
        names = ("name", "home_unit", "superior", "credential_no", "phone", "version")
        return cls(data, initial={name: getattr(user, name) for name in names})


class AccountFilterForm(forms.Form):
    """Which accounts to list."""

    q = CleanCharField(label="查找", required=False, help_text="姓名、账号或拼音首字母")
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("on", "启用"), ("off", "停用")]
    )


class PostForm(forms.Form):
    """A post to give."""

    user = PersonField(label="人员")
    role = forms.ChoiceField(
        label="岗位", choices=[("", "请选择"), *((r.value, n) for r, n in ROLE_NAMES.items())]
    )
    unit = UnitField(
        label="任职单位", help_text="岗位权限及于这个单位和它下面的所有单位。督查办人员一般选最上级单位。"
    )
    since = DayField(label="起始日")
    until = DayField(label="最后一天", required=False, help_text="长期任职不填。抽调人员请填到期日。")
    reason = CleanTextField(
        label="授予依据", max_length=2000, rows=2, help_text="如任命文件、工作安排，供确认人核对。"
    )

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class PostFilterForm(forms.Form):
    """Which posts to list."""

    q = CleanCharField(label="人员", required=False, help_text="姓名、账号或拼音首字母")
    role = forms.ChoiceField(
        label="岗位", required=False, choices=[("", "全部"), *((r.value, n) for r, n in ROLE_NAMES.items())]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "现任"), ("over", "已终止"), ("all", "全部")]
    )


class PostChangeFilterForm(forms.Form):
    """Which changes of posts to list."""

    state = forms.ChoiceField(label="状态", required=False, choices=CHANGE_STATES)


class PlainForm(forms.Form):
    """Nothing to fill in: a button, and the place where a refusal is written."""


class ReasonForm(forms.Form):
    """Why."""

    reason = CleanTextField(label="理由", max_length=2000, rows=3)
