from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing

from conduct import files
from conduct.fields import CleanCharField
from findings.rules.history import LONGEST_TITLE
from inspections.models.methods import Method
from people.models import Unit

SALT = "findings.history"
VALID_SECONDS = 3600


class HistoryForm(forms.Form):
    """A file of the past, or the token of one that was previewed a moment ago."""

    file = forms.FileField(label="文件", required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    office = forms.ModelChoiceField(label="组织单位", queryset=Unit.objects.none(), empty_label=None)
    title = CleanCharField(
        label="批次名称",
        max_length=LONGEST_TITLE,
        required=False,
        help_text="表格文件没有批次名称，请填写；JSON 文件以文件内的为准。",
    )
    method = forms.ChoiceField(
        label="检查方式", choices=Method, help_text="用于表格文件；JSON 文件以文件内的为准。"
    )

    def __init__(self, *args: Any, offices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        self.content, self.name = b"", ""

    def clean(self) -> dict[str, Any]:
        """Read the bytes from the upload, or from where the preview put them."""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload:
            self.content, self.name = upload.read(), upload.name
        elif cleaned.get("kept"):
            self.content, self.name = _fetch(cleaned["kept"])
        else:
            self.add_error("file", "请选择要补录的文件。")
        return cleaned


def keep(*, content: bytes, name: str) -> str:
    """Put a previewed file aside for an hour; the token names it and cannot be forged."""
    digest = files.keep_bytes(content)
    return signing.dumps({"sha256": digest.sha256, "name": name}, salt=SALT)


def _fetch(token: str) -> tuple[bytes, str]:
    try:
        named = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
        return files.read_bytes(named["sha256"]), named["name"]
    except (signing.BadSignature, FileNotFoundError) as fault:
        raise forms.ValidationError("预览已超过一小时，请重新选择文件。") from fault
