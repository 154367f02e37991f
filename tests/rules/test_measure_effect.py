"""How long each measure of the catalogue has effect."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.queries.catalogue import shipped_terms
from accountability.rules.effect import Term, bounds, effect, fault
from conduct.calendar.rules import corresponding_day

ON = date(2026, 1, 31)
TERMS = shipped_terms()
NONE, LASTING = (None, None), (ON, None)
# Every measure of the data: first and last day, decided on 31 January 2026.
PERIODS: dict[str, tuple[date | None, date | None]] = {
    **dict.fromkeys(("ORG-CHECK", "ORG-NOTICE", "ORG-REORG"), NONE),
    **dict.fromkeys(("UNIT-RECTIFY", "UNIT-WRITTEN", "UNIT-APOLOGY", "UNIT-CRITIC", "UNIT-INTERVIEW"), NONE),
    **dict.fromkeys(("UNIT-SUGGEST", "UNIT-YELLOW", "UNIT-ORANGE", "UNIT-RED"), NONE),
    **dict.fromkeys(("P-TALK", "P-CRITIC", "P-EXAM", "P-EFF-WARN", "P-NOTICE", "P-SUSPEND"), NONE),
    "P-ADMON": (ON, date(2026, 7, 31)),
    "P-REASSIGN": (ON, date(2027, 1, 31)),
    **dict.fromkeys(("P-RESIGN", "P-REMOVE", "P-DEMOTE"), (ON, date(2028, 1, 31))),
    "D-WARN": (ON, date(2027, 1, 31)),
    "D-SWARN": (ON, date(2027, 7, 31)),
    "D-REVOKE": (ON, date(2028, 1, 31)),
    "D-PROB": (date(2027, 1, 31), date(2029, 1, 31)),
    "D-EXPEL": (ON, date(2031, 1, 31)),
    "Z-WARN": (ON, date(2026, 7, 31)),
    "Z-DEMERIT": (ON, date(2027, 1, 31)),
    "Z-MAJOR": (ON, date(2027, 7, 31)),
    **dict.fromkeys(("Z-DEGRADE", "Z-DISMISS"), (ON, date(2028, 1, 31))),
    "Z-EXPEL": LASTING,
    "X-TRANSFER": NONE,
}


def test_the_table_tells_of_every_measure_in_the_data() -> None:
    assert sorted(PERIODS) == sorted(TERMS)


@pytest.mark.parametrize("code", TERMS)
def test_the_period_of_the_measure(code: str) -> None:
    found = effect(TERMS[code], on=ON, probation=12 if code == "D-PROB" else None)

    assert (found.first, found.last) == PERIODS[code]


@pytest.mark.parametrize("code", TERMS)
def test_the_period_says_how_it_was_computed(code: str) -> None:
    found = effect(TERMS[code], on=ON, probation=12 if code == "D-PROB" else None)

    if found.last:
        assert f"{found.last.year}年{found.last.month}月{found.last.day}日止" in found.how
    assert found.how.endswith("。")
    assert ("没有" in found.how) == (found.last is None)


@pytest.mark.parametrize(
    ("on", "months", "last"),
    [
        (date(2026, 3, 2), 6, date(2026, 9, 2)),
        # 31 August, and February has none.
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_the_last_day_is_the_corresponding_day_or_the_end_of_the_month(
    on: date, months: int, last: date
) -> None:
    assert effect(Term("诫勉", months), on=on).last == last


def test_the_last_day_stays_on_a_rest_day() -> None:
    """1 October 2026 is a holiday; a term to answer in would roll on."""
    assert effect(TERMS["P-ADMON"], on=date(2026, 4, 1)).last == date(2026, 10, 1)


@pytest.mark.parametrize(("probation", "last"), [(12, date(2029, 3, 2)), (24, date(2030, 3, 2))])
def test_after_probation_the_period_counts_from_the_day_rights_are_restored(
    probation: int, last: date
) -> None:
    found = effect(TERMS["D-PROB"], on=date(2026, 3, 2), probation=probation)

    assert found.first == corresponding_day(start=date(2026, 3, 2), months=probation)
    assert found.last == last
    assert "恢复党员权利之日" in found.how


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("D-PROB", {}, "请写明察看期（12或24个月）"),
        ("D-PROB", {"probation": 18}, "只能是12或24个月"),
        ("D-WARN", {"probation": 12}, "没有察看期"),
        ("Z-EXPEL", {"decided": 12}, "长期有效"),
        ("P-SUSPEND", {"decided": 0}, "1 到 120 个月之间"),
        ("P-SUSPEND", {"decided": 121}, "1 到 120 个月之间"),
    ],
)
def test_what_tells_of_no_period_is_named(code: str, given: dict[str, int], words: str) -> None:
    assert words in fault(TERMS[code], **given)
    with pytest.raises(ValueError, match=words[:6].replace("（", ".")):
        effect(TERMS[code], on=ON, **given)


def test_a_suspension_lasts_as_long_as_the_decision_says() -> None:
    found = effect(TERMS["P-SUSPEND"], on=date(2026, 3, 2), decided=3)

    assert (found.first, found.last) == (date(2026, 3, 2), date(2026, 6, 2))
    assert "决定书另定" in found.how


@pytest.mark.parametrize(
    ("code", "merged", "limits"),
    [
        ("Z-DEMERIT", 1, (12, 12)),
        ("Z-DEMERIT", 2, (12, 24)),
        # Source: 政务处分法 15: 48 months at most.
        ("Z-MAJOR", 3, (18, 48)),
        ("Z-DISMISS", 5, (24, 48)),
        ("P-SUSPEND", 1, (1, 6)),
        ("P-TALK", 1, None),
    ],
)
def test_the_months_a_decision_may_set(code: str, merged: int, limits: tuple[int, int] | None) -> None:
    assert bounds(TERMS[code], merged=merged) == limits


@given(
    on=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)),
    months=st.integers(min_value=1, max_value=120),
)
def test_a_longer_period_never_ends_sooner(on: date, months: int) -> None:
    last = effect(Term("甲", months), on=on).last
    longer = effect(Term("甲", months + 1), on=on).last

    assert last and longer
    assert on < last < longer <= last + timedelta(days=31)
