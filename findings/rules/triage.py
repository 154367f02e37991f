"""What the office may make of what was seen. Each rule answers with the objection, or with nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from conduct.dates import plain_date


def objection_to_raising(*, unit_ids: Collection[int], taken: int) -> str:
    """Against making one finding of several observations.

    unit_ids: the units observed, each once
    taken:    how many of the observations have been dealt with already
    """
    if not unit_ids:
        return "请至少选择一条现场记录，再列为问题。"
    if len(unit_ids) > 1:
        return "所选记录属于不同单位，不能合并为一个问题。请按单位分别列为问题。"
    if taken:
        return f"所选记录中有 {taken} 条已经列为问题或已注明不列入。请返回待处理清单，按最新情况重新选择。"
    return ""


def objection_to_merging(
    *,
    unit_ids: Collection[int],
    states: Collection[str],
    mergeable: Collection[str],
    heard: Collection[tuple[bool, bool]],
) -> str:
    """Against making one finding of several; each collection is without repeats, `heard` for those under
    verification: whether the unit has been asked for its statement, and whether it has been heard.
    """
    if len(unit_ids) > 1:
        return "所选问题属于不同单位，不能合并。请只选同一单位的问题。"
    if not set(states) <= set(mergeable):
        return "整改通知书发出后的问题不能合并。请只选尚未交办的问题。"
    if len(states) > 1:
        return "所选问题办理到了不同环节，不能合并。请先办到同一环节，再合并。"
    if len(heard) > 1:
        return "所选问题有的已请单位陈述，有的没有，不能合并。请先补齐陈述，再合并。"
    return ""


def objection_to_splitting(*, chosen: int, total: int, all_shared: bool) -> str:
    """Against moving `chosen` of `total` observations to a second finding.

    all_shared: the second finding rests on the same single observation
    """
    if all_shared:
        return ""
    if chosen == 0:
        return "请选择归入新问题的现场记录。"
    if chosen >= total:
        return "原问题至少要保留一条现场记录。请留下一条，其余归入新问题。"
    return ""


def objection_to_verifying(*, grade: int | None, grounds: int) -> str:
    """Against starting verification. grounds: observations the finding rests on."""
    if not grounds:
        return "问题没有现场记录作依据，不能开始核实。请先关联至少一条现场记录。"
    if grade is None:
        return "请先确定情节（轻微、一般、较重、严重、特别严重），再开始核实。"
    return ""


def objection_to_judging(*, names_person: bool, is_asked: bool, is_heard: bool) -> str:
    """Against finding the facts true, in full or in part. is_asked: the unit was asked for its statement."""
    if is_heard:
        return ""
    if is_asked:
        return "已请单位陈述，还没有收到。请等单位陈述；单位不陈述或逾期未陈述的，请先如实记录，再作认定。"
    if names_person:
        return "问题指向具体人员，须先听取单位陈述，再作认定。请先请单位陈述，或记录已听取的陈述。"
    return ""


def objection_to_silence(*, is_asked: bool, due_on: date | None, today: date) -> str:
    """Against noting that the unit let its time for a statement pass."""
    if not is_asked or due_on is None:
        return "还没有请单位陈述，不能记为逾期未陈述。请先请单位陈述。"
    if today <= due_on:
        return f"单位陈述的期限是{plain_date(due_on)}，尚未届满，不能记为逾期未陈述。"
    return ""
