from __future__ import annotations

from django import forms

from conduct.fields import CleanCharField, CleanTextField
from conduct.shapes import Upload
from people.forms.pickers import UnitField

FILES = Upload(
    name="files",
    label="材料（可不传）",
    accept="image/*,.pdf,.docx,.xlsx,.doc,.xls,.heic",
    limits="照片、PDF、Word、Excel，每件不超过 20 MB，最多 10 件。",
    max_mb=20,
)


class PartForm(forms.Form):
    """What is asked of the co-unit."""

    unit = UnitField(label="协办单位")
    task = CleanTextField(
        label="协办事项",
        rows=4,
        max_length=5000,
        help_text="要协办单位做什么。协办单位只看得到这里写的内容和问题标题，看不到问题的其他材料。",
    )
    working_days = forms.IntegerField(
        label="时限（工作日）",
        min_value=1,
        max_value=250,
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "至少 1 个工作日。",
            "max_value": "最多 250 个工作日。",
        },
    )
    contact = CleanCharField(label="联系人及电话", max_length=100)


class AnswerForm(forms.Form):
    """What the co-unit did about its part."""

    text = CleanTextField(
        label="协办答复", rows=6, max_length=5000, help_text="做了什么，结果怎样，什么时候做完。"
    )
