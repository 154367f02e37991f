from __future__ import annotations

from django import forms

from conduct.fields import CleanTextField
from conduct.shapes import Upload

UPLOAD = Upload(
    name="files",
    label="证据材料",
    accept="image/*,.pdf,.docx,.xlsx,.doc,.xls,.heic",
    limits="照片、PDF、Word、Excel，每件不超过 20 MB，最多 20 件。提交时上传。",
    max_mb=20,
)


class ObjectionForm(forms.Form):
    """What the head holds against the finding."""

    reasons = CleanTextField(
        label="异议理由",
        rows=8,
        max_length=5000,
        help_text="哪些事实或认定有误，实际情况是什么，依据什么规定。写岗位，不写姓名。",
    )


class ObjectionDecisionForm(forms.Form):
    """What somebody without a part in the finding decided, and why."""

    reason = CleanTextField(
        label="答复理由",
        rows=6,
        max_length=5000,
        help_text="逐条回应单位的理由：核实了什么，采信或不采信，为什么。原文送达单位。",
    )
    facts = CleanTextField(
        label="仍然成立的事实",
        rows=6,
        required=False,
        help_text="只在“异议部分成立”时填写：删去不成立的部分，只留成立的。",
    )
