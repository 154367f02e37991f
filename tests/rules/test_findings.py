"""The rules of findings, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.calendar.rules import WorkCalendar, working_days_between
from findings.rules import parting, report, triage
from findings.rules.light import SOON_WORKING_DAYS, Light, light, soon_until

BOOK = WorkCalendar(
    off=frozenset(date(2026, 5, day) for day in range(4, 9)), work=frozenset({date(2026, 5, 9)})
)
DAYS = st.dates(min_value=date(2026, 4, 20), max_value=date(2026, 6, 1))


@given(today=DAYS, due_on=DAYS)
def test_due_soon_means_at_most_three_working_days_left(today: date, due_on: date) -> None:
    shown = light(due_on=due_on, today=today, soon_until=soon_until(today=today, book=BOOK))

    left = working_days_between(start=today, end=due_on, book=BOOK)
    if due_on < today:
        assert shown == Light.OVERDUE
    else:
        assert (shown == Light.DUE_SOON) == (left <= SOON_WORKING_DAYS)


def test_the_due_day_itself_is_in_time() -> None:
    today = date(2026, 3, 5)

    assert light(due_on=today, today=today, soon_until=today) == Light.DUE_SOON


@pytest.mark.parametrize(
    ("texts", "causes", "files", "missing"),
    [
        (dict.fromkeys(report.PARTS, "有"), 1, 1, []),
        (dict.fromkeys(report.PARTS, "有") | {"unfinished": "  "}, 1, 1, ["未完成事项及时限"]),
        (dict.fromkeys(report.PARTS, "有"), 0, 0, ["原因分类（至少选一项）", "佐证材料（至少一件）"]),
    ],
)
def test_a_report_names_its_missing_parts(
    texts: dict[str, str], causes: int, files: int, missing: list[str]
) -> None:
    assert report.missing_parts(texts=texts, causes=causes, files=files) == missing


def test_an_empty_report_lacks_everything() -> None:
    assert len(report.missing_parts(texts={}, causes=0, files=0)) == len(report.PARTS) + 2


@pytest.mark.parametrize(
    ("liaison", "is_head", "objects"),
    [(7, False, False), (None, True, False), (None, False, True), (8, False, True)],
)
def test_the_head_or_the_named_liaison_drafts(liaison: int | None, is_head: bool, objects: bool) -> None:
    objection = parting.objection_to_drafter(is_head=is_head, liaison_id=liaison, person_id=7)

    assert bool(objection) is objects


def test_two_units_weigh_more_than_what_was_taken() -> None:
    assert "不同单位" in triage.objection_to_raising(unit_ids={1, 2}, taken=1)
