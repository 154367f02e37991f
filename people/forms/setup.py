from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from conduct.errors import Refused
from conduct.fields import CleanCharField
from people.actions import office, unit_import
from people.actions.office import FirstPerson, Names
from people.actions.unit_import import Plan
from people.models import User
from people.roles import ROLE_NAMES, Role

from .office import NamesForm
from .persons import USERNAME

DUTIES = {
    Role.SYSTEM_ADMIN: "管账号、单位、日历和后台任务，看不到业务数据。",
    Role.SECURITY_ADMIN: "只授予和终止岗位。",
    Role.AUDITOR: "只查看审计记录，什么也不能改。",
}


class OfficeForm(NamesForm):
    """The names of the office, and the tree of units it begins with."""

    region = CleanCharField(
        label="最上级单位", max_length=60, help_text="单位树的顶，如“某市”；本系统的其他单位都在它下面。"
    )
    units = forms.FileField(
        label="单位名单（可选）",
        required=False,
        help_text="XLSX、CSV 或 JSON，不超过 10 MB；有一处错误就全部不导入。以后也可以在“单位”页导入。",
    )

    field_order = ("name", "region", "issuer", "bulletin_code", "notice_code", "contact", "units")
    plan: Plan | None = None

    def clean(self) -> dict[str, Any]:
        """Read the units file against the tree that is to be."""
        given = super().clean() or {}
        upload, region = given.get("units"), given.get("region", "")
        if upload:
            try:
                self.plan = _planned(name=upload.name, content=upload.read(), region=region)
            except Refused as refusal:
                self.add_error("units", str(refusal))
            else:
                for fault in self.plan.faults[:50]:
                    self.add_error("units", str(fault))
        return given

    def names(self) -> Names:
        """What the office calls itself."""
        return Names(**{name: self.cleaned_data[name] for name in Names.__dataclass_fields__})


class AdminForm(forms.Form):
    """One of the first three administrators."""

    username = CleanCharField(label="账号", max_length=40, help_text="小写字母开头，3 至 40 个字符。")
    name = CleanCharField(label="姓名", max_length=40)
    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label="再输一次密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_username(self) -> str:
        """Letters a keyboard has."""
        username = str(self.cleaned_data["username"]).lower()
        if not USERNAME.fullmatch(username):
            raise ValidationError("账号须以小写字母开头，由 3 至 40 个小写字母、数字或 _ . - 组成。")
        return username

    def clean(self) -> dict[str, Any]:
        """The two passwords agree, and the rules for passwords hold."""
        given = super().clean() or {}
        first, again = given.get("password"), given.get("password_again")
        if first and again and first != again:
            self.add_error("password_again", "两次输入的密码不一样，请重新输入。")
        elif first:
            try:
                validate_password(first, User(username=given.get("username", ""), name=given.get("name", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
        return given

    def person(self) -> FirstPerson:
        """The administrator as named."""
        given = self.cleaned_data
        return FirstPerson(given["username"], given["name"], given["password"])


def admin_forms(data: Any = None) -> dict[Role, AdminForm]:
    """The three forms by role."""
    return {role: AdminForm(data, prefix=role.value) for role in DUTIES}


def headed(forms_by_role: dict[Role, AdminForm]) -> list[tuple[str, str, AdminForm]]:
    """(role, its duty, form) as the page lists them."""
    return [(ROLE_NAMES[role], DUTIES[role], form) for role, form in forms_by_role.items()]


def _planned(*, name: str, content: bytes, region: str) -> Plan:
    lines = unit_import.read(name=name, content=content)
    tops = {line["code"]: line["name"] for line in lines if not line["parent"]}
    return unit_import.plan(lines=lines, top_code=office.top_code_for(region=region, tops=tops))
