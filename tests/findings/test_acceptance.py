"""What a verdict on the result rests on: who looked, when, at what; and what a verdict in part leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct.errors import Refused
from findings.actions import acceptances, rectifications, reviews, routes
from findings.actions.acceptances import Pair
from findings.models import Acceptance, Finding, PhotoPair, Rectification, Route
from inspections.models import Evidence
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line, add_evidence, again, report_of, upload

pytestmark = pytest.mark.django_db

S = Finding.State
TODAY = AT.date()


def on_site(finding: Finding) -> Finding:
    """The way of putting right asks for a look on the spot."""
    Route.objects.filter(pk=finding.route_id).update(on_site=True)
    return again(finding)


def evidence_of(cast: Cast, finding: Finding) -> Evidence:
    return add_evidence(cast, finding.observations.get())


def pair(cast: Cast, finding: Finding, before: Evidence | None = None) -> Pair:
    """The evidence beside the photo the unit handed in."""
    return Pair(
        before or evidence_of(cast, finding), after=report_of(finding).files.get(), caption="三号窗口"
    )


class TestOnSite:
    def test_where_the_route_asks_for_it_a_verdict_names_the_day(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())

        with pytest.raises(Refused, match="须到现场验收"):
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")

        assert not Acceptance.objects.exists()

    def test_with_the_day_it_is_given(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())

        given = acceptances.accept(
            finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", seen_on=TODAY
        )

        assert given.seen_on == TODAY

    def test_elsewhere_the_papers_are_enough(self, cast: Cast, line: Line) -> None:
        given = acceptances.accept(finding=line.awaiting(), by=cast.third_clerk, at=AT, opinion="到位。")

        assert given.seen_on is None

    def test_the_result_is_refused_on_the_papers_alone(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())

        acceptances.refuse(finding=finding, by=cast.third_clerk, at=AT, opinion="材料显示没有整改。")

        assert again(finding).state == S.RECTIFYING

    @pytest.mark.parametrize(("days", "words"), [(1, "不能晚于今天"), (-1, "早于单位提交整改报告")])
    def test_the_day_lies_between_report_and_today(
        self, cast: Cast, line: Line, days: int, words: str
    ) -> None:
        finding, day = line.awaiting(), TODAY + timedelta(days=days)

        with pytest.raises(Refused, match=words):
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", seen_on=day)

    def test_the_most_lasting_way_is_shipped_asking_for_it(self) -> None:
        assert dict(Route.objects.values_list("code", "on_site")) == {
            "immediate": False,
            "limited": False,
            "complex": True,
        }


class TestPairs:
    def test_on_the_spot_photos_stand_side_by_side(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())
        evidence_of(cast, finding)

        with pytest.raises(Refused, match="对比照片"):
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", seen_on=TODAY)

    def test_a_pair_is_a_photo_of_the_visit_and_one_handed_in(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())
        put = pair(cast, finding)

        given = acceptances.accept(
            finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", seen_on=TODAY, pairs=[put]
        )

        row = PhotoPair.objects.get(acceptance=given)
        assert (row.before, row.after, row.caption) == (
            put.before,
            report_of(finding).files.get().file,
            "三号窗口",
        )

    def test_or_one_the_accepter_took(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        put = Pair(evidence_of(cast, finding), taken=upload("现在.jpg"))

        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[put])

        assert PhotoPair.objects.get().after.original_name == "现在.jpg"

    def test_what_the_first_accepter_put_side_by_side_serves_the_second(self, cast: Cast, line: Line) -> None:
        finding = on_site(line.awaiting())
        first = {"opinion": "到位。", "seen_on": TODAY, "pairs": [pair(cast, finding)]}
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, **first)

        acceptances.accept(finding=finding, by=cast.fourth_clerk, at=AT, opinion="到位。", seen_on=TODAY)

        assert Acceptance.objects.count() == 2

    def test_photos_of_another_matter_are_no_pair(self, cast: Cast, line: Line) -> None:
        finding, other = line.awaiting(), line.awaiting()

        with pytest.raises(Refused, match="不属于这个问题"):
            put = pair(cast, finding, evidence_of(cast, other))
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[put])
        with pytest.raises(Refused, match="不属于这次整改报告"):
            put = Pair(evidence_of(cast, finding), after=report_of(other).files.get())
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[put])

    def test_half_a_pair_and_one_put_twice_are_none(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        put = pair(cast, finding)

        with pytest.raises(Refused, match="缺少整改后的一张"):
            half = Pair(put.before)
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[half])
        with pytest.raises(Refused, match="选了两次"):
            acceptances.accept(
                finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[put, put]
            )

    def test_the_unit_sees_a_pair_with_the_verdict_it_belongs_to(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        put = pair(cast, finding)
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。", pairs=[put])
        head, place = signed_in(cast.east_head), [finding.pk, PhotoPair.objects.get().pk]
        address = reverse("findings:pair_photo", args=place)

        before = head.get(address).status_code
        acceptances.accept(finding=again(finding), by=cast.fourth_clerk, at=AT, opinion="到位。")
        acceptances.close(finding=again(finding), by=cast.third_clerk, at=AT)

        assert (before, head.get(address).status_code) == (404, 200)
        assert "photo-pair" in head.get(reverse("findings:detail", args=[finding.pk])).content.decode()


class TestPartly:
    def partly(self, cast: Cast, finding: Finding) -> Rectification:
        return acceptances.accept_partly(
            finding=finding,
            by=cast.third_clerk,
            at=AT,
            opinion="窗口已补人。",
            left_over="午休值守还没有安排。",
        )

    def test_what_is_left_goes_back_to_the_unit(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()

        new = self.partly(cast, finding)

        assert again(finding).state == S.RECTIFYING
        assert (new.round, new.state) == (2, Rectification.State.DRAFT)
        given = Acceptance.objects.get()
        assert (given.verdict, given.left_over) == (Acceptance.Verdict.PARTLY, "午休值守还没有安排。")

    def test_the_unit_is_told_at_once_what_is_left(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        self.partly(cast, finding)

        page = signed_in(cast.east_head).get(reverse("findings:detail", args=[finding.pk])).content.decode()

        assert "午休值守还没有安排。" in page

    def test_it_says_what_is_left(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="须写明还有哪些"):
            acceptances.accept_partly(
                finding=line.awaiting(), by=cast.third_clerk, at=AT, opinion="到位。", left_over=" "
            )

    def test_where_something_is_left_nothing_is_accepted_whole(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="请改选“部分通过”"):
            acceptances.accept(
                finding=line.awaiting(), by=cast.third_clerk, at=AT, opinion="到位。", left_over="还差一项。"
            )

    def test_the_next_round_is_judged_by_two_again(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.accept(finding=finding, by=cast.fourth_clerk, at=AT, opinion="到位。")
        self.partly(cast, again(finding))
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
        reviews.pass_on(finding=again(finding), by=cast.second_clerk, at=AT, reason="已补。")

        with pytest.raises(Refused, match="现有 0 位"):
            acceptances.close(finding=again(finding), by=cast.third_clerk, at=AT)

    @pytest.mark.parametrize(("verdict", "left_over"), [("partly", ""), ("accept", "还差一项。")])
    def test_the_database_holds_both_together(
        self, cast: Cast, line: Line, verdict: str, left_over: str
    ) -> None:
        finding = line.awaiting()

        with pytest.raises(IntegrityError), transaction.atomic():
            Acceptance.objects.create(
                finding=finding,
                round=1,
                by=cast.clerk,
                at=AT,
                verdict=verdict,
                opinion="见现场。",
                left_over=left_over,
            )


class TestPage:
    def send(self, cast: Cast, finding: Finding, **typed: object) -> int:
        address = reverse("findings:accept", args=[finding.pk])
        posted = {"reason": "见现场。", "seen_on": "", "left_over": "", **typed}
        return signed_in(cast.third_clerk).post(address, posted).status_code

    @pytest.fixture(autouse=True)
    def morning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from conduct import clock

        monkeypatch.setattr(clock, "now", lambda: AT)

    def test_a_pair_is_put_together_on_the_page(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        typed = {
            "verdict": "accept",
            "pair-0-before": str(evidence_of(cast, finding).pk),
            "pair-0-photos": upload("现在.jpg"),
            "pair-0-caption": "三号窗口",
        }

        assert self.send(cast, finding, **typed) == 302
        assert PhotoPair.objects.get().caption == "三号窗口"

    @pytest.mark.parametrize(
        "half",
        [{"pair-0-after": "x"}, {"pair-0-photos": "new"}, {"pair-1-before": "some"}, {"pair-0-before": "\0"}],
    )
    def test_half_a_pair_is_refused_in_words_and_nothing_is_lost(
        self, cast: Cast, line: Line, half: dict[str, str]
    ) -> None:
        finding = line.awaiting()
        before = str(evidence_of(cast, finding).pk)
        sent = {key: {"new": upload(), "some": before}.get(value, value) for key, value in half.items()}

        answer = signed_in(cast.third_clerk).post(
            reverse("findings:accept", args=[finding.pk]), {"reason": "看过三号窗口。", **sent}
        )

        assert answer.status_code == 422
        assert "看过三号窗口。" in answer.content.decode()
        assert again(finding).state == S.AWAITING_ACCEPTANCE and not Acceptance.objects.exists()

    def test_partly_is_a_button_of_its_own(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()

        assert self.send(cast, finding, verdict="partly", left_over="午休值守。") == 302
        assert again(finding).state == S.RECTIFYING

    def test_the_office_says_which_route_is_accepted_on_the_spot(self, cast: Cast) -> None:
        typed = {
            "code": "limited",
            "part": "acceptance",
            "on_site": "on",
            "revisit_from_days": "45",
            "revisit_to_days": "60",
        }

        signed_in(cast.clerk).post(reverse("findings:routes"), typed)

        row = Route.objects.get(code="limited")
        assert (row.on_site, row.revisit_from_days, row.revisit_to_days) == (True, 45, 60)

    @pytest.mark.parametrize(("first", "last"), [(60, 30), (0, 30), (30, 366)])
    def test_days_out_of_order_are_refused(self, cast: Cast, first: int, last: int) -> None:
        with pytest.raises(Refused, match="回头看的天数"):
            routes.change_acceptance(
                route=Route.objects.get(code="limited"),
                on_site=False,
                revisit_from_days=first,
                revisit_to_days=last,
                by=cast.clerk,
                at=AT,
            )
