"""What must be looked at twice before a decision is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accountability.rules.cautions import Decision, Kind, Other, cautions
from accountability.rules.effect import Term

DAY = date(2026, 3, 2)
ADMONISHED = Kind("P-ADMON", "诫勉", "第一种形态", "person", "个人", True, Term("诫勉", 6))
WARNED = Kind("D-WARN", "党内警告", "党纪处分", "party_member", "党员", True, Term("党内警告", 12))
DEMERIT = Kind("Z-DEMERIT", "记过", "政务处分", "public_official", "公职人员", True, Term("记过", 12))
CRITICISED = Kind("UNIT-CRITIC", "通报批评", "工作处置", "unit", "单位", False, Term("通报批评"))
SUSPENDED = Kind("P-SUSPEND", "停职检查", "组织处理", "person", "个人", True, Term("停职检查", most=6))
SOUND = Decision(
    kind=ADMONISHED,
    is_person=True,
    person_kind="both",
    decided_on=DAY,
    visited_on=date(2026, 2, 26),
    heard_on=DAY,
)


def codes(decision: Decision, *others: Other) -> list[str]:
    return [caution.code for caution in cautions(decision, others=others)]


def test_a_sound_decision_gives_nothing_to_look_at() -> None:
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("kind", "is_person", "person_kind"),
    [
        (ADMONISHED, False, ""),
        (CRITICISED, True, "both"),
        (WARNED, True, "official"),
        (WARNED, True, "other"),
        (DEMERIT, True, "member"),
    ],
)
def test_the_wrong_kind_of_target(kind: Kind, is_person: bool, person_kind: str) -> None:
    assert codes(replace(SOUND, kind=kind, is_person=is_person, person_kind=person_kind)) == ["target"]


@pytest.mark.parametrize(
    ("kind", "is_person", "person_kind"),
    [(WARNED, True, "member"), (DEMERIT, True, "official"), (CRITICISED, False, "")],
)
def test_the_right_kind_of_target(kind: Kind, is_person: bool, person_kind: str) -> None:
    assert codes(replace(SOUND, kind=kind, is_person=is_person, person_kind=person_kind)) == []


def test_nobody_was_heard() -> None:
    assert codes(replace(SOUND, heard_on=None)) == ["unheard"]


def test_decided_the_day_before_the_statement_was_heard() -> None:
    assert codes(replace(SOUND, heard_on=date(2026, 3, 3))) == ["unheard"]


def test_decided_before_anybody_had_visited() -> None:
    assert codes(replace(SOUND, decided_on=date(2026, 2, 25), heard_on=date(2026, 2, 25))) == ["early"]


def test_two_state_sanctions_for_one_fact() -> None:
    assert codes(replace(SOUND, kind=DEMERIT), Other("Z-WARN", "政务警告", "政务处分")) == ["twice"]


def test_a_party_and_a_state_sanction_stand_together() -> None:
    assert codes(replace(SOUND, kind=DEMERIT), Other("D-WARN", "党内警告", "党纪处分")) == []


def test_the_same_measure_twice() -> None:
    assert codes(SOUND, Other("P-ADMON", "诫勉", "第一种形态")) == ["twice"]


def test_work_measures_may_be_taken_together() -> None:
    decision = replace(SOUND, kind=CRITICISED, is_person=False, person_kind="")

    assert codes(decision, Other("UNIT-APOLOGY", "公开道歉", "工作处置")) == []


@pytest.mark.parametrize(
    ("kind", "merged", "months", "found"),
    [
        (DEMERIT, 1, 18, ["months"]),
        (DEMERIT, 2, 24, []),
        (DEMERIT, 2, 25, ["months"]),
        (DEMERIT, 5, 48, []),
        (DEMERIT, 5, 49, ["months"]),
        (DEMERIT, 2, 11, ["months"]),
        (SUSPENDED, 1, 6, []),
        (SUSPENDED, 1, 7, ["months"]),
    ],
)
def test_months_out_of_bounds(kind: Kind, merged: int, months: int, found: list[str]) -> None:
    assert codes(replace(SOUND, kind=kind, merged=merged, decided_months=months)) == found
