from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField
from people.actions.unit_import import LIMITS, SPLIT
from people.models import Unit

from .pickers import UnitField


class UnitForm(forms.Form):
    """What is known about a unit."""

    name = CleanCharField(label="单位名称", max_length=LIMITS["name"])
    short_name = CleanCharField(label="简称", max_length=LIMITS["short_name"], required=False)
    aliases = CleanCharField(
        label="别名", max_length=400, required=False, help_text="几个别名之间用顿号隔开。"
    )
    kind = forms.ChoiceField(label="类型", choices=Unit.Kind.choices)

    def clean_aliases(self) -> list[str]:
        """The other names as a list."""
        parts = str(self.cleaned_data["aliases"]).translate(SPLIT).split("、")
        return [part.strip() for part in parts if part.strip()]


class NewUnitForm(UnitForm):
    """A unit that does not exist yet."""

    parent = UnitField(label="上级单位")
    code = CleanCharField(label="单位代码", max_length=LIMITS["code"], help_text="全系统唯一，以后不能改。")

    field_order = ["parent", "code", "name", "short_name", "aliases", "kind"]


class UnitEditForm(UnitForm):
    """A unit as it stands, with the version the person looks at."""

    is_active = forms.BooleanField(
        label="启用", required=False, help_text="停用后不能再被选择，已有记录不受影响。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, unit: Unit, data: Any = None) -> UnitEditForm:
        """The form filled with the unit."""
        initial = {
            "name": unit.name,
            "short_name": unit.short_name,
            "aliases": "、".join(unit.aliases),
            "kind": unit.kind,
            "is_active": unit.is_active,
            "version": unit.version,
        }
        return cls(data, initial=initial)


class MergerForm(forms.Form):
    """Who takes over, and why."""

    unit = UnitField(label="承接单位")
    reason = CleanCharField(label="撤并依据", max_length=200, help_text="如机构改革文件的名称和文号。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class UnitFilterForm(forms.Form):
    """Which units to list."""

    q = CleanCharField(label="查找", required=False, help_text="名称、简称、代码或拼音首字母")
