"""What the record of a visit must be to be saved as a draft, and to be complete. Plain values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conduct.dates import plain_date

MOST_OBSERVATIONS = 30
MOST_PHOTOS_AT_ONCE = 10
FEWEST_SIGNATURES = 2
MOST_HEADS = 9999
LONGEST_STAY = timedelta(days=1)


@dataclass(frozen=True)
class Heads:
    """Head counts of the place inspected; None where nobody counted."""

    expected: int | None = None
    present: int | None = None
    on_leave: int | None = None
    official_out: int | None = None
    absent: int | None = None

    @property
    def all(self) -> tuple[int | None, ...]:
        return self.expected, self.present, self.on_leave, self.official_out, self.absent


@dataclass(frozen=True)
class RecordFacts:
    """A record as typed, beside what it is judged by.

    now:      the moment of saving, in the zone of the office
    is_open:  an announced visit, whose unit signs or refuses to
    without_indicator, without_facts: numbers of the things seen that are not finished
    """

    now: datetime
    first_day: date
    last_day: date
    visited_on: date | None
    arrived_at: datetime | None
    left_at: datetime | None
    heads: Heads
    problems: int
    observations: int
    says_no_problem: bool
    place: str
    is_open: bool
    unit_signature: str
    without_indicator: tuple[int, ...] = ()
    without_facts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """One thing wrong. field: the record's field it is about, "" for the whole."""

    field: str
    text: str


def wrong_as_draft(record: RecordFacts) -> list[Wrong]:
    """What keeps the record from being saved at all."""
    return [*_wrong_times(record), *_wrong_heads(record.heads), *_wrong_result(record)]


def wrong_as_complete(record: RecordFacts) -> list[Wrong]:
    """What keeps the record from being completed."""
    return [*wrong_as_draft(record), *lacking(record)]


def lacking(record: RecordFacts) -> Iterator[Wrong]:
    """What a draft may leave out and a complete record may not."""
    yield from _lacking_of_visit(record)
    yield from _lacking_of_seen(record)


def counts_leader(*, members: int, others: int) -> bool:
    """Whether the record rests on the leader's own signature although the team has two others who could sign.

    members: on the team, with the leader; others: how many of the rest have signed
    """
    return others < FEWEST_SIGNATURES < members


def _wrong_times(record: RecordFacts) -> Iterator[Wrong]:
    day, arrived, left = record.visited_on, record.arrived_at, record.left_at
    if day and day > record.now.date():
        yield Wrong("visited_on", f"检查日期{plain_date(day)}还没有到，请核对。")
    elif day and not record.first_day <= day <= record.last_day:
        yield Wrong(
            "visited_on",
            f"检查日期{plain_date(day)}不在本批次的期限内（{plain_date(record.first_day)}至{plain_date(record.last_day)}），请核对。",
        )
    elif arrived and arrived > record.now:
        yield Wrong("arrived", f"到达时间{arrived:%H:%M}还没有到，请核对。")
    elif left and left > record.now:
        yield Wrong("left", f"离开时间{left:%H:%M}还没有到，请在离开后填写。")
    if left and not arrived:
        yield Wrong("arrived", "填写了离开时间，没有填写到达时间，请补上。")
    elif arrived and left and left < arrived:
        yield Wrong(
            "left",
            f"离开时间{left:%H:%M}早于到达时间{arrived:%H:%M}，请核对。过了零点才离开的，请勾选“离开时已过零点”。",
        )
    elif arrived and left and left - arrived >= LONGEST_STAY:
        yield Wrong("left", f"从到达{arrived:%H:%M}到离开超过了一昼夜，请核对是否应勾选“离开时已过零点”。")


def _wrong_heads(heads: Heads) -> Iterator[Wrong]:
    given = [value for value in heads.all if value is not None]
    if not given:
        return
    if any(not 0 <= value <= MOST_HEADS for value in given):
        yield Wrong("expected_count", f"人数只能是0到{MOST_HEADS}的整数，请核对。")
    elif len(given) < len(heads.all):
        yield Wrong("expected_count", "五项人数要么都填（没有的填0），要么都不填。请补齐。")
    else:
        expected, *parts = given
        present, on_leave, out, absent = parts
        if sum(parts) != expected:
            yield Wrong(
                "expected_count",
                f"人数对不上：实到{present}＋请假{on_leave}＋公出{out}＋缺岗{absent}＝{sum(parts)}，"
                f"应到{expected}，相差{abs(expected - sum(parts))}。请核对。",
            )


def _wrong_result(record: RecordFacts) -> Iterator[Wrong]:
    if record.says_no_problem and record.problems:
        yield Wrong(
            "no_problem", f"勾选了“未发现问题”，下面又记了{record.problems}个问题。请去掉勾选，或删去问题。"
        )
    if record.observations > MOST_OBSERVATIONS:
        yield Wrong(
            "", f"一次检查最多记{MOST_OBSERVATIONS}条，现在有{record.observations}条，请合并相同的情况。"
        )


def _lacking_of_visit(record: RecordFacts) -> Iterator[Wrong]:
    if not record.visited_on:
        yield Wrong("visited_on", "还没有填写检查日期。")
    if not record.arrived_at:
        yield Wrong("arrived", "还没有填写到达时间。")
    if not record.left_at:
        yield Wrong("left", "还没有填写离开时间。")
    if not record.place.strip():
        yield Wrong("place", "还没有填写检查地点。")
    if not record.problems and not record.says_no_problem:
        yield Wrong("no_problem", "还没有检查结果：发现问题的请逐项记录，没有发现问题的请勾选“未发现问题”。")
    if record.is_open and not record.unit_signature.strip():
        yield Wrong("unit_signature", "明察须写明单位签字情况：由谁签字，或者拒签的原因。")


def _lacking_of_seen(record: RecordFacts) -> Iterator[Wrong]:
    if record.without_indicator:
        yield Wrong("", f"第{_listed(record.without_indicator)}条还没有选择问题指标。")
    if record.without_facts:
        yield Wrong("", f"第{_listed(record.without_facts)}条还没有写事实经过。")


def _listed(numbers: tuple[int, ...]) -> str:
    return "、".join(str(number) for number in numbers)
