"""The record of a visit as a form: the visit itself, and one block for each thing seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from conduct import clock
from conduct.fields import CleanCharField, CleanTextField
from inspections.actions import evidence
from inspections.actions.records import Record, Seen, facts_of
from inspections.models import Campaign, Method, Observation, ProblemCategory, RuleItem, Visit
from inspections.queries import standards
from inspections.rules import records as rules

from .parts import clock_field, day_field, head_field, is_removed, left_in

SEEN = "seen"
PHOTOS = "photos"
HELD = "held"
REMOVED = "removed"
HEADS = ("expected_count", "present_count", "leave_count", "official_out_count", "absent_count")
TOLD = (
    "category",
    "facts",
    "seen_at",
    "place",
    "person_post",
    "persons",
    "rule_item",
    "handled_on_spot",
    "unit_said",
)
PLAIN_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Files = MultiValueDict[str, Any]


class VisitForm(forms.Form):
    """When, where, who was there, and what the unit said."""

    visited_on = day_field("检查日期")
    arrived = clock_field("到达时间")
    left = clock_field("离开时间", required=False)
    left_next_day = forms.BooleanField(label="离开时已过零点（次日）", required=False)
    method = forms.ChoiceField(label="检查方式", choices=Method)
    department = CleanCharField(label="科室（窗口）", max_length=60, required=False)
    place = CleanCharField(label="地点", max_length=120, required=False)
    accompanied_by = CleanCharField(label="单位在场人员（写岗位，不写姓名）", max_length=120, required=False)
    expected_count = head_field("应到")
    present_count = head_field("实到")
    leave_count = head_field("请假")
    official_out_count = head_field("公出")
    absent_count = head_field("缺岗")
    no_problem = forms.BooleanField(label="未发现问题", required=False)
    unit_statement = CleanTextField(label="单位当场说明", rows=3, required=False)
    unit_signature = CleanCharField(
        label="单位签字情况",
        max_length=120,
        required=False,
        help_text="由谁（岗位）签字；拒绝签字的写明原因。暗访可以不填。",
    )


class SeenForm(forms.Form):
    """One thing seen."""

    observation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="性质", choices=Observation.Kind, initial=Observation.Kind.PROBLEM)
    category = forms.CharField(label="问题指标", required=False)
    facts = CleanTextField(
        label="事实经过（时间、地点、什么岗位的人、做了什么）",
        rows=4,
        required=False,
    )
    seen_at = clock_field("时间", required=False)
    place = CleanCharField(label="地点", max_length=120, required=False)
    person_post = CleanCharField(label="涉及人员（写岗位，不写姓名）", max_length=60, required=False)
    persons = forms.IntegerField(
        label="涉及人数", required=False, min_value=0, max_value=rules.MOST_HEADS, initial=0
    )
    rule_item = forms.ModelChoiceField(
        label="所涉规定", queryset=RuleItem.objects.none(), required=False, empty_label="不引用"
    )
    handled_on_spot = CleanCharField(label="当场处置", max_length=200, required=False)
    unit_said = CleanTextField(label="单位（当事人）当场说明", rows=2, required=False)

    def __init__(
        self, *args: Any, leaves: Mapping[str, ProblemCategory], rule_items: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.leaves = leaves
        self.fields["rule_item"].queryset = rule_items  # type: ignore[attr-defined]

    @property
    def photos(self) -> list[Any]:
        """Photos chosen for this block."""
        return list(self.files.getlist(f"{self.prefix}-{PHOTOS}")) if self.files else []

    @property
    def held(self) -> list[UUID]:
        """Photos of this block that came with an earlier sending."""
        return _uuids(cast(QueryDict, self.data).getlist(f"{self.prefix}-{HELD}")) if self.is_bound else []

    def has_changed(self) -> bool:
        """Photos alone are something to keep too."""
        return super().has_changed() or bool(self.photos or self.held)

    @property
    def says_something(self) -> bool:
        """Whether anything was written or chosen."""
        return bool(self.photos or self.held) or any(self.cleaned_data.get(name) for name in TOLD)

    def clean_category(self) -> ProblemCategory | None:
        """The leaf of the campaign's scheme with that code; none yet in a draft."""
        code = self.cleaned_data["category"].strip()
        if not code:
            return None
        if code not in self.leaves:
            raise ValidationError(f"没有编码为“{code[:20]}”的问题指标，请从列表中选择。")
        return self.leaves[code]

    def clean_persons(self) -> int:
        """Nobody when left empty."""
        return self.cleaned_data["persons"] or 0


