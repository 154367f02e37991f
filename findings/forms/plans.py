from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conduct.fields import CleanCharField, CleanTextField, DayField
from conduct.shapes import Upload
from findings.models import PlanItem, RectificationPlan
from findings.rules.plan import MOST_ITEMS, Item

BLANKS = 3
PROOF = Upload(
    name="files",
    label="佐证材料",
    accept="image/*,.pdf,.docx,.xlsx,.doc,.xls,.heic",
    limits="一件照片、PDF、Word 或 Excel，不超过 20 MB。",
    multiple=False,
    required=True,
    max_mb=20,
)


class PlanForm(forms.Form):
    """What the plan says besides its measures."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    approach = CleanTextField(
        label="整改目标和总体安排",
        rows=5,
        required=False,
        help_text="要达到什么程度，谁牵头（写岗位），分几步做。",
    )


class ItemForm(forms.Form):
    """One measure; a line left empty is none."""

    what = CleanCharField(label="措施", max_length=300, required=False)
    owner = CleanCharField(label="责任岗位", max_length=60, required=False)
    due_on = DayField(label="完成时限", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        """A line is whole or empty."""
        values = super().clean() or {}
        told = [name for name in ("what", "owner", "due_on") if values.get(name) or name in self.errors]
        if told and len(told) < len(self.fields) and not self.errors:
            raise ValidationError("每条措施须写明做什么、责任岗位和完成时限；不要的一条请三项都清空。")
        return values


ItemFormSet = forms.formset_factory(
    ItemForm, extra=BLANKS, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS + BLANKS, validate_max=True
)


class PlanForms:
    """The whole form of a plan: its words, and a line for each measure with a few empty ones."""

    def __init__(self, plan: RectificationPlan, items: list[PlanItem], data: Any = None) -> None:
        self.plan = PlanForm(data, initial={"version": plan.version, "approach": plan.approach})
        lines = [{"what": row.what, "owner": row.owner, "due_on": row.due_on} for row in items]
        self.lines = ItemFormSet(data, initial=lines, prefix="items")

    @property
    def all(self) -> list[forms.Form]:
        """Every form that must be readable."""
        return [self.plan, *self.lines.forms]

    def is_whole(self) -> bool:
        """Whether the lines hold together; if not, the form says why."""
        if self.lines.is_valid() or not self.lines.non_form_errors():
            return True
        self.plan.is_valid()
        for error in self.lines.non_form_errors():
            self.plan.add_error(None, str(error))
        return False

    def renew(self, plan: RectificationPlan) -> None:
        """Let what was typed be saved over what another saved first, once the person has been told."""
        self.plan.data = {
            **self.plan.data,
            "version": str(plan.version),
            "approach": self.plan["approach"].value(),
        }

    def items(self) -> list[Item]:
        """The measures written."""
        typed = (form.cleaned_data for form in self.lines.forms)
        return [Item(row["what"], row["owner"], row["due_on"]) for row in typed if row.get("what")]


class DoneForm(forms.Form):
    """When a measure was done; the proof comes beside it."""

    done_on = DayField(label="完成日期")


class ProgressForm(forms.Form):
    """What has been done, and what is left."""

    done = CleanTextField(label="已完成", rows=5, help_text="到今天为止做了什么，效果如何。")
    remaining = CleanTextField(
        label="未完成事项和下一步安排", rows=4, help_text="还有什么没做，什么时候做完；没有的写“无”。"
    )
