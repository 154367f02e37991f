"""What waits for whom, what the timeline tells, and how the lights stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conduct.calendar.rules import WorkCalendar
from findings.actions import findings, liaisons, reviews, statements
from findings.models import Finding
from findings.queries import detail, filters, timeline, waiting
from findings.queries.standing import standing
from tests.factories import cast as people
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, observe
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db

S = Finding.State
BOOK = WorkCalendar(years=frozenset({2026}), version="2026.1")


def verbs(user: people.User) -> list[str]:
    return [item.verb for item in waiting.for_user(user)]


class TestWaiting:
    @pytest.mark.parametrize(
        ("step", "person", "verb"),
        [
            ("new", "clerk", "研判"),
            ("verifying", "clerk", "核实认定"),
            ("confirmed", "clerk", "发出整改通知书"),
            ("assigned", "east_head", "签收整改通知"),
            ("received", "east_head", "提交整改报告"),
            ("rectifying", "east_head", "提交整改报告"),
            ("submitted", "second_clerk", "审核整改报告"),
            ("awaiting", "third_clerk", "验收"),
            ("accepted", "third_clerk", "销号"),
        ],
    )
    def test_each_step_waits_for_someone(
        self, cast: Cast, line: Line, step: str, person: str, verb: str
    ) -> None:
        getattr(line, step)()

        assert verbs(getattr(cast, person)) == [verb]

    @pytest.mark.parametrize("step", ["assigned", "received", "submitted", "awaiting"])
    def test_nothing_waits_for_another_unit(self, cast: Cast, line: Line, step: str) -> None:
        getattr(line, step)()

        assert verbs(cast.west_head) == []

    @pytest.mark.parametrize("step", ["submitted", "awaiting"])
    def test_a_finder_is_not_asked_to_judge(self, cast: Cast, line: Line, step: str) -> None:
        getattr(line, step)()

        assert verbs(cast.clerk) == []

    def test_whoever_answers_to_a_finder_is_not_asked_to_accept(self, cast: Cast, line: Line) -> None:
        line.awaiting()
        cast.third_clerk.superior = cast.team_leader
        cast.third_clerk.save()

        assert waiting.for_user(cast.third_clerk) == []
        assert [item.verb for item in waiting.for_user(cast.fourth_clerk)] == ["验收"]

    def test_one_notice_is_one_thing_to_sign(self, cast: Cast, line: Line) -> None:
        line.issue(line.confirmed(), line.confirmed())

        assert verbs(cast.east_head) == ["签收整改通知"]

    def test_the_liaison_drafts_what_was_given_to_them(self, cast: Cast, line: Line) -> None:
        finding = line.received()
        assert verbs(cast.east_liaison) == []

        liaisons.appoint(finding=finding, liaison=cast.east_liaison, by=cast.east_head, at=AT)

        assert verbs(cast.east_liaison) == ["起草整改报告"]

    def test_the_nearest_deadline_comes_first(self, cast: Cast, line: Line) -> None:
        line.received(route="complex", title="复杂的")
        line.received(route="immediate", title="立行的")

        assert [item.title for item in waiting.for_user(cast.east_head)] == ["立行的", "复杂的"]

    def test_a_question_unanswered_waits_for_the_head(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
        assert verbs(cast.east_head) == ["提交陈述"]

        statements.file(finding=finding, text="属实。", speaker="主任", by=cast.east_head, at=AT)

        assert verbs(cast.east_head) == []

    def test_the_worklist_is_counted(self, cast: Cast) -> None:
        observe(cast)
        observe(cast)

        assert waiting.worklist_count(cast.clerk) == 2
        assert waiting.worklist_count(cast.east_head) == 0

    def test_what_was_handed_in_is_awaited(self, cast: Cast, line: Line) -> None:
        line.submitted()

        assert [item.verb for item in waiting.sent_and_waiting(cast.east_head)] == ["等待督查办待审"]
        assert waiting.sent_and_waiting(cast.west_head) == []

    def test_the_queries_do_not_grow(self, cast: Cast, line: Line) -> None:
        line.submitted()
        with CaptureQueriesContext(connection) as few:
            waiting.for_user(cast.second_clerk)
        for _ in range(3):
            line.submitted()
            line.awaiting()

        with CaptureQueriesContext(connection) as many:
            waiting.for_user(cast.second_clerk)

        assert len(many) <= len(few) + 1


class TestBadge:
    def test_it_counts_what_waits_and_names_the_nearest_day(self, cast: Cast, line: Line) -> None:
        line.received(route="complex")
        line.assigned(route="immediate")
        line.submitted()

        badge = waiting.badge(cast.east_head)

        assert (badge.count, badge.due_on) == (2, date(2026, 3, 3))

    def test_the_office_has_none(self, cast: Cast, line: Line) -> None:
        line.assigned()

        assert waiting.badge(cast.clerk) == waiting.Badge(0, None)

    def test_it_costs_one_query(self, cast: Cast, line: Line) -> None:
        line.assigned()
        waiting.badge(cast.east_head)

        with CaptureQueriesContext(connection) as asked:
            waiting.badge(cast.east_head)

        assert len(asked) == 1


class TestTimeline:
    def told(self, cast: Cast, finding: Finding, *, for_unit: bool = False) -> list[tuple[str, str, str]]:
        lines = timeline.entries(
            finding=again(finding),
            reports=detail.reports_of(finding),
            statements=detail.statements_of(finding),
            acceptances=detail.acceptances_of(finding),
            for_unit=for_unit,
        )
        return [(line.who, line.what, line.why) for line in lines[::-1]]

    def test_every_step_says_who_what_and_why(self, cast: Cast, line: Line) -> None:
        finding = line.closed(names_person=True)

        assert self.told(cast, finding) == [
            ("经办甲", "列为问题", ""),
            ("经办甲", "开始核实", ""),
            ("经办甲", "记录单位陈述", "当面陈述，办公室主任：当日确有外出，事出有因。"),
            ("经办甲", "认定属实", "现场记录、照片与单位说明一致。"),
            ("经办甲", "发出整改通知书", "安督整〔2026〕1号"),
            ("东区负责人", "签收整改通知", "安督整〔2026〕1号"),
            ("东区负责人", "起草整改报告", ""),
            ("东区负责人", "签字提交整改报告", ""),
            ("经办乙", "审核通过并提请验收", "报告完整，材料齐全。"),
            ("经办丙", "同意验收", "现场查看，已整改到位。"),
            ("经办丁", "同意验收", "现场查看，已整改到位。"),
            ("经办丙", "销号", ""),
        ]

    def test_the_unit_is_told_its_part_only(self, cast: Cast, line: Line) -> None:
        told = [what for _, what, _ in self.told(cast, line.received(), for_unit=True)]

        assert told == ["发出整改通知书", "签收整改通知"]

    def test_a_return_and_its_new_round_are_one_step(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        reviews.send_back(
            finding=finding, by=cast.second_clerk, at=AT + timedelta(hours=1), reason="缺少排查情况。"
        )

        told = [row for row in self.told(cast, finding) if row[0] == "经办乙"]

        assert told == [("经办乙", "退回整改报告", "缺少排查情况。")]


class TestGroups:
    def rows(self, state: str, today: date) -> set[str]:
        wanted = filters.in_state(state, today=today, book=BOOK)
        return set(Finding.objects.filter(wanted).values_list("title", flat=True))

    @pytest.mark.parametrize(
        ("today", "state", "found"),
        [
            # Due on Thursday 5 March: three working days before is Monday 2 March.
            (date(2026, 3, 1), "due_soon", False),
            (date(2026, 3, 2), "due_soon", True),
            (date(2026, 3, 5), "due_soon", True),
            (date(2026, 3, 5), "overdue", False),
            (date(2026, 3, 6), "overdue", True),
            (date(2026, 3, 6), "due_soon", False),
            (date(2026, 3, 6), "open", True),
        ],
    )
    def test_a_deadline_makes_a_group(self, line: Line, today: date, state: str, found: bool) -> None:
        finding = line.assigned(route="immediate")
        Finding.objects.filter(pk=finding.pk).update(due_on=date(2026, 3, 5))

        assert bool(self.rows(state, today)) is found

    def test_what_is_closed_is_never_overdue(self, line: Line) -> None:
        line.closed()

        assert self.rows("overdue", date(2030, 1, 1)) == set()


def test_the_desk_is_the_units_while_it_is_asked(cast: Cast, line: Line) -> None:
    finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

    shown = standing(finding=finding, today=AT.date(), book=BOOK)

    assert (shown.desk, shown.remaining) == ("东区", 3)


def test_the_desk_is_the_offices_once_it_is_heard(cast: Cast, line: Line) -> None:
    finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

    assert standing(finding=finding, today=AT.date(), book=BOOK, is_heard=True).desk == "督查办"


def test_a_dismissed_finding_the_unit_was_not_asked_about_is_seen_by_the_office_only(
    cast: Cast, line: Line
) -> None:
    finding = line.verifying()
    findings.dismiss(finding=finding, by=cast.clerk, at=AT, reason="不属实。")

    assert Finding.objects.visible_to(cast.clerk).exists()
    assert not Finding.objects.visible_to(cast.east_head).exists()


def test_the_menu_of_the_head_shows_how_many_wait(cast: Cast, line: Line) -> None:
    line.assigned()

    page = text_of(get(cast.east_head, "list"))

    assert '<span class="count">1<' in page
