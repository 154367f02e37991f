from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from conduct import imports
from conduct.errors import Refused
from conduct.fields import CleanCharField
from conduct.imports import HandedIn
from findings.rules.history import LONGEST_TITLE
from inspections.models.methods import Method
from people.forms.pickers import UnitChoice
from people.models import Unit, User


class HistoryForm(forms.Form):
    """A file of the past, or the token of one that was previewed a moment ago."""

    file = forms.FileField(label="文件", required=False, allow_empty_file=True)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    office = UnitChoice(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    title = CleanCharField(
        label="批次名称",
        max_length=LONGEST_TITLE,
        required=False,
        help_text="表格文件没有批次名称，请填写；JSON 文件以文件内的为准。",
    )
    method = forms.ChoiceField(
        label="检查方式", choices=Method, help_text="用于表格文件；JSON 文件以文件内的为准。"
    )

    handed_in: HandedIn

    def __init__(self, *args: Any, by: User, offices: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        field: Any = self.fields["office"]
        field.offer(offices)

    def clean(self) -> dict[str, Any]:
        """Take the file in, or recall it."""
        cleaned = super().clean() or {}
        try:
            if cleaned.get("file"):
                self.handed_in = imports.take(upload=cleaned["file"], by=self.by)
            elif cleaned.get("token"):
                self.handed_in = imports.recall(token=cleaned["token"], by=self.by)
            else:
                self.add_error("file", "请选择要补录的文件。")
        except Refused as refusal:
            self.add_error("file", str(refusal))
        return cleaned
