from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError

from conduct.fields import CleanTextField
from people.actions import sign_in
from people.actions.sign_in import Visitor

from .pickers import PersonField

REFUSED = (
    "请输入一个正确的账号和密码，注意区分大小写。连续输错多次，30 分钟内不能再试；"
    "急用请换一台以前登录过的设备，或联系系统管理员。"
)


class SignInForm(AuthenticationForm):
    """Name and password; what is wrong with them is never told apart."""

    def __init__(self, *args: Any, visitor: Visitor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.visitor, self.at = visitor, at

    def clean(self) -> dict[str, Any]:
        """The person, or one refusal for every reason."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            self.user_cache = sign_in.check(
                request=self.request, username=username, password=password, visitor=self.visitor, at=self.at
            )
            if self.user_cache is None:
                raise ValidationError(REFUSED, code="invalid_login")
        return self.cleaned_data


class NewPasswordForm(PasswordChangeForm):
    """A new password of one's own, which is not the old one again."""

    def clean(self) -> dict[str, Any]:
        """Judged by the profile of this deployment, and not the old one again."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("new_password2") and self.user.check_password(given["new_password2"]):
            self.add_error("new_password2", "新密码不能与现在的密码相同。")
        return given


class CodeForm(forms.Form):
    """The code the authenticator shows now."""

    one_time_code = forms.CharField(
        label="动态口令",
        max_length=12,
        help_text="验证器上显示的 6 位数字，每个口令只能用一次。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "请输入验证器上显示的 6 位数字。"},
    )


class RecoveryForm(forms.Form):
    """Whose authenticator is lost, and how that is known."""

    user = PersonField(label="人员")
    reason = CleanTextField(
        label="理由", max_length=2000, rows=3, help_text="何时、怎样丢失，如何当面核实了本人身份。"
    )