SeenFormSet = forms.formset_factory(
    SeenForm,
    extra=0,
    can_delete=True,
    max_num=rules.MOST_OBSERVATIONS,
    absolute_max=rules.MOST_OBSERVATIONS + 10,
    validate_max=True,
)


class RecordForms:
    """The whole record as forms: bound to what was typed, or filled from what is stored."""

    def __init__(
        self,
        *,
        campaign: Campaign,
        data: QueryDict | None = None,
        files: Files | None = None,
        visit: Visit | None = None,
        method: str = "",
        now: datetime | None = None,
        blanks: int = 0,
    ) -> None:
        self.campaign = campaign
        self.files: Files = files or MultiValueDict()
        self.removed = _uuids(data.getlist(REMOVED)) if data is not None else []
        # Photos of an earlier sending, by the block they came with; "" for the visit as a whole.
        self.held = _held_of(data) if data is not None else {}
        leaves = {leaf.code: leaf for leaf in standards.indicators(campaign.taxonomy)}
        self.leaves = leaves
        options: dict[str, Any] = {
            "prefix": SEEN,
            "form_kwargs": {"leaves": leaves, "rule_items": standards.rule_items()},
        }
        if data is not None:
            self.visit_form = VisitForm(data)
            self.seen = SeenFormSet(data, self.files, **options)
        else:
            self.visit_form = VisitForm(initial=_initial(campaign, visit, method, now))
            self.seen = SeenFormSet(initial=_initial_seen(visit), **options)
            self.seen.extra = blanks

    @property
    def all(self) -> list[forms.BaseForm]:
        """Every form that stays, for the list of errors."""
        return [self.visit_form, *left_in(self.seen.forms)]

    @property
    def given_up(self) -> int:
        """How many blocks with something in them were taken out."""
        return sum(is_removed(form) and form.says_something for form in self.seen.forms)

    @property
    def uploads(self) -> dict[str, list[Any]]:
        """The photos chosen now, by the block they came with; those of a removed block left aside."""
        blocks = {str(form.prefix): form.photos for form in self.seen.forms if not is_removed(form)}
        return {"": self.files.getlist(PHOTOS), **blocks}

    def record(self, *, at: datetime, is_final: bool = False) -> Record | None:
        """What was typed as the action wants it; None when something is wrong, all of it said at its field.

        is_final: declared complete; where it cannot be saved, what it lacks is said in the same breath
        """
        has_good_blocks = self.seen.is_valid()
        self.visit_form.is_valid()
        for error in self.seen.non_form_errors():
            self.visit_form.add_error(None, error)
        record = self._record()
        facts = facts_of(self.campaign, record, at)
        self._say(rules.wrong_as_draft(facts))
        for text in evidence.wrong_with([photo for group in self.uploads.values() for photo in group]):
            self.visit_form.add_error(None, text)
        if has_good_blocks and not self.visit_form.errors:
            return record
        if is_final:
            self._say(wrong for wrong in rules.lacking(facts) if wrong.field or has_good_blocks)
        return None

    def refuse(self, text: str) -> None:
        """Say at the head of the form why it was not taken."""
        self.visit_form.is_valid()
        if text not in self.visit_form.non_field_errors():
            self.visit_form.add_error(None, text)

    def keep(self, held: Mapping[str, Iterable[UUID]]) -> None:
        """Show photos as held for the next sending."""
        for prefix, pks in held.items():
            self.held.setdefault(prefix, []).extend(pks)

    def _say(self, wrongs: Iterable[rules.Wrong]) -> None:
        """Each at its field, unless what stands there could not be read at all."""
        unread = set(self.visit_form.errors)
        if unread & set(HEADS):
            unread |= set(HEADS)
        for wrong in wrongs:
            if wrong.field not in unread:
                self.visit_form.add_error(wrong.field or None, wrong.text)

    def _record(self) -> Record:
        values = _read(self.visit_form)
        day, arrived, left = values["visited_on"], values.pop("arrived"), values.pop("left")
        left_on = day + timedelta(days=1) if day and values.pop("left_next_day", False) else day
        values.pop("left_next_day", None)
        return Record(
            **values,
            arrived_at=clock.moment(day, arrived) if day and arrived else None,
            left_at=clock.moment(left_on, left) if left_on and left else None,
            seen=[self._seen(form) for form in left_in(self.seen.forms) if form.says_something],
            photos=self.files.getlist(PHOTOS),
            held=self.held.get("", ()),
            removed=sorted(self.removed),
        )

    def _seen(self, form: Any) -> Seen:
        return Seen(**_read(form), photos=form.photos, held=form.held)


