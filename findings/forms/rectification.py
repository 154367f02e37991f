from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, RowsField
from conduct.shapes import Upload
from findings.actions.rectifications import Texts, outcome_of
from findings.models import Finding, PersonsDealt, Rectification
from findings.rules.outcome import (
    FIGURES,
    Outcome,
    objection_to_places,
    objection_to_rules,
    rules_of,
    written,
)
from findings.rules.report import PARTS
from inspections.models import Cause
from people.models import User

HINTS = {
    "problem_summary": "存在什么问题，与通知书所列是否一致。",
    "investigation": "单位如何调查，查明了什么。",
    "cause_analysis": "从思想、管理、制度三个方面分析。",
    "measures": "已经做了什么，什么时候做的，效果如何。",
    "persons_handled": "对责任人作了什么处理；没有的写“无”。写岗位，不写姓名。",
    "rules_built": "修订或新建了什么制度，怎样落实；没有的写“无”。",
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


MOST_PLACES = 1_000_000
MOST_PEOPLE = 10_000
DEALT = {f"dealt_{kind.value}": kind for kind in PersonsDealt.Kind}
# Each figure stands behind the words it belongs to.
BEHIND = {
    "self_extension": ("places_checked", "places_found"),
    "rules_built": ("rules",),
    "persons_handled": tuple(DEALT),
    "measures": ("money_returned",),
}


def _number(label: str, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        error_messages={
            "invalid": "请填写整数，没有的填 0。",
            "min_value": "不能是负数，没有的填 0。",
            "max_value": f"最多 {most:,}，请核对。",
        },
        **options,
    )


class ReportForm(forms.Form):
    """The rectification report; everything may stay empty until the head signs."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    causes = RowsField(label="原因分类（可多选）", queryset=None, required=False)
    caption = CleanCharField(label="新添材料的说明", max_length=80, required=False)
    places_checked = _number(f"{FIGURES['places_checked']}（没有的填 0）", MOST_PLACES)
    places_found = _number(f"{FIGURES['places_found']}（没有的填 0）", MOST_PLACES)
    money_returned = forms.DecimalField(
        label=f"{FIGURES['money_returned']}（没有的填 0）",
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={
            "invalid": "请填写金额，例如 1200.50，没有的填 0。",
            "min_value": "金额不能是负数，没有的填 0。",
            "max_digits": "金额太大，请核对单位是不是元。",
            "max_whole_digits": "金额太大，请核对单位是不是元。",
            "max_decimal_places": "金额最多两位小数。",
        },
    )
    rules = CleanTextField(
        label="新订、修订的制度清单",
        required=False,
        rows=3,
        help_text="每行一件：名称，文号。没有文号的只写名称；没有制度的不填。",
    )

    def __init__(self, *args: Any, finding: Finding, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in PARTS.items():
            self.fields[name] = CleanTextField(label=label, required=False, rows=4, help_text=HINTS[name])
        causes = Cause.objects.filter(taxonomy=finding.category.taxonomy_id).order_by("ordinal")
        self.fields["causes"].queryset = causes  # type: ignore[attr-defined]
        for name, kind in DEALT.items():
            self.fields[name] = _number(f"{kind.label}（人）", MOST_PEOPLE)
        self.order_fields(["version", *self._order(), "caption"])

    @staticmethod
    def _order() -> list[str]:
        """The parts of a report, each with its figures behind it."""
        order: list[str] = []
        for name in PARTS:
            order += [name, *BEHIND.get(name, ())]
            order += ["causes"] if name == "cause_analysis" else []
        return order

    def clean(self) -> dict[str, Any]:
        """What stands in two fields is judged here, so that it is said at the right one."""
        values = super().clean() or {}
        checked, found = values.get("places_checked"), values.get("places_found")
        if objection := objection_to_places(checked=checked, found=found):
            self.add_error("places_found", objection)
        if objection := objection_to_rules(rules_of(values.get("rules", ""))):
            self.add_error("rules", objection)
        return values

    def outcome(self) -> Outcome:
        """The figures and the lists behind them."""
        typed = self.cleaned_data
        return Outcome(
            **{name: typed[name] for name in FIGURES},
            rules=tuple(rules_of(typed["rules"])),
            dealt={kind.value: typed[name] for name, kind in DEALT.items() if typed[name]},
        )

    def texts(self) -> Texts:
        """The written parts."""
        return Texts(**{name: self.cleaned_data[name] for name in PARTS})

    @property
    def parts(self) -> list[Any]:
        """The fields of the report itself, without version and caption, and people dealt with on lines of their own."""
        return [self[name] for name in self.fields if name not in ("version", "caption", *DEALT)]

    @property
    def dealt(self) -> list[Any]:
        """How many people were dealt with in each way."""
        return [self[name] for name in DEALT]


class SignForm(forms.Form):
    """The signature; while a co-unit has not answered, with the reason for not waiting."""

    without_parts = CleanTextField(label="协办未答复即提交的理由", rows=3, max_length=2000)

    def __init__(self, *args: Any, asks_why: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_why:
            del self.fields["without_parts"]


def initial_of(report: Rectification | None) -> dict[str, Any]:
    """The report as it stands, for the form."""
    if report is None:
        return {}
    values: dict[str, Any] = {name: getattr(report, name) for name in PARTS}
    outcome = outcome_of(report)
    values |= {name: getattr(outcome, name) for name in FIGURES}
    values |= {name: outcome.dealt.get(kind.value) for name, kind in DEALT.items()}
    return values | {
        "rules": written(list(outcome.rules)),
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
