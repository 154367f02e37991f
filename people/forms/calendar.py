from __future__ import annotations

import hashlib
from typing import Any

from django import forms

from conduct.calendar import drafts
from conduct.calendar.drafts import Span, YearDraft
from conduct.fields import CleanCharField, DayField
from conduct.tables import Faults


class YearForm(forms.Form):
    """A year's source, and the version the person looks at."""

    source = CleanCharField(label="依据", max_length=200, help_text="如“国务院办公厅通知，2025年11月4日”。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class SpanForm(forms.Form):
    """Days in a row that are off, or one weekend day that is worked."""

    start = DayField(label="起始日")
    end = DayField(label="终止日", required=False)
    kind = forms.ChoiceField(label="类型", choices=list(drafts.KIND_NAMES.items()))
    name = CleanCharField(label="名称", max_length=50, required=False)

    def has_changed(self) -> bool:
        """An added row counts only when a day was given or a name written; the kind always has a value."""
        return bool({"start", "end", "name"} & set(self.changed_data))


SpanFormSet: Any = forms.formset_factory(SpanForm, extra=0, can_delete=True, max_num=200, validate_max=True)
MORE_ROWS = 2


def spans_for(draft: YearDraft, data: Any = None) -> Any:
    """The rows of a year, and some empty ones."""
    initial = [
        {
            "start": span.start,
            "end": span.end if span.end != span.start else None,
            "kind": span.kind,
            "name": span.name,
        }
        for span in drafts.spans_of(draft.days)
    ]
    formset = SpanFormSet(data, initial=initial, prefix="days")
    formset.extra = MORE_ROWS
    return formset


def draft_from(*, year: int, form: YearForm, rows: Any) -> tuple[YearDraft, list[str]]:
    """The year as typed, and what is wrong with it in sentences."""
    faults = Faults()
    spans = []
    for number, row in enumerate(rows.forms, start=1):
        given = {} if row in rows.deleted_forms else row.cleaned_data
        if not given.get("start"):
            continue
        if given["start"].year != year:
            faults.add(number, f"{given['start'].isoformat()} 不在 {year} 年，请核对。")
            continue
        spans.append(
            Span(number, given["start"], given["end"] or given["start"], given["kind"], given["name"])
        )
    years = drafts.gather(spans, sources={year: form.cleaned_data["source"]}, faults=faults)
    if not years and not faults.found:
        faults.add(0, f"{year} 年一天也没有填。请录入全年的放假安排。")
    return (years[0] if years else YearDraft(year)), [str(fault) for fault in faults.in_order()]


def mark_of(draft: YearDraft) -> str:
    """What stands for a year as typed: another as soon as one day of it differs."""
    typed = [draft.source, *(f"{day}{kind}{name}" for day, (kind, name) in sorted(draft.days.items()))]
    return hashlib.sha256("|".join(typed).encode()).hexdigest()[:16]
