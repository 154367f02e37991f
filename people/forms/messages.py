from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField
from conduct.messages import kinds, ways
from conduct.models import MessageSettings
from people.actions.messages import Wish

KEPT = "已保存，不改就空着。"


class InboxFilterForm(forms.Form):
    """Which messages to list."""

    unread = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("1", "未读")])
    kind = forms.ChoiceField(label="事项", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", "全部"),
            *((kind.key, kind.label) for kind in kinds.KINDS.values()),
        ]


class MessageSettingsForm(forms.Form):
    """How somebody wants to be told; a channel this deployment does not have is not offered."""

    is_mail_on = forms.BooleanField(label="发到邮箱", required=False)
    mail_address = forms.EmailField(
        label="邮箱地址",
        required=False,
        error_messages={"invalid": "邮箱地址写得不对，请写成 name@example.gov.cn 的样子。"},
    )
    robot = forms.ChoiceField(label="群机器人", required=False)
    robot_address = CleanCharField(
        label="机器人地址",
        required=False,
        max_length=500,
        help_text="在群机器人的设置里复制。群里的人都会看到消息。",
    )
    signing_key = CleanCharField(
        label="加签密钥",
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="机器人设置了“加签”的填写，钉钉以 SEC 开头。",
    )
    is_daily = forms.ChoiceField(
        label="发送时间",
        required=False,
        choices=[("", "随时发送"), ("1", "每个工作日上午八点汇总发一次")],
        widget=forms.RadioSelect,
    )
    muted = forms.MultipleChoiceField(
        label="不外发的事项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的只进收件箱。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, row: MessageSettings, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = ways.provided()
        fields: Any = self.fields
        fields["muted"].choices = [(kind.key, kind.label) for kind in kinds.all_of(floors=False)]
        fields["robot"].choices = [
            (value, label) for value, label in MessageSettings.Robot.choices if not value or value in offered
        ]
        if row.robot_keys:
            fields["robot_address"].help_text += KEPT
            fields["signing_key"].help_text += KEPT
        if ways.MAIL not in offered:
            del fields["is_mail_on"], fields["mail_address"]
        if not set(offered) - {ways.MAIL}:
            del fields["robot"], fields["robot_address"], fields["signing_key"]
        if not offered:
            del fields["is_daily"], fields["muted"]

    @classmethod
    def of(cls, row: MessageSettings, data: Any = None) -> MessageSettingsForm:
        """The form filled with what the person chose before; the keys of a robot are never shown again."""
        initial = {
            "is_mail_on": row.is_mail_on,
            "mail_address": row.mail_address,
            "robot": row.robot,
            "is_daily": "1" if row.is_daily else "",
            "muted": row.muted,
            "version": row.version,
        }
        return cls(data, row=row, initial=initial)

    def wish(self, row: MessageSettings) -> Wish:
        """What was filled in; of a channel that is not offered, what was chosen before stays."""
        given = self.cleaned_data
        return Wish(
            is_mail_on=given.get("is_mail_on", row.is_mail_on),
            mail_address=given.get("mail_address", row.mail_address),
            robot=given.get("robot", row.robot),
            robot_address=given.get("robot_address", ""),
            signing_key=given.get("signing_key", ""),
            is_daily=bool(given.get("is_daily", "1" if row.is_daily else "")),
            muted=given.get("muted", row.muted),
        )
