"""Closing sets a second look that nobody need know of until it sets out; a relapse reopens the same finding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import clock, moves
from conduct.calendar.rules import WorkCalendar
from conduct.errors import Forbidden, NotFromHere, Refused
from conduct.models import AuditEntry, JobRun, NumberSeries
from findings.actions import acceptances, revisits
from findings.models import Finding, Revisit, Route
from findings.moves import revisit as table
from findings.queries import revisits as queries
from findings.queries import waiting
from findings.rules import revisit as rules
from inspections.actions import campaigns, visits
from inspections.models import Campaign
from inspections.queries.tallies import campaigns_run
from people import access
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, signed_in
from tests.factories.findings import Line, again
from tests.factories.revisits import (
    LATER,
    approved,
    arranged,
    looked_again,
    party_of,
    plan_of,
    scheduled,
    set_out,
)
from tests.findings.unseen import differing, read_by
from tests.house import world
from tests.matrix.rows import table_rows

pytestmark = pytest.mark.django_db

S = Revisit.State
TODAY = AT.date()


class TestScheduling:
    def test_closing_sets_a_second_look_thirty_to_ninety_days_later(self, cast: Cast, line: Line) -> None:
        finding = line.closed()

        row = scheduled(finding)

        assert 30 <= (row.on_day - TODAY).days <= 90
        assert (row.occurrence, row.turn, row.keeper, row.closed_by) == (
            1,
            1,
            cast.third_clerk,
            cast.third_clerk,
        )

    def test_the_route_says_between_which_days(self, cast: Cast, line: Line) -> None:
        Route.objects.filter(code="limited").update(revisit_from_days=7, revisit_to_days=8)

        assert (scheduled(line.closed()).on_day - TODAY).days in (7, 8)

    @pytest.mark.parametrize("drawn", range(0, 200, 7))
    def test_the_lot_falls_on_a_working_day_of_the_span(self, drawn: int) -> None:
        book = WorkCalendar(off=frozenset({date(2026, 5, 1)}))

        day = rules.day_of(closed_on=TODAY, first=30, last=90, drawn=drawn, book=book)

        assert 30 <= (day - TODAY).days <= 90 and book.is_working(day)

    def test_a_span_without_a_working_day_is_kept_all_the_same(self) -> None:
        saturday = rules.day_of(closed_on=date(2026, 3, 5), first=2, last=3, drawn=0, book=WorkCalendar())

        assert saturday == date(2026, 3, 7)

    def test_nothing_tells_of_it(self, cast: Cast, line: Line) -> None:
        finding = line.accepted()
        before = NumberSeries.objects.count(), JobRun.objects.count()

        acceptances.close(finding=finding, by=cast.third_clerk, at=AT)

        assert (NumberSeries.objects.count(), JobRun.objects.count()) == before
        assert not AuditEntry.objects.filter(subject_type="findings.revisit").exists()
        assert not Campaign.objects.filter(is_revisit=True).exists()


class TestWhoKnows:
    @pytest.mark.parametrize("who", ["clerk", "second_clerk", "leader", "east_head", "reader", "auditor"])
    def test_before_its_visit_sets_out_only_the_few(self, cast: Cast, line: Line, who: str) -> None:
        row = scheduled(line.closed())

        assert not Revisit.objects.visible_to(getattr(cast, who)).exists()
        assert Revisit.objects.visible_to(cast.third_clerk).get() == row

    def test_the_approver_and_the_leader_of_its_team_know_of_the_plan(self, cast: Cast, line: Line) -> None:
        row = arranged(cast, line.closed())

        assert Revisit.objects.visible_to(cast.leader).get() == row
        assert not Revisit.objects.visible_to(cast.second_clerk).exists()

    def test_once_it_has_set_out_the_office_knows_and_the_unit_does_not(self, cast: Cast, line: Line) -> None:
        row = set_out(cast, line.closed())

        assert Revisit.objects.visible_to(cast.second_clerk).get() == row
        assert not Revisit.objects.visible_to(cast.east_head).exists()

    def test_whose_keeper_has_left_falls_to_the_leader(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())
        cast.third_clerk.posts.update(until=TODAY - timedelta(days=1))

        assert Revisit.objects.visible_to(cast.leader).get() == row

    def test_the_keeper_hands_it_on(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())

        revisits.entrust(revisit=row, to=cast.clerk, by=cast.third_clerk, at=AT)

        assert Revisit.objects.visible_to(cast.clerk).get() == row
        assert not Revisit.objects.visible_to(cast.third_clerk).exists()

    def test_it_is_handed_on_to_somebody_who_can_plan(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="没有拟定检查方案的权限"):
            revisits.entrust(revisit=scheduled(line.closed()), to=cast.leader, by=cast.third_clerk, at=AT)

    def test_the_auditor_reads_of_it_once_it_has_set_out(self, cast: Cast, line: Line) -> None:
        finding = line.closed()
        client, address = signed_in(cast.auditor), reverse("people:audit")
        row = approved(cast, finding)
        sealed = client.get(address).content.decode()

        plan = plan_of(row)
        access.forget_posts(cast.team_leader)
        moment = AT + timedelta(days=(row.on_day - TODAY).days)
        visits.depart(campaign=plan, unit=finding.unit, by=cast.team_leader, at=moment)

        assert "回头看" not in sealed
        assert "安排回头看" in client.get(address).content.decode()


@pytest.mark.drawn
class TestUnseen:
    """Two worlds: the matter closed without a second look, and with one that is kept, arranged and approved."""

    @pytest.mark.parametrize(
        "who", ["east_head", "east_liaison", "clerk", "second_clerk", "reader", "inspector"]
    )
    def test_every_page_is_the_same_with_and_without_it(
        self, monkeypatch: pytest.MonkeyPatch, who: str
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT)
        built = world.build()
        cast, finding = built.cast, Line(built.cast).closed(unit=built.cast.east)
        arguments = built.arguments | {"findings:detail": [finding.pk]}
        row = scheduled(finding)
        Revisit.objects.all().delete()
        user = getattr(cast, who)
        read_by(user, arguments)
        before = read_by(user, arguments)

        row.save(force_insert=True)
        revisits.arrange(revisit=row, party=party_of(cast), by=cast.third_clerk, at=AT)
        campaigns.approve(campaign=plan_of(row), by=cast.leader, at=AT)

        assert differing(before, read_by(user, arguments)) == []
        assert reverse("reports:home") in before

    def test_scheduling_writes_into_no_table_but_its_own(self, cast: Cast, line: Line) -> None:
        finding = line.closed()
        Revisit.objects.all().delete()
        names = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        before = {name: table_rows(name) for name in names}

        revisits.schedule(finding=finding, by=cast.third_clerk, at=AT)

        assert {name for name in names if table_rows(name) != before[name]} == {"findings_revisit"}


class TestArranging:
    def test_it_is_a_covert_plan_for_this_unit_alone(self, cast: Cast, line: Line) -> None:
        finding = line.closed()

        row = arranged(cast, finding)

        plan = plan_of(row)
        assert (plan.method, plan.state, plan.is_revisit) == ("covert", Campaign.State.SUBMITTED, True)
        assert [place.unit for place in plan.units.all()] == [finding.unit]
        assert plan.starts_on == row.on_day
        assert finding.facts in plan.content and finding.requirement in plan.content

    def test_nobody_goes_who_accepted_or_closed(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())
        give_post(cast.fourth_clerk, cast.city, Role.INSPECTOR)

        with pytest.raises(Refused, match="不能参加回头看"):
            party = party_of(cast, members=[cast.team_leader, cast.fourth_clerk])
            revisits.arrange(revisit=row, party=party, by=cast.third_clerk, at=AT)

    def test_nor_anybody_of_the_unit(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())
        give_post(cast.outside_inspector, cast.east, Role.UNIT_LIAISON)

        with pytest.raises(Refused, match="责任单位的人员"):
            revisits.arrange(revisit=row, party=party_of(cast), by=cast.third_clerk, at=AT)

    def test_the_keeper_alone_arranges(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())

        with pytest.raises(Refused, match="由承办人安排"):
            revisits.arrange(revisit=row, party=party_of(cast), by=cast.clerk, at=AT)
        with pytest.raises(Forbidden):
            revisits.arrange(revisit=row, party=party_of(cast), by=cast.inspector, at=AT)

    def test_one_plan_stands_at_a_time(self, cast: Cast, line: Line) -> None:
        row = arranged(cast, line.closed())

        with pytest.raises(Refused, match="不必重复安排"):
            revisits.arrange(revisit=row, party=party_of(cast), by=cast.third_clerk, at=AT)

    def test_a_plan_called_off_makes_room_for_another(self, cast: Cast, line: Line) -> None:
        row = arranged(cast, line.closed())
        campaigns.cancel(campaign=plan_of(row), by=cast.leader, at=AT, reason="改期。")
        row.refresh_from_db()

        revisits.arrange(revisit=row, party=party_of(cast), by=cast.third_clerk, at=AT)

        assert plan_of(row).state == Campaign.State.SUBMITTED

    def test_it_is_no_campaign_of_its_own_in_the_figures(self, cast: Cast, line: Line) -> None:
        row = set_out(cast, line.closed())
        span = {"paths": [cast.city.path], "first": row.on_day, "last": row.on_day}

        assert campaigns_run(**span).number == 0

    def test_it_waits_on_the_keepers_desk_shortly_before_its_day(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())

        def waits(days: int) -> bool:
            return row in queries.kept_by(cast.third_clerk, today=row.on_day - timedelta(days=days))

        assert (waits(14), waits(15)) == (True, False)


class TestOutcome:
    @pytest.mark.parametrize(
        ("outcome", "state"), [(revisits.hold, S.HOLDS), (revisits.leave_open, S.INCONCLUSIVE)]
    )
    def test_what_has_lasted_and_what_cannot_be_told_leave_the_finding_closed(
        self, cast: Cast, line: Line, outcome, state: str
    ) -> None:
        row = looked_again(cast, line.closed())

        outcome(revisit=row, by=cast.second_clerk, at=LATER, reason="现场查看。")

        row.refresh_from_db()
        assert (row.state, row.decided_by, row.opinion) == (state, cast.second_clerk, "现场查看。")
        assert row.visit == plan_of(row).visits.get()
        assert again(row.finding).state == Finding.State.CLOSED

    def test_what_cannot_be_told_is_looked_at_again(self, cast: Cast, line: Line) -> None:
        row = looked_again(cast, line.closed())

        new = revisits.leave_open(revisit=row, by=cast.second_clerk, at=LATER, reason="大厅停电。")

        assert (new.turn, new.occurrence, new.state, new.keeper) == (2, 1, S.SCHEDULED, cast.third_clerk)
        assert 30 <= (new.on_day - LATER.date()).days <= 90

    def test_the_record_must_be_filed_away(self, cast: Cast, line: Line) -> None:
        row = set_out(cast, line.closed())

        with pytest.raises(Refused, match="还没有归档"):
            revisits.hold(revisit=row, by=cast.second_clerk, at=LATER, reason="现场查看。")

    @pytest.mark.parametrize("outcome", [revisits.hold, revisits.leave_open, revisits.relapse])
    def test_an_outcome_says_why_and_is_given_once(self, cast: Cast, line: Line, outcome) -> None:
        row = looked_again(cast, line.closed())

        with pytest.raises(Refused, match="须写明理由"):
            outcome(revisit=row, by=cast.second_clerk, at=LATER, reason=" ")
        row = Revisit.objects.select_related("finding__unit").get(pk=row.pk)
        revisits.hold(revisit=row, by=cast.second_clerk, at=LATER, reason="现场查看。")
        with pytest.raises(NotFromHere):
            outcome(revisit=row, by=cast.second_clerk, at=LATER, reason="现场查看。")

    @pytest.mark.parametrize("who", ["inspector", "east_head", "reader"])
    def test_the_office_gives_it(self, cast: Cast, line: Line, who: str) -> None:
        row = looked_again(cast, line.closed())

        with pytest.raises(Forbidden):
            revisits.relapse(revisit=row, by=getattr(cast, who), at=LATER, reason="现场查看。")

    @pytest.mark.parametrize("move", table.TABLE, ids=lambda move: str(move.name))
    def test_a_second_look_moves_only_from_its_own_step(self, cast: Cast, line: Line, move) -> None:
        row = looked_again(cast, line.closed())
        revisits.hold(revisit=row, by=cast.second_clerk, at=LATER, reason="现场查看。")

        with pytest.raises(NotFromHere):
            moves.carry_out(row, move, by=cast.clerk, at=LATER, reason="再来一次")

    def test_it_waits_for_those_who_may_judge(self, cast: Cast, line: Line) -> None:
        row = looked_again(cast, line.closed())

        judges = {
            name
            for name in ("clerk", "second_clerk", "third_clerk", "fourth_clerk", "leader", "inspector")
            if row in queries.to_judge(getattr(cast, name))
        }

        assert judges == {"clerk", "second_clerk", "leader"}
        verbs = {item.verb for item in waiting.for_user(cast.second_clerk)}
        assert "认定回头看结果" in verbs

    def test_a_plan_and_a_judge_are_held_by_the_database(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())

        for columns in ({"state": "arranged"}, {"state": "holds", "campaign": looked(cast, line)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Revisit.objects.filter(pk=row.pk).update(**columns)


def looked(cast: Cast, line: Line) -> Campaign:
    return plan_of(arranged(cast, line.closed()))
