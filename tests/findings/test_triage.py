"""What the office makes of what was seen: raising, setting aside, merging, splitting, hearing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from findings.actions import findings, observations, routes, shaping, statements
from findings.models import Finding, Route, UnitStatement
from findings.queries import worklist
from inspections.models import Observation, Visit
from tests.factories.cast import AT, Cast
from tests.factories.findings import (
    VISITED,
    Line,
    add_evidence,
    again,
    category,
    make_visit,
    observe,
    particulars,
)
from tests.factories.findings import routes as shipped_routes

pytestmark = pytest.mark.django_db

S = Finding.State
Means = UnitStatement.Means


class TestWorklist:
    def test_a_problem_of_a_locked_visit_waits(self, cast: Cast) -> None:
        seen = observe(cast)

        assert list(worklist.for_user(cast.clerk)) == [seen]

    def test_a_visit_not_locked_does_not_show(self, cast: Cast) -> None:
        seen = observe(cast)
        Visit.objects.filter(pk=seen.visit_id).update(state=Visit.State.REVIEWED)

        assert not worklist.for_user(cast.clerk).exists()

    def test_a_visit_of_the_past_does_not_show(self, cast: Cast) -> None:
        seen = observe(cast)
        Visit.objects.filter(pk=seen.visit_id).update(is_historical=True)

        assert not worklist.for_user(cast.clerk).exists()

    def test_a_good_practice_does_not_show(self, cast: Cast) -> None:
        observe(cast, kind=Observation.Kind.GOOD)

        assert not worklist.for_user(cast.clerk).exists()

    def test_what_became_a_finding_is_gone(self, cast: Cast, line: Line) -> None:
        line.new()

        assert not worklist.for_user(cast.clerk).exists()

    def test_what_was_set_aside_is_gone(self, cast: Cast) -> None:
        seen = observe(cast)

        observations.set_aside(observations=[seen], by=cast.clerk, at=AT, reason="系误会。")

        assert not worklist.for_user(cast.clerk).exists()

    def test_setting_aside_needs_a_reason(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="须写明理由"):
            observations.set_aside(observations=[observe(cast)], by=cast.clerk, at=AT, reason=" ")

    def test_setting_aside_needs_something(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="至少选择一条"):
            observations.set_aside(observations=[], by=cast.clerk, at=AT, reason="系误会。")

    def test_what_was_dealt_with_is_not_set_aside(self, cast: Cast, line: Line) -> None:
        seen = line.new().observations.get()

        with pytest.raises(Refused, match="已经列为问题或已注明不列入"):
            observations.set_aside(observations=[seen], by=cast.clerk, at=AT, reason="系误会。")

    def test_a_unit_has_no_worklist(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            observations.set_aside(observations=[observe(cast)], by=cast.east_head, at=AT, reason="系误会。")


class TestRaising:
    def test_the_month_is_that_of_the_earliest_visit(self, cast: Cast) -> None:
        early, late = observe(cast), observe(cast)
        Visit.objects.filter(pk=late.visit_id).update(visited_on=date(2026, 3, 1))

        finding = findings.raise_from(
            observations=[late, early], particulars=particulars(), by=cast.clerk, at=AT
        )

        assert (finding.visited_on, finding.month) == (VISITED, date(2026, 2, 1))

    def test_the_top_category_is_kept_for_figures(self, line: Line) -> None:
        assert line.new(category=category("D1-01")).top == "D"

    def test_two_units_are_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="不能合并为一个问题"):
            findings.raise_from(
                observations=[observe(cast), observe(cast, unit=cast.west)],
                particulars=particulars(),
                by=cast.clerk,
                at=AT,
            )

    def test_nothing_chosen_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="至少选择一条现场记录"):
            findings.raise_from(observations=[], particulars=particulars(), by=cast.clerk, at=AT)

    def test_an_observation_is_taken_up_once(self, cast: Cast, line: Line) -> None:
        seen = line.new().observations.get()

        with pytest.raises(Refused, match="有 1 条已经列为问题"):
            findings.raise_from(observations=[seen], particulars=particulars(), by=cast.clerk, at=AT)

    def test_an_inspector_does_not_raise(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            findings.raise_from(
                observations=[observe(cast)], particulars=particulars(), by=cast.inspector, at=AT
            )


class TestAmending:
    def test_the_second_saver_is_told(self, cast: Cast, line: Line) -> None:
        finding = line.new()
        seen, stale = finding.version, again(finding)
        findings.amend(
            finding=finding, particulars=particulars(title="先改的"), expected=seen, by=cast.clerk, at=AT
        )

        with pytest.raises(MovedMeanwhile, match="被别人改过"):
            findings.amend(
                finding=stale, particulars=particulars(title="后改的"), expected=seen, by=cast.clerk, at=AT
            )

        assert again(finding).title == "先改的"

    def test_after_the_verdict_nothing_is_amended(self, cast: Cast, line: Line) -> None:
        finding = line.confirmed()

        with pytest.raises(NotFromHere, match="认定之后不能再修改"):
            findings.amend(
                finding=finding, particulars=particulars(), expected=finding.version, by=cast.clerk, at=AT
            )


class TestMerging:
    def test_the_first_stays_and_carries_what_both_rested_on(self, cast: Cast, line: Line) -> None:
        first, second = line.new(), line.new()

        shaping.merge(into=first, others=[second], particulars=particulars(count=2), by=cast.clerk, at=AT)

        assert again(first).observations.count() == 2
        assert (again(second).state, again(second).merged_into) == (S.MERGED, first)

    def test_those_who_raised_either_are_finders_of_the_one(self, cast: Cast, line: Line) -> None:
        from findings.queries import parties

        first = line.new()
        second = findings.raise_from(
            observations=[observe(cast)], particulars=particulars(), by=cast.second_clerk, at=AT
        )

        shaping.merge(into=first, others=[second], particulars=particulars(), by=cast.third_clerk, at=AT)

        finders = parties.finder_ids(again(first))
        assert {cast.clerk.pk, cast.second_clerk.pk, cast.inspector.pk, cast.team_leader.pk} <= finders
        assert cast.third_clerk.pk not in finders

    def test_two_units_are_refused(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="属于不同单位，不能合并"):
            shaping.merge(
                into=line.new(),
                others=[line.new(unit=cast.west)],
                particulars=particulars(),
                by=cast.clerk,
                at=AT,
            )

    def test_two_steps_are_refused(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="办理到了不同环节"):
            shaping.merge(
                into=line.new(), others=[line.verifying()], particulars=particulars(), by=cast.clerk, at=AT
            )

    def test_after_the_notice_nothing_is_merged(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="整改通知书发出后的问题不能合并"):
            shaping.merge(
                into=line.assigned(), others=[line.new()], particulars=particulars(), by=cast.clerk, at=AT
            )

    def test_heard_and_unheard_are_not_merged(self, cast: Cast, line: Line) -> None:
        first, second = line.verifying(), line.verifying()
        line.hear(first)

        with pytest.raises(Refused, match="有的已请单位陈述，有的没有"):
            shaping.merge(into=first, others=[second], particulars=particulars(), by=cast.clerk, at=AT)

    def test_asked_and_answered_are_not_merged(self, cast: Cast, line: Line) -> None:
        first, second = (statements.ask(finding=line.verifying(), by=cast.clerk, at=AT) for _ in range(2))
        line.hear(first)

        with pytest.raises(Refused, match="请先补齐陈述"):
            shaping.merge(into=first, others=[second], particulars=particulars(), by=cast.clerk, at=AT)

    def test_after_the_verdict_no_merging_names_a_person_nobody_heard(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="须先听取单位陈述"):
            shaping.merge(
                into=line.confirmed(),
                others=[line.confirmed()],
                particulars=particulars(names_person=True),
                by=cast.clerk,
                at=AT,
            )

    def test_one_alone_is_not_merged(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="至少选择两个问题"):
            shaping.merge(into=line.new(), others=[], particulars=particulars(), by=cast.clerk, at=AT)

    def test_what_was_merged_says_where(self, line: Line) -> None:
        finding = line.new()

        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(state=S.MERGED)


class TestSplitting:
    def split(self, cast: Cast, finding: Finding, seen: list[Observation]) -> Finding:
        return shaping.split(
            finding=finding,
            observations=seen,
            kept=particulars(title="留下的"),
            parted=particulars(title="分出的"),
            expected=finding.version,
            by=cast.second_clerk,
            at=AT,
        )

    def two(self, cast: Cast) -> tuple[Finding, Observation, Observation]:
        visit = make_visit(cast)
        first, second = observe(cast, visit=visit), observe(cast, visit=visit)
        finding = findings.raise_from(
            observations=[first, second], particulars=particulars(), by=cast.clerk, at=AT
        )
        return finding, first, second

    def test_the_chosen_observations_go_over(self, cast: Cast) -> None:
        finding, first, second = self.two(cast)

        new = self.split(cast, finding, [second])

        assert list(finding.observations.all()) == [first]
        assert list(new.observations.all()) == [second]
        assert (again(finding).title, new.title) == ("留下的", "分出的")

    def test_one_observation_may_carry_two_findings(self, cast: Cast, line: Line) -> None:
        finding = line.new()

        new = self.split(cast, finding, [])

        assert list(new.observations.all()) == list(finding.observations.all())

    def test_whoever_raised_the_first_is_a_finder_of_the_second(self, cast: Cast, line: Line) -> None:
        assert self.split(cast, line.new(), []).raised_by == cast.clerk

    def test_the_new_one_starts_where_the_first_stands(self, cast: Cast, line: Line) -> None:
        assert self.split(cast, line.verifying(), []).state == S.VERIFYING

    def test_something_must_go_over(self, cast: Cast) -> None:
        finding, *_ = self.two(cast)

        with pytest.raises(Refused, match="请选择归入新问题的现场记录"):
            self.split(cast, finding, [])

    def test_something_must_stay(self, cast: Cast) -> None:
        finding, first, second = self.two(cast)

        with pytest.raises(Refused, match="至少要保留一条"):
            self.split(cast, finding, [first, second])

    def test_after_the_verdict_nothing_is_split(self, cast: Cast, line: Line) -> None:
        with pytest.raises(NotFromHere, match="认定之后不能再拆分"):
            self.split(cast, line.confirmed(), [])


class TestRoutes:
    @pytest.mark.parametrize("days", [0, 251])
    def test_the_days_have_bounds(self, cast: Cast, days: int) -> None:
        route = shipped_routes()["limited"]

        with pytest.raises(Refused, match="1 至 250"):
            routes.change_days(route=route, working_days=days, by=cast.clerk, at=AT)

    def test_changed_days_survive_a_second_shipping(self, cast: Cast) -> None:
        routes.change_days(route=shipped_routes()["limited"], working_days=20, by=cast.clerk, at=AT)

        assert Route.objects.get(code="limited").working_days == 20
        assert shipped_routes()["limited"].working_days == 20

    def test_a_unit_changes_no_days(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            routes.change_days(route=shipped_routes()["limited"], working_days=20, by=cast.east_head, at=AT)


def test_evidence_of_the_finding_goes_into_the_notice(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    kept = add_evidence(cast, finding.observations.get())

    notice = line.issue(finding)

    photos = notice.paper.facts["content"]["findings"][0]["photos"]
    assert [photo["sha256"] for photo in photos] == [kept.file.shown_sha256]
