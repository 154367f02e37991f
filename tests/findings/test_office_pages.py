"""The office's pages: what is refused comes back with all that was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from findings.models import Finding, Notice, Route, SetAside
from tests.factories.cast import Cast
from tests.factories.findings import (
    Line,
    observe,
)
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db


class TestForTheOffice:
    def test_what_was_ticked_becomes_one_finding(self, cast: Cast) -> None:
        first = observe(cast, persons=1)
        second = observe(cast, persons=2)
        form = text_of(post(cast.clerk, "raise", observation=[first.pk, second.pk]))

        response = post(
            cast.clerk,
            "raise",
            observation=[first.pk, second.pk],
            title="窗口无人在岗",
            facts="两次检查均无人在岗。",
            category="B1-01",
            persons=3,
            count=2,
        )

        assert 'value="3"' in form
        assert response.status_code == 302
        finding = Finding.objects.get()
        assert (finding.observations.count(), finding.persons, finding.count) == (2, 3, 2)

    def test_observations_of_two_units_are_refused_with_all_typed_text_kept(self, cast: Cast) -> None:
        first, second = observe(cast), observe(cast, unit=cast.west)

        response = post(
            cast.clerk,
            "raise",
            observation=[first.pk, second.pk],
            title="窗口无人在岗",
            facts="两个单位的事实。",
            category="B1-01",
        )

        assert response.status_code == 422
        assert "属于不同单位，不能合并" in text_of(response)
        assert "两个单位的事实。" in text_of(response)

    def test_an_observation_is_set_aside_with_its_reason(self, cast: Cast) -> None:
        seen = observe(cast)

        post(cast.clerk, "set_aside", observation=[seen.pk], reason="当场已查明系误会。")

        assert SetAside.objects.get(observation=seen).reason == "当场已查明系误会。"
        assert "没有等待研判的现场记录" in text_of(get(cast.clerk, "worklist"))

    def test_a_missing_reason_keeps_what_was_ticked(self, cast: Cast) -> None:
        seen = observe(cast)

        response = post(cast.clerk, "set_aside", observation=[seen.pk], reason="")

        assert response.status_code == 422
        assert f'value="{seen.pk}" id="o{seen.pk}" checked' in text_of(response)

    def test_a_verdict_without_reason_comes_back(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()

        assert post(cast.clerk, "move", finding.pk, "confirm", reason="").status_code == 422

    def test_a_refused_verdict_keeps_the_typed_reason(self, cast: Cast, line: Line) -> None:
        finding = line.verifying(names_person=True)

        response = post(cast.clerk, "move", finding.pk, "confirm", reason="证据充分。")

        assert response.status_code == 422
        assert "须先听取单位陈述" in text_of(response)
        assert "证据充分。" in text_of(response)

    def test_a_step_decided_on_an_old_page_is_not_taken(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()

        response = post(
            cast.clerk, "move", finding.pk, "confirm", reason="属实。", version=finding.version - 1
        )

        assert response.status_code == 409
        assert "刚被别人办理过" in text_of(response)

    def test_an_unknown_move_does_not_exist(self, cast: Cast, line: Line) -> None:
        assert post(cast.clerk, "move", line.new().pk, "explode").status_code == 404

    def test_triage_told_of_a_change_shows_both_versions(self, cast: Cast, line: Line) -> None:
        finding = line.new()
        typed = {"facts": "甲写的事实", "title": "标题", "category": "B1-01", "version": finding.version}
        post(cast.clerk, "triage", finding.pk, **typed)

        response = post(cast.second_clerk, "triage", finding.pk, **{**typed, "facts": "乙写的事实"})

        page = text_of(response)
        assert response.status_code == 409
        assert "甲写的事实" in page
        assert "乙写的事实" in page
        assert Finding.objects.get().facts == "甲写的事实"

    def test_a_notice_is_issued_for_two_findings(self, cast: Cast, line: Line) -> None:
        first, second = line.confirmed(), line.confirmed()
        typed = {"contact": "督查一科 0000-1234567", "finding": [first.pk, second.pk]}
        for row in (first, second):
            typed |= {f"d{row.pk}-route": "immediate", f"d{row.pk}-requirement": "立即整改。"}

        response = post(cast.clerk, "notice_issue", **typed)

        notice = Notice.objects.get()
        assert response["Location"] == reverse("findings:notice_detail", args=[notice.pk])
        assert notice.findings.count() == 2

    def test_a_notice_without_requirement_comes_back(self, cast: Cast, line: Line) -> None:
        finding = line.confirmed()

        response = post(cast.clerk, "notice_issue", finding=[finding.pk], contact="督查一科")

        assert response.status_code == 422
        assert not Notice.objects.exists()

    def test_a_finder_is_told_who_reviews(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()

        response = post(cast.clerk, "review", finding.pk, verdict="pass", reason="报告完整。")

        assert response.status_code == 422
        assert "请由督查办其他经办审核" in text_of(response)
        assert "报告完整。" in text_of(response)

    @pytest.mark.parametrize(("verdict", "state"), [("back", "rectifying"), ("pass", "awaiting_acceptance")])
    def test_a_review_returns_or_passes_on(self, cast: Cast, line: Line, verdict: str, state: str) -> None:
        finding = line.submitted()

        post(cast.second_clerk, "review", finding.pk, verdict=verdict, reason="见意见。")

        finding.refresh_from_db()
        assert finding.state == state

    def test_two_accept_and_one_closes(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        for person in (cast.third_clerk, cast.fourth_clerk):
            post(person, "accept", finding.pk, verdict="accept", reason="已到位。")

        post(cast.third_clerk, "move", finding.pk, "close")

        finding.refresh_from_db()
        assert finding.state == Finding.State.CLOSED

    def test_the_days_of_a_route_can_be_changed(self, cast: Cast) -> None:
        post(cast.clerk, "routes", code="limited", working_days=20)

        assert Route.objects.get(code="limited").working_days == 20

    def test_split_and_merge_by_page(self, cast: Cast, line: Line) -> None:
        finding = line.new()
        part = {"title": "标题", "facts": "事实", "category": "B1-01"}
        typed = {f"{side}-{name}": value for side in ("kept", "parted") for name, value in part.items()}

        post(cast.clerk, "split", finding.pk, **typed, version=finding.version)
        both = list(Finding.objects.values_list("pk", flat=True))
        post(cast.clerk, "merge", finding=both, **part)

        assert sorted(Finding.objects.values_list("state", flat=True)) == ["merged", "new"]
