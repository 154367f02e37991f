from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from accountability.actions.measures import Entry
from accountability.models import Measure
from accountability.queries import catalogue
from accountability.rules.effect import MOST_MONTHS
from conduct.fields import CleanCharField, CleanTextField, DayField
from people.forms.pickers import UnitField

MOST_REASON = 2000
GROUPS = (
    ("处理对象", ("target", "unit", "person_post", "person_kind", "name")),
    ("责任", ("level", "leader_side", "leader_reason", "origin")),
    ("决定", ("kind", "authority", "decided_on", "decision_number", "heard_on", "attachment")),
    ("期限（一般不用填，由系统按目录计算）", ("probation_months", "merged", "decided_months")),
    ("核对", ("reason",)),
)


def _months(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=MOST_MONTHS, help_text=help_text
    )


class EntryForm(forms.Form):
    """What the decision says. Which of it must be there depends on the rest, so the action asks for it."""

    made_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target = forms.ChoiceField(label="处理对象", choices=Measure.Target, widget=forms.RadioSelect)
    unit = UnitField(
        label="所在单位",
        required=False,
        max_length=160,
        help_text="不填即为责任单位；处理上级或其他单位的领导时填写。",
    )
    person_post = CleanCharField(
        label="岗位（职务）",
        max_length=60,
        required=False,
        help_text="处理个人时必填，如“综合窗口负责人”。页面上只显示岗位。",
    )
    person_kind = forms.ChoiceField(
        label="身份", required=False, choices=[("", "处理个人时选择"), *Measure.PersonKind.choices]
    )
    name = CleanCharField(
        label="姓名",
        max_length=40,
        required=False,
        help_text="加密保存，仅登记人和督查办分管领导可以查看，每次查看留下记录；可以不填。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    level = forms.ChoiceField(label="承担的责任", choices=Measure.Level)
    leader_side = forms.ChoiceField(
        label="领导责任（追究直接责任时必须答复）",
        required=False,
        choices=Measure.LeaderSide,
        widget=forms.RadioSelect,
    )
    leader_reason = CleanTextField(
        label="不追究领导责任的理由", required=False, rows=2, max_length=MOST_REASON
    )
    origin = forms.ChoiceField(label="问题来源", choices=Measure.Origin, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="措施")
    authority = CleanCharField(label="决定机关", max_length=100)
    decided_on = DayField(label="决定日期")
    decision_number = CleanCharField(label="决定文号", max_length=60)
    heard_on = DayField(
        label="听取陈述申辩日期", required=False, help_text="不填时以这个问题听取单位陈述的日期为准。"
    )
    attachment = forms.FileField(
        label="决定书", required=False, help_text="PDF、Word、Excel 或照片，一件，不超过 20 MB。"
    )
    probation_months = _months("察看期（月）", "留党察看须填写 12 或 24。")
    merged = forms.IntegerField(
        label="合并处理的处分个数",
        required=False,
        min_value=1,
        max_value=20,
        help_text="数个同种处分合并处理时填写。",
    )
    decided_months = _months(
        "决定书另定的期限（月）", "停职检查、数个处分合并处理等由决定书写明期限的，填写月数。"
    )
    reason = CleanTextField(
        label="对提醒的说明", required=False, rows=3, max_length=MOST_REASON, help_text="没有提醒时不用填写。"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = catalogue.kinds()
        self.kinds = {row.code: row for row in rows}
        field: Any = self.fields["kind"]
        field.choices = [
            ("", "请选择"),
            *(
                (category, [(row.code, f"{row.name}（{row.get_target_display()}）") for row in some])
                for category, some in catalogue.by_category(rows)
            ),
        ]

    def entry(self) -> Entry:
        """What was typed, for the action."""
        given = dict(self.cleaned_data)
        given["upload"] = given.pop("attachment")
        given["merged"] = given["merged"] or 1
        for name in ("made_key", "version", "why"):
            given.pop(name, None)
        return Entry(**given | {"kind": self.kinds[given["kind"]]})

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


class CorrectionForm(EntryForm):
    """The entry as it should have been, and what was wrong with the other."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = CleanTextField(label="更正理由", rows=2, max_length=MOST_REASON)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].help_text = "不填即沿用原登记的姓名。" + str(self.fields["name"].help_text)
        self.fields["attachment"].help_text = "不选即沿用原登记的决定书。" + str(
            self.fields["attachment"].help_text
        )

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The reason comes first."""
        return [("更正", [self["why"]]), *super().groups]


class WithdrawForm(forms.Form):
    """Why an entry is wrong."""

    reason = CleanTextField(label="撤销理由", rows=3, max_length=MOST_REASON)


def initial_values() -> dict[str, Any]:
    """An empty form: what is likeliest, and a key of its own."""
    return {"target": "person", "origin": "own", "made_key": uuid4()}


def initial_of_correction(measure: Measure) -> dict[str, Any]:
    """The entry as it stands, without the name."""
    kept = (
        *("target", "person_post", "person_kind", "level", "leader_side", "leader_reason", "origin"),
        *("authority", "decided_on", "decision_number", "heard_on", "probation_months", "decided_months"),
        *("version", "unit"),
    )
    values: dict[str, Any] = {name: getattr(measure, name) for name in kept}
    merged = measure.merged if measure.merged > 1 else None
    return values | {"kind": measure.kind.code, "merged": merged, "reason": measure.cautions_reason}
