"""Every step of a finding waits for exactly those who may take it, and says by when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conduct import clock
from findings.actions import statements
from findings.models import Extension, Finding
from findings.queries import waiting
from people.models import PostChange, Recovery
from people.roles import Role
from reports.queries import home
from tests.factories.cast import AT, Cast, give_post
from tests.factories.findings import Line, ask_extension, object_to

pytestmark = pytest.mark.django_db

PEOPLE = (
    *("clerk", "second_clerk", "third_clerk", "fourth_clerk", "leader", "inspector", "team_leader"),
    *("east_head", "east_liaison", "west_head", "reader", "system_admin", "security_admin", "auditor"),
)
CLERKS = {"clerk", "second_clerk", "third_clerk", "fourth_clerk"}
OFFICE = CLERKS | {"leader"}
# By step of the line: what waits, and whose step it is. The clerk raised the finding, two accepted it.
STEPS = {
    "new": ("研判", CLERKS),
    "verifying": ("核实认定", OFFICE),
    "confirmed": ("发出整改通知书", OFFICE),
    "assigned": ("签收整改通知", {"east_head"}),
    "received": ("提交整改报告", {"east_head"}),
    "rectifying": ("提交整改报告", {"east_head"}),
    "submitted": ("审核整改报告", OFFICE - {"clerk"}),
    "awaiting": ("验收", OFFICE - {"clerk"}),
    "accepted": ("销号", OFFICE - {"clerk"}),
    "closed": ("", set()),
}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def waits(cast: Cast, verb: str) -> set[str]:
    """For whom a thing of this name waits."""
    return {who for who in PEOPLE if verb in {item.verb for item in waiting.for_user(getattr(cast, who))}}


def due(cast: Cast, who: str) -> date | None:
    (item,) = waiting.for_user(getattr(cast, who))
    return item.due_on


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_step_waits_for_exactly_those_who_may_take_it(cast: Cast, line: Line, step: str) -> None:
    verb, whose = STEPS[step]

    getattr(line, step)()

    told = {who: [item.verb for item in waiting.for_user(getattr(cast, who))] for who in PEOPLE}
    assert {who: verbs for who, verbs in told.items() if verbs} == {who: [verb] for who in whose}


@pytest.mark.parametrize(
    ("step", "last"),
    [
        ("new", date(2026, 3, 4)),
        ("verifying", date(2026, 3, 11)),
        ("confirmed", date(2026, 3, 3)),
        ("submitted", date(2026, 3, 5)),
        ("awaiting", date(2026, 3, 12)),
    ],
)
def test_the_office_has_its_own_day_for_each_step(cast: Cast, line: Line, step: str, last: date) -> None:
    getattr(line, step)()

    assert due(cast, "second_clerk") == last


def test_reports_wait_in_the_order_they_came_not_by_the_term_of_the_unit(cast: Cast, line: Line) -> None:
    line.submitted(route="immediate", title="后报的")
    line.submitted(route="complex", title="先报的")
    Finding.objects.filter(title="先报的").update(handed_in_on=AT.date() - timedelta(days=4))

    titles = [item.title for item in waiting.for_user(cast.second_clerk)]

    assert titles == ["先报的", "后报的"]


class TestTheUnitIsHeard:
    def test_while_its_time_runs_the_unit_is_waited_for(self, cast: Cast, line: Line) -> None:
        statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        assert waits(cast, "核实认定") == set()
        assert [item.verb for item in waiting.sent_and_waiting(cast.clerk)] == ["等待单位陈述"]

    def test_once_its_time_is_over_a_clerk_writes_down_how_it_went(
        self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
        monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=7))

        assert waits(cast, "记录单位陈述情况") == CLERKS
        assert waiting.sent_and_waiting(cast.clerk) == []

    @pytest.mark.parametrize("said", [{"names_person": True}, {}])
    def test_who_is_pointed_at_is_to_be_asked_before_anybody_judges(
        self, cast: Cast, line: Line, said: dict[str, bool]
    ) -> None:
        finding = line.verifying(**said)
        if not said:
            finding.observations.update(person_post="窗口负责人")

        assert waits(cast, "请单位陈述") == CLERKS
        assert waits(cast, "核实认定") == set()

    def test_what_was_heard_may_be_judged(self, cast: Cast, line: Line) -> None:
        line.hear(line.verifying(names_person=True))

        assert waits(cast, "核实认定") == OFFICE


def test_a_stopped_clock_asks_for_no_day(cast: Cast, line: Line) -> None:
    line.received()
    Finding.objects.update(paused_on=AT.date(), runs_until=None)

    (item,) = waiting.for_user(cast.east_head)

    assert (item.due_on, item.note) == (None, "异议办理期间暂停计时")


def test_who_heads_one_unit_and_writes_for_another_signs_for_their_own_alone(cast: Cast, line: Line) -> None:
    give_post(cast.west_head, cast.east, Role.UNIT_LIAISON)

    line.assigned()
    line.received()

    assert waiting.for_user(cast.west_head) == []


def test_a_unit_sees_what_it_asked_and_waits_for(cast: Cast, line: Line) -> None:
    finding = line.received()
    ask_extension(cast, finding)
    object_to(cast, finding)

    told = {item.verb for item in waiting.sent_and_waiting(cast.east_head)}

    assert told == {"等待批复延期申请", "等待答复异议"}
    assert waiting.sent_and_waiting(cast.west_head) == []
    Extension.objects.update(state="refused", decided_at=AT, decided_by=cast.clerk)
    assert {item.verb for item in waiting.sent_and_waiting(cast.east_head)} == {"等待答复异议"}


def of_the_house(cast: Cast, who: str) -> list[tuple[str, str]]:
    desk = home.home(user=getattr(cast, who), today=AT.date())
    return [(line.verb, line.title) for line in desk.waiting]


def test_what_needs_a_second_person_waits_for_the_leader(cast: Cast) -> None:
    PostChange.objects.create(
        kind="give",
        user=cast.east_liaison,
        unit=cast.east,
        role="unit_head",
        since=AT.date(),
        reason="工作安排。",
        asked_by=cast.security_admin,
        asked_at=AT,
    )
    Recovery.objects.create(
        user=cast.east_liaison, asked_by=cast.security_admin, asked_at=AT, reason="手机丢失。"
    )

    assert [verb for verb, _ in of_the_house(cast, "leader")] == ["确认岗位变动", "确认动态口令恢复"]
    assert of_the_house(cast, "clerk") == []


def test_the_late_come_first(cast: Cast, line: Line) -> None:
    line.new(title="新的")
    line.new(title="放久了的")
    Finding.objects.filter(title="放久了的").update(raised_at=AT - timedelta(days=30))

    assert [title for _, title in of_the_house(cast, "clerk")] == ["放久了的", "新的"]
