"""When a unit may ask for a later deadline, and who decides. Each rule answers with the objection, or with nothing."""

from __future__ import annotations

from datetime import date

from conduct.calendar.rules import WorkCalendar
from conduct.dates import plain_date

MOST = 2
DECIDE_WORKING_DAYS = 2


def objection_to_asking(*, runs_until: date | None, today: date, is_waiting: bool, granted: int) -> str:
    """Against asking now.

    runs_until: the end of the running term, None while none runs
    granted:    how often the deadline was moved on before
    """
    if is_waiting:
        return "已有一份延期申请等待批复，不必重复申请。请等待督查办批复。"
    if granted >= MOST:
        return f"这个问题已经延期{MOST}次，不能再延。请在现期限前提交整改报告。"
    if runs_until is None:
        return "整改期限现在没有计时，不必申请延期。"
    if today > runs_until:
        return f"整改期限（{plain_date(runs_until)}）已过，不能再申请延期。请尽快提交整改报告，并在报告中说明情况。"
    return ""


def objection_to_day(*, day: date, due_on: date, book: WorkCalendar, latest: date | None = None) -> str:
    """Against this day as the new deadline. latest: the day asked for, beyond which nobody grants."""
    if day <= due_on:
        return f"新的期限须晚于现在的期限（{plain_date(due_on)}）。请重新选择日期。"
    if latest is not None and day > latest:
        return f"准予的期限不能晚于单位申请的日期（{plain_date(latest)}）。请重新选择日期。"
    if not book.is_working(day):
        return f"{plain_date(day)}是休息日。请选择一个工作日作为新的期限。"
    return ""


def objection_to_decider(*, ordinal: int, may_grant_again: bool, is_of_unit: bool) -> str:
    """Against this person deciding. may_grant_again: a leader, to whom the second time belongs"""
    if is_of_unit:
        return "您是责任单位的人员，不能批复本单位的延期申请。请由督查办其他同志批复。"
    if ordinal >= MOST and not may_grant_again:
        return "第二次延期由分管领导批复。请报分管领导。"
    return ""
