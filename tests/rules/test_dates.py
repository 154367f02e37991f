"""How days and deadlines read, and when a light changes colour."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from conduct import dates

DUE = date(2026, 11, 30)


def test_a_day_is_written_with_its_weekday() -> None:
    assert dates.cn_date(date(2026, 11, 30)) == "2026年11月30日（周一）"


def test_a_sunday_is_written_as_zhou_ri() -> None:
    assert dates.cn_date(date(2026, 11, 29)) == "2026年11月29日（周日）"


@pytest.mark.parametrize(
    ("beside", "read"),
    [
        (date(2026, 1, 4), "11月30日（周一）"),
        (date(2025, 12, 31), "2026年11月30日（周一）"),
        (None, "2026年11月30日（周一）"),
    ],
)
def test_in_a_tight_column_the_year_is_left_out_only_beside_its_own(beside: date | None, read: str) -> None:
    assert dates.cn_day(date(2026, 11, 30), beside=beside) == read


def test_a_late_utc_moment_belongs_to_the_next_shanghai_day() -> None:
    assert dates.cn_date(datetime(2026, 11, 29, 16, 0, tzinfo=UTC)) == "2026年11月30日（周一）"


def test_a_moment_is_written_on_the_shanghai_clock() -> None:
    assert dates.cn_datetime(datetime(2026, 11, 30, 7, 7, tzinfo=UTC)) == "2026年11月30日 15:07"


@pytest.mark.parametrize("write", [dates.cn_date, dates.cn_datetime])
def test_a_moment_without_a_zone_is_refused(write) -> None:
    with pytest.raises(ValueError, match="aware"):
        write(datetime(2026, 11, 30, 7, 7))


@pytest.mark.parametrize(
    ("today", "remaining", "colour", "word", "detail"),
    [
        (date(2026, 11, 20), 6, "green", "正常", "还剩 6 个工作日"),
        (date(2026, 11, 24), 4, "green", "正常", "还剩 4 个工作日"),
        (date(2026, 11, 25), 3, "amber", "临期", "还剩 3 个工作日"),
        (date(2026, 11, 30), 0, "amber", "临期", "今天到期"),
        (date(2026, 12, 1), -1, "red", "逾期", "已超 1 个工作日"),
        (date(2026, 12, 20), -14, "red", "逾期", "已超 14 个工作日"),
    ],
)
def test_the_light_of_an_open_deadline(
    today: date, remaining: int, colour: str, word: str, detail: str
) -> None:
    lamp = dates.light(due_on=DUE, today=today, remaining=remaining)

    assert (lamp.colour, lamp.word, lamp.detail) == (colour, word, detail)


def test_a_weekend_after_the_due_day_is_overdue_though_no_working_day_has_passed() -> None:
    lamp = dates.light(due_on=date(2026, 11, 27), today=date(2026, 11, 28), remaining=0)

    assert (lamp.word, lamp.detail) == ("逾期", "")


def test_without_the_office_calendar_the_light_counts_calendar_days_and_says_so() -> None:
    lamp = dates.light(due_on=DUE, today=date(2026, 11, 20))

    assert (lamp.word, lamp.detail) == ("正常", "还剩 10 天")


def test_closing_on_the_due_day_is_in_time_however_late_one_looks() -> None:
    lamp = dates.light(due_on=DUE, today=date(2027, 3, 1), closed_on=DUE)

    assert (lamp.colour, lamp.word) == ("green", "按期办结")


def test_closing_a_day_late_stays_red() -> None:
    lamp = dates.light(due_on=DUE, today=date(2027, 3, 1), closed_on=date(2026, 12, 1))

    assert (lamp.colour, lamp.word) == ("red", "逾期办结")


def test_a_paused_clock_is_neither_early_nor_late() -> None:
    lamp = dates.light(due_on=DUE, today=date(2027, 1, 1), paused=True)

    assert (lamp.colour, lamp.word) == ("grey", "暂停计时")


def test_no_deadline_is_said_in_words() -> None:
    assert dates.light(due_on=None, today=DUE).word == "未定期限"


def test_each_light_has_a_shape_of_its_own() -> None:
    looks = {
        lamp.colour: lamp.shape
        for lamp in (
            dates.light(due_on=DUE, today=date(2026, 11, 2), remaining=20),
            dates.light(due_on=DUE, today=DUE, remaining=0),
            dates.light(due_on=DUE, today=date(2026, 12, 1), remaining=-1),
        )
    }

    assert looks == {"green": "●", "amber": "▲", "red": "■"}
