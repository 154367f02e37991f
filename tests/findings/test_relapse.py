"""What has not lasted: the same finding is open again, and the pages the keeper sees of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import clock
from findings.actions import acceptances, rectifications, reviews, revisits
from findings.models import Finding, Revisit, Route
from findings.queries import parties, recount, tallies, worklist
from inspections.models import Cause, Observation
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line, again, full_texts, outcome, report_of, upload
from tests.factories.inspections import seen_playing
from tests.factories.revisits import (
    LATER,
    looked_again,
    scheduled,
)

pytestmark = pytest.mark.django_db

S = Revisit.State
TODAY = AT.date()


class TestRelapse:
    def relapsed(self, cast: Cast, line: Line) -> Finding:
        row = looked_again(cast, line.closed())
        return again(revisits.relapse(revisit=row, by=cast.second_clerk, at=LATER, reason="窗口又无人值守。"))

    def test_the_same_finding_is_open_again_and_weighs_double(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)

        assert (finding.state, finding.occurrence, finding.factor) == (Finding.State.RECTIFYING, 2, 2)
        assert (finding.closed_at, finding.closed_on, finding.closed_by, finding.days_to_close) == (None,) * 4
        assert finding.reopened_at == LATER
        assert Finding.objects.count() == 1

    def test_its_new_term_is_that_of_its_route(self, cast: Cast, line: Line) -> None:
        Route.objects.filter(code="limited").update(working_days=5)

        finding = self.relapsed(cast, line)

        assert LATER.date() + timedelta(days=5) <= finding.due_on <= LATER.date() + timedelta(days=9)

    def test_the_unit_writes_a_new_report_and_keeps_the_old_one(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)

        rounds = list(finding.rectifications.order_by("round").values_list("round", "state", "measures"))
        assert [row[:2] for row in rounds] == [(1, "passed"), (2, "draft")]
        assert rounds[0][2] and not rounds[1][2]

    def test_the_second_time_is_closed_and_looked_at_again(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)
        report, by = report_of(finding), cast.east_head
        rectifications.draft(
            finding=finding,
            texts=full_texts(),
            causes=list(Cause.objects.order_by("pk")[:1]),
            outcome=outcome(),
            expected=report.version,
            by=by,
            at=LATER,
        )
        rectifications.attach(rectification=report, upload=upload(), by=by, at=LATER)
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=LATER)
        reviews.pass_on(finding=again(finding), by=cast.second_clerk, at=LATER, reason="报告完整。")
        for person in (cast.third_clerk, cast.fourth_clerk):
            acceptances.accept(finding=again(finding), by=person, at=LATER, opinion="到位。")
        closed = acceptances.close(finding=again(finding), by=cast.third_clerk, at=LATER)

        assert (again(closed).state, again(closed).occurrence, again(closed).factor) == ("closed", 2, 2)
        assert scheduled(closed).occurrence == 2

    def test_the_team_of_the_second_look_found_it_and_does_not_judge_it(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)

        assert cast.outside_inspector.pk in parties.finder_ids(finding)
        assert finding.observations.count() == 2

    def test_what_else_was_seen_waits_for_triage(self, cast: Cast, line: Line) -> None:
        row = looked_again(cast, line.closed(), seen_playing())
        revisits.relapse(revisit=row, by=cast.second_clerk, at=LATER, reason="窗口又无人值守。")

        other = Observation.objects.get(visit__campaign__is_revisit=True)
        assert list(worklist.for_user(cast.clerk)) == [other]

    def test_the_figures_count_it_as_handed_over_once_and_open(self, cast: Cast, line: Line) -> None:
        def counted() -> tuple[int, int, int, int]:
            found = tallies.overview(
                paths=[cast.city.path],
                first=date(2026, 1, 1),
                last=date(2026, 12, 31),
                today=LATER.date(),
                soon=LATER.date(),
            )
            turned = found.turned_over
            return turned.issued, turned.issued_closed, turned.closed, found.on_desks.open

        row = looked_again(cast, line.closed())
        before = counted()
        revisits.relapse(revisit=row, by=cast.second_clerk, at=LATER, reason="窗口又无人值守。")

        assert (before, counted()) == ((1, 1, 1, 0), (1, 0, 0, 1))
        assert recount.check(at=LATER, on_step=lambda done, total: None).fault == ""

    def test_the_unit_is_told_that_it_is_back_and_why(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)

        page = signed_in(cast.east_head).get(reverse("findings:detail", args=[finding.pk])).content.decode()

        assert "窗口又无人值守。" in page and "第 2 次" in page

    def test_what_the_unit_has_read_of_the_first_time_stays_readable(self, cast: Cast, line: Line) -> None:
        finding = self.relapsed(cast, line)

        page = signed_in(cast.east_head).get(reverse("findings:detail", args=[finding.pk])).content.decode()

        assert "现场查看，已整改到位。" in page

    @pytest.mark.parametrize(
        "columns", [{"occurrence": 2}, {"factor": 2}, {"occurrence": 2, "factor": 1, "reopened_at": AT}]
    )
    def test_occurrence_and_factor_go_together(
        self, cast: Cast, line: Line, columns: dict[str, object]
    ) -> None:
        finding = line.new()

        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(**columns)


class TestPages:
    @pytest.fixture(autouse=True)
    def later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: LATER)

    def test_the_keeper_arranges_it_on_its_page(self, cast: Cast, line: Line, monkeypatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT)
        row = scheduled(line.closed())
        client = signed_in(cast.third_clerk)
        shown = client.get(reverse("findings:detail", args=[row.finding_id])).content.decode()

        answer = client.post(
            reverse("findings:revisit_move", args=[row.pk, "arrange"]),
            {
                "approver": cast.leader.pk,
                "members": [cast.team_leader.pk, cast.outside_inspector.pk],
                "leader": cast.team_leader.pk,
            },
        )

        assert reverse("findings:revisit", args=[row.pk]) in shown
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.state == S.ARRANGED

    def test_a_party_that_cannot_go_is_refused_in_words(self, cast: Cast, line: Line, monkeypatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: AT)
        row = scheduled(line.closed())

        answer = signed_in(cast.third_clerk).post(
            reverse("findings:revisit_move", args=[row.pk, "arrange"]),
            {"approver": cast.leader.pk, "members": [cast.team_leader.pk], "leader": cast.team_leader.pk},
        )

        assert answer.status_code == 422 and "至少2名" in answer.content.decode()

    def test_the_office_judges_on_its_page(self, cast: Cast, line: Line) -> None:
        row = looked_again(cast, line.closed())

        answer = signed_in(cast.second_clerk).post(
            reverse("findings:revisit_move", args=[row.pk, "relapse"]), {"reason": "窗口又无人值守。"}
        )

        assert answer.status_code == 302
        assert again(row.finding).occurrence == 2

    def test_whoever_accepted_reads_why_they_do_not_judge(self, cast: Cast, line: Line) -> None:
        row = looked_again(cast, line.closed())

        page = signed_in(cast.fourth_clerk).get(reverse("findings:revisit", args=[row.pk])).content.decode()

        assert "您参加过这个问题的验收" in page and "认定整改巩固" not in page

    @pytest.mark.parametrize("who", ["clerk", "leader"])
    def test_who_need_not_know_finds_no_such_page(self, cast: Cast, line: Line, who: str) -> None:
        row = scheduled(line.closed())
        client = signed_in(getattr(cast, who))

        answers = [
            client.get(reverse("findings:revisit", args=[row.pk])),
            client.post(reverse("findings:revisit_move", args=[row.pk, "holds"]), {"reason": "x"}),
        ]

        assert [answer.status_code for answer in answers] == [404, 404]

    def test_my_work_tells_the_keeper_alone(self, cast: Cast, line: Line) -> None:
        row = scheduled(line.closed())
        Revisit.objects.filter(pk=row.pk).update(on_day=LATER.date())

        told = {
            name
            for name in ("third_clerk", "clerk", "leader", "east_head")
            if "安排回头看" in signed_in(getattr(cast, name)).get(reverse("reports:home")).content.decode()
        }

        assert told == {"third_clerk"}
