from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, RowsField
from conduct.shapes import Upload
from findings.actions.rectifications import Texts
from findings.models import Finding, Rectification
from findings.rules.report import PARTS
from inspections.models import Cause
from people.models import User

HINTS = {
    "problem_summary": "存在什么问题，与通知书所列是否一致。",
    "investigation": "单位如何调查，查明了什么。",
    "cause_analysis": "从思想、管理、制度三个方面分析。",
    "measures": "已经做了什么，什么时候做的，效果如何。",
    "persons_handled": "对责任人作了什么处理；没有的写“无”。写岗位，不写姓名。",
    "rules_built": "修订或新建了什么制度；没有的写“无”。",
    "self_extension": "举一反三查了哪些地方，又发现了什么。",
    "unfinished": "还有什么没做完，什么时候做完；没有的写“无”。",
}
UPLOAD = Upload(
    name="files",
    label="添加佐证材料",
    accept="image/*,.pdf,.docx,.xlsx,.doc,.xls,.heic",
    limits="照片、PDF、Word、Excel，每件不超过 20 MB，最多 30 件。保存时上传。",
    max_mb=20,
)


class ReportForm(forms.Form):
    """The rectification report; everything may stay empty until the head signs."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    causes = RowsField(label="原因分类（可多选）", queryset=None, required=False)
    caption = CleanCharField(label="新添材料的说明", max_length=80, required=False)

    def __init__(self, *args: Any, finding: Finding, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in PARTS.items():
            self.fields[name] = CleanTextField(label=label, required=False, rows=4, help_text=HINTS[name])
        causes = Cause.objects.filter(taxonomy=finding.category.taxonomy_id).order_by("ordinal")
        self.fields["causes"].queryset = causes  # type: ignore[attr-defined]
        self.order_fields(
            ["version", "problem_summary", "investigation", "cause_analysis", "causes", *PARTS, "caption"]
        )

    def texts(self) -> Texts:
        """The written parts."""
        return Texts(**{name: self.cleaned_data[name] for name in PARTS})

    @property
    def parts(self) -> list[Any]:
        """The fields of the report itself, without version and caption."""
        return [self[name] for name in self.fields if name not in ("version", "caption")]


def initial_of(report: Rectification | None) -> dict[str, Any]:
    """The report as it stands, for the form."""
    if report is None:
        return {}
    values: dict[str, Any] = {name: getattr(report, name) for name in PARTS}
    return values | {
        "version": report.version,
        "causes": list(report.causes.values_list("pk", flat=True)),
    }


class LiaisonForm(forms.Form):
    """Whom the head names."""

    liaison: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label="联络员", queryset=None, empty_label="请选择"
    )

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["liaison"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in people]
        ).order_by("name", "pk")