def _read(form: forms.BaseForm) -> dict[str, Any]:
    """What the form understood; empty where it did not, as its fields say empty."""
    return {
        name: form.cleaned_data.get(name, getattr(field, "empty_value", None))
        for name, field in form.fields.items()
        if name != "DELETE"
    }


def _held_of(data: QueryDict) -> dict[str, list[UUID]]:
    """Held photos by block, read from the names the page gave them."""
    ends = f"-{HELD}"
    blocks = {name.removesuffix(ends): _uuids(data.getlist(name)) for name in data if name.endswith(ends)}
    return {"": _uuids(data.getlist(HELD)), **blocks}


def _uuids(texts: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids; anything else was not made by the page."""
    return list(dict.fromkeys(UUID(text) for text in texts if PLAIN_ID.fullmatch(text)))


def with_one_more(data: QueryDict) -> QueryDict:
    """What was typed with room for one more thing seen."""
    grown = data.copy()
    total = f"{SEEN}-TOTAL_FORMS"
    grown[total] = str(min(_number(grown.get(total)) + 1, rules.MOST_OBSERVATIONS))
    return grown


def beside_theirs(data: QueryDict, visit: Visit) -> QueryDict:
    """What was typed, with the things a colleague added meanwhile behind it, so that saving loses neither."""
    merged = data.copy()
    total = _number(merged.get(f"{SEEN}-TOTAL_FORMS"))
    stored = {str(row.pk): row for row in visit.observations.select_related("category").order_by("ordinal")}
    for place in range(total):
        name = f"{SEEN}-{place}-observation"
        if merged.get(name) and merged[name] not in stored:
            merged[name] = ""
        stored.pop(merged.get(name) or "", None)
    for row in stored.values():
        for name, value in _seen_values(row).items():
            merged[f"{SEEN}-{total}-{name}"] = "" if value is None else str(value)
        total += 1
    merged[f"{SEEN}-TOTAL_FORMS"] = str(total)
    return merged


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


def _initial(campaign: Campaign, visit: Visit | None, method: str, now: datetime | None) -> dict[str, Any]:
    if visit is None or visit.visited_on is None:
        local = now.astimezone(clock.SHANGHAI) if now else None
        return {
            "method": visit.method if visit else method or campaign.method,
            "visited_on": local.date() if local else None,
            "arrived": local.time().replace(second=0, microsecond=0) if local else None,
        }
    names = [name for name in VisitForm.base_fields if name not in ("arrived", "left", "left_next_day")]
    return {
        **{name: getattr(visit, name) for name in names},
        "arrived": _clock(visit.arrived_at),
        "left": _clock(visit.left_at),
        "left_next_day": bool(visit.left_at and clock.day_of(visit.left_at) > visit.visited_on),
    }


def _initial_seen(visit: Visit | None) -> list[dict[str, Any]]:
    if visit is None:
        return []
    return [_seen_values(row) for row in visit.observations.select_related("category").order_by("ordinal")]


def _seen_values(row: Observation) -> dict[str, Any]:
    return {
        "observation": row.pk,
        "kind": row.kind,
        "category": row.category.code if row.category else "",
        "facts": row.facts,
        "seen_at": row.seen_at,
        "place": row.place,
        "person_post": row.person_post,
        "persons": row.persons,
        "rule_item": row.rule_item_id,
        "handled_on_spot": row.handled_on_spot,
        "unit_said": row.unit_said,
    }


def _clock(at: datetime | None) -> time | None:
    return at.astimezone(clock.SHANGHAI).time() if at else None
