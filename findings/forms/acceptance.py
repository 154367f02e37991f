from __future__ import annotations

from typing import Any

from django import forms

from conduct.fields import CleanCharField, CleanTextField, DayField
from findings.actions.acceptances import Pair
from findings.models import Finding, RectificationFile
from findings.queries import verdicts
from findings.queries.detail import report_now
from findings.rules.acceptance import MOST_PAIRS
from inspections.models import Evidence

NOT_CHOSEN = "不选"


class VerdictForm(forms.Form):
    """What an accepter found, and when they looked."""

    reason = CleanTextField(label="验收意见", rows=4, max_length=5000)
    seen_on = DayField(label="现场查看日期", required=False)
    left_over = CleanTextField(
        label="遗留事项",
        rows=3,
        max_length=5000,
        required=False,
        help_text="只在“部分通过”时填写：哪些还没有改到位。单位将照此继续整改。",
    )

    def __init__(self, *args: Any, on_site: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = (
            "本问题须到现场验收，请填写到现场的日期。" if on_site else "到过现场的填写；只看材料的可不填。"
        )
        self.fields["seen_on"].help_text = asked


class _Photos(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One photo, called by its place in the row above and its words."""

    def label_from_instance(self, row: Any) -> str:
        """E.g. 照片2：窗口."""
        numbers = {one.pk: place for place, one in enumerate(self.queryset or (), start=1)}
        return f"照片{numbers[row.pk]}：{row.caption or row.file.original_name}"


class PairForm(forms.Form):
    """Two photos to be put side by side; a pair left empty counts for nothing."""

    before = _Photos(label="检查时", queryset=None, required=False, empty_label=NOT_CHOSEN)
    after = _Photos(label="整改后（报告所附）", queryset=None, required=False, empty_label=NOT_CHOSEN)
    photos = forms.FileField(
        label="整改后（现场新拍）",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    caption = CleanCharField(label="说明", max_length=80, required=False)

    def __init__(self, *args: Any, finding: Finding, **options: Any) -> None:
        super().__init__(*args, **options)
        report = report_now(finding)
        befores: Any = verdicts.befores(finding)
        afters: Any = verdicts.afters(report) if report else RectificationFile.objects.none()
        self.fields["before"].queryset = befores  # type: ignore[attr-defined]
        self.fields["after"].queryset = afters  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A pair has both its sides, and of one side one photo."""
        chosen = super().clean() or {}
        before, after, taken = (chosen.get(name) for name in ("before", "after", "photos"))
        if (after or taken) and not before and "before" not in self.errors:
            self.add_error("before", "请选一张检查时的照片作对比。")
        if before and not (after or taken) and not self.errors:
            self.add_error("after", "请选一张整改后的照片，或上传一张现场新拍的。")
        if after and taken:
            self.add_error("after", "整改后的照片选了两张，请只留一张。")
        return chosen

    def pair(self) -> Pair | None:
        """The pair, where one was put together."""
        before: Evidence | None = self.cleaned_data.get("before")
        if before is None:
            return None
        chosen = self.cleaned_data
        return Pair(before, chosen.get("after"), chosen.get("photos"), chosen.get("caption", ""))


class AcceptanceForms:
    """The whole form of a verdict: what was found, and photos in pairs where there are photos of before."""

    def __init__(self, finding: Finding, data: Any = None, sent_files: Any = None) -> None:
        on_site = bool(finding.route and finding.route.on_site)
        self.verdict = VerdictForm(data, on_site=on_site)
        number = MOST_PAIRS if verdicts.befores(finding).exists() else 0
        self.pairs = [
            PairForm(data, sent_files, finding=finding, prefix=f"pair-{place}") for place in range(number)
        ]

    @property
    def all(self) -> list[forms.Form]:
        """Every part, for telling what is wrong."""
        return [self.verdict, *self.pairs]

    def typed(self) -> dict[str, Any]:
        """The typed values as the actions take them."""
        found = self.verdict.cleaned_data
        put = [pair for form in self.pairs if (pair := form.pair())]
        return {
            "opinion": found["reason"],
            "seen_on": found["seen_on"],
            "left_over": found["left_over"],
            "pairs": put,
        }
