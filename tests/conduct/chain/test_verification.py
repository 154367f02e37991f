"""One verification: every check is run and kept with what it came to, and whoever waits is told how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from conduct import audit, verifying
from conduct.chain import verification
from conduct.models import VerifyReport
from conduct.verifying import Checked, Entry, Outcome, Step
from tests.conduct.chain import ledger
from tests.factories.cast import AT, Cast

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=3)


def clock() -> Iterator[datetime]:
    """It is nine o'clock when it begins and three past when it ends."""
    yield AT
    while True:
        yield LATER


def check(*steps: tuple[int, int], fault: str = "", notes: tuple[str, ...] = ()) -> verifying.Check:
    """A check that steps so and comes to this."""

    def run(*, at: datetime, on_step: Step) -> Checked:
        assert at in (AT, LATER)
        for done, total in steps:
            on_step(done, total)
        return Checked("看过 2 项", fault, notes)

    return run


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> dict[str, Entry]:
    """A register of two checks, the second with nothing to step over."""
    entries = {
        "one": Entry("one", "甲", check((1, 4), (2, 4), (4, 4), notes=("记一笔",))),
        "two": Entry("two", "乙", check((0, 0))),
    }
    monkeypatch.setattr(verifying, "REGISTER", entries)
    return entries


def verify(**more: object) -> VerifyReport:
    moments = clock()
    return verification.verify(by=audit.SystemActor(), now=lambda: next(moments), **more)  # type: ignore[arg-type]


def test_a_report_keeps_what_every_check_came_to(register: dict[str, Entry]) -> None:
    report = verify()

    assert report.outcomes == [
        {"key": "one", "name": "甲", "looked_at": "看过 2 项", "fault": "", "notes": ["记一笔"]},
        {"key": "two", "name": "乙", "looked_at": "看过 2 项", "fault": "", "notes": []},
    ]
    assert (report.is_clean, report.first_fault) == (True, "")


def test_a_report_says_when_it_began_and_ended_and_who_asked(register: dict[str, Entry], cast: Cast) -> None:
    report = verify()
    asked = verification.verify(by=cast.auditor, now=lambda: AT)

    assert (report.at, report.finished_at, report.by_id, report.by_name) == (AT, LATER, "", "系统")
    assert (asked.by_id, asked.by_name) == (str(cast.auditor.pk), "审计员甲")


def test_who_asked_is_remembered_by_number_and_name() -> None:
    asker = verification.Asker("7", "审计甲")

    assert (asker.pk, str(asker)) == ("7", "审计甲")


def test_the_first_of_several_faults_is_named_and_all_checks_are_run(register: dict[str, Entry]) -> None:
    register["two"] = Entry("two", "乙", check(fault="乙坏了。"))
    register["three"] = Entry("three", "丙", check(fault="丙坏了。"))

    report = verify()

    assert (report.is_clean, report.first_fault) == (False, "乙坏了。")
    assert [row["fault"] for row in report.outcomes] == ["", "乙坏了。", "丙坏了。"]


def test_progress_is_told_in_hundredths_of_each_check(register: dict[str, Entry]) -> None:
    told: list[tuple[int, int, str]] = []

    verify(on_step=lambda *step: told.append(step))

    assert told == [(25, 200, "甲"), (50, 200, "甲"), (100, 200, "甲"), (200, 200, "乙")]


def test_a_step_too_small_to_be_seen_is_not_told(register: dict[str, Entry]) -> None:
    register["one"] = Entry("one", "甲", check(*((done, 1000) for done in range(1001))))
    told: list[tuple[int, int, str]] = []

    verify(on_step=lambda *step: told.append(step))

    assert [done for done, _, name in told if name == "甲"] == list(range(101))


def test_the_first_hundredth_is_told(register: dict[str, Entry]) -> None:
    register["one"] = Entry("one", "甲", check((1, 100)))
    told: list[int] = []

    verify(on_step=lambda done, total, name: told.append(done))

    assert told == [1, 100, 200]


def test_a_check_that_steps_beyond_its_end_is_told_as_ended(register: dict[str, Entry]) -> None:
    register["one"] = Entry("one", "甲", check((9, 4)))
    told: list[int] = []

    verify(on_step=lambda done, total, name: told.append(done))

    assert told == [100, 200]


def test_each_check_is_told_as_it_ends(register: dict[str, Entry]) -> None:
    told: list[Outcome] = []

    verify(on_outcome=told.append)

    assert [(outcome.entry.key, outcome.checked.looked_at) for outcome in told] == [
        ("one", "看过 2 项"),
        ("two", "看过 2 项"),
    ]


def test_the_newest_verification_is_the_one_begun_last(register: dict[str, Entry]) -> None:
    assert verification.newest() is None
    late = verification.verify(by=audit.SystemActor(), now=lambda: LATER)
    verification.verify(by=audit.SystemActor(), now=lambda: AT)
    assert verification.newest() == late

    same = verification.verify(by=audit.SystemActor(), now=lambda: LATER)
    assert verification.newest() == same


def test_the_house_as_it_stands_is_verified_by_its_own_register() -> None:
    ledger.write_and_seal(1)

    assert [row["key"] for row in verify_now().outcomes] == list(verifying.REGISTER)


def verify_now() -> VerifyReport:
    return verification.verify(by=audit.SystemActor(), now=lambda: LATER)
