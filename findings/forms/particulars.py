from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, RowsField
from conduct.shapes import Picker
from findings.actions.findings import Particulars
from findings.models import Finding
from inspections.models import ProblemCategory, RuleItem, Taxonomy
from inspections.queries import standards


class ParticularsForm(forms.Form):
    """What the office writes down about a problem."""

    title = CleanCharField(
        label="问题标题", max_length=80, help_text="一句话写明事实，如“综合窗口上班时间无人在岗”。"
    )
    category = forms.ChoiceField(label="问题分类")
    grade = forms.TypedChoiceField(
        label="情节",
        choices=[("", "暂不确定"), *Finding.Grade.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="开始核实前须确定。",
    )
    facts = CleanTextField(
        label="问题事实",
        rows=6,
        help_text="时间、地点、谁（写岗位，不写姓名）、做了什么。整改通知书照此印发。",
    )
    department = CleanCharField(label="科室（窗口）", max_length=60, required=False)
    place = CleanCharField(label="地点", max_length=120, required=False)
    person_post = CleanCharField(
        label="涉及人员（岗位）", max_length=60, required=False, help_text="写岗位，不写姓名。"
    )
    persons = forms.IntegerField(label="涉及人数", min_value=0, max_value=10_000, required=False, initial=0)
    count = forms.IntegerField(label="起数", min_value=1, max_value=10_000, required=False, initial=1)
    names_person = forms.BooleanField(
        label="指向具体人员",
        required=False,
        help_text="选中后，认定属实前须先听取单位陈述；写明了岗位或人数的，不选也须听取。",
    )
    rule_item: forms.ModelChoiceField[RuleItem] = forms.ModelChoiceField(
        label="所涉规定", queryset=None, required=False, empty_label="未指明"
    )
    causes = RowsField(label="原因（可多选）", queryset=None, required=False)

    def __init__(self, *args: Any, taxonomy: Taxonomy, **options: Any) -> None:
        super().__init__(*args, **options)
        self.taxonomy = taxonomy
        self.groups = standards.picker_groups(taxonomy)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            (option.value, option.name) for group in self.groups for option in group.options
        ]
        self.fields["rule_item"].queryset = standards.rule_items()  # type: ignore[attr-defined]
        self.fields["causes"].queryset = taxonomy.causes.order_by("ordinal")  # type: ignore[attr-defined]

    @property
    def picker(self) -> Picker:
        """The category as the searchable choice."""
        field = self["category"]
        return Picker(
            name=field.html_name,
            id=field.auto_id or field.html_name,
            label="问题分类",
            groups=self.groups,
            value=str(field.value() or ""),
            errors=tuple(str(error) for error in field.errors),
        )

    def particulars(self) -> Particulars:
        """The typed values as the actions take them."""
        data = dict(self.cleaned_data)
        code = data.pop("category")
        return Particulars(
            category=ProblemCategory.objects.get(taxonomy=self.taxonomy, code=code),
            persons=data.pop("persons") or 0,
            count=data.pop("count") or 1,
            causes=list(data.pop("causes")),
            **{name: data[name] for name in _PLAIN},
        )


_PLAIN = ("title", "facts", "department", "place", "person_post", "names_person", "rule_item", "grade")


def initial_of(finding: Finding) -> dict[str, Any]:
    """The finding as it stands, for the form."""
    return {name: getattr(finding, name) for name in _PLAIN} | {
        "category": finding.category.code,
        "persons": finding.persons,
        "count": finding.count,
        "rule_item": finding.rule_item_id,
        "causes": list(finding.causes.values_list("pk", flat=True)),
    }


def differences(finding: Finding, form: ParticularsForm) -> list[tuple[str, str, str]]:
    """Every field as it is kept beside what was typed: (label, theirs, yours), alike or not."""
    yours = form.particulars()
    return [
        (
            str(field.label),
            _in_words(name, list(finding.causes.all()) if name == "causes" else getattr(finding, name)),
            _in_words(name, getattr(yours, name)),
        )
        for name, field in form.fields.items()
    ]


def _in_words(name: str, value: Any) -> str:
    if name == "grade":
        return str(Finding.Grade(value).label) if value else "未定"
    if name == "causes":
        return "、".join(sorted(cause.name for cause in value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
