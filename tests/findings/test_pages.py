"""The pages of the main line: who gets what, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from findings.models import Finding, Notice, Route, SetAside
from people.models import User
from tests.factories import cast as people
from tests.factories.cast import Cast
from tests.factories.findings import (
    Line,
    add_evidence,
    full_texts,
    notice_of,
    observe,
    report_of,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return people.stand_up()


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def get(user: User, name: str, *args: object, **query: object) -> Any:
    return browser(user).get(reverse(f"findings:{name}", args=args), query)


def post(user: User, name: str, *args: object, **data: object) -> Any:
    return browser(user).post(reverse(f"findings:{name}", args=args), data)


STEPS = [
    "new",
    "verifying",
    "confirmed",
    "assigned",
    "received",
    "rectifying",
    "submitted",
    "awaiting",
    "closed",
]


@pytest.mark.parametrize("step", STEPS)
def test_the_office_reads_a_finding_at_every_step(cast: Cast, line: Line, step: str) -> None:
    finding = getattr(line, step)()

    response = get(cast.clerk, "detail", finding.pk)

    assert response.status_code == 200
    assert finding.title in text_of(response)


class TestForTheUnit:
    def test_the_head_sees_a_finding_once_told(self, cast: Cast, line: Line) -> None:
        finding = line.assigned()

        assert get(cast.east_head, "detail", finding.pk).status_code == 200

    @pytest.mark.parametrize("step", ["new", "verifying", "confirmed"])
    def test_the_head_does_not_see_what_is_still_being_looked_into(
        self, cast: Cast, line: Line, step: str
    ) -> None:
        finding = getattr(line, step)()

        assert get(cast.east_head, "detail", finding.pk).status_code == 404

    @pytest.mark.parametrize(
        "name", ["detail", "rectify", "rectification_sign", "statement", "notice_detail", "notice_pdf"]
    )
    def test_another_unit_finds_nothing(self, cast: Cast, line: Line, name: str) -> None:
        finding = line.rectifying()
        pk = notice_of(finding).pk if name.startswith("notice") else finding.pk

        assert get(cast.west_head, name, pk).status_code == 404

    def test_another_unit_finds_no_attachment(self, cast: Cast, line: Line) -> None:
        kept = report_of(line.submitted()).files.get()

        assert get(cast.west_head, "attachment", kept.pk).status_code == 404
        assert get(cast.east_head, "attachment", kept.pk).status_code == 200

    def test_the_office_sees_attachments_only_when_handed_in(self, cast: Cast, line: Line) -> None:
        kept = report_of(line.rectifying()).files.get()

        assert get(cast.clerk, "attachment", kept.pk).status_code == 404

    def test_another_unit_cannot_sign_for_the_notice(self, cast: Cast, line: Line) -> None:
        notice = notice_of(line.assigned())

        assert post(cast.west_head, "receive", notice.pk).status_code == 404
        assert Notice.objects.get().received_at is None

    def test_the_list_holds_own_findings_only(self, cast: Cast, line: Line) -> None:
        line.assigned(title="东区的问题")

        assert "东区的问题" in text_of(get(cast.east_head, "list"))
        assert "东区的问题" not in text_of(get(cast.west_head, "list"))

    def test_the_unit_sees_attached_photos_and_no_others(self, cast: Cast, line: Line) -> None:
        finding = line.assigned()
        seen = finding.observations.get()
        attached = add_evidence(cast, seen)
        loose = add_evidence(cast, None, visit=seen.visit)

        assert get(cast.east_head, "evidence", finding.pk, attached.pk).status_code == 200
        assert get(cast.east_head, "evidence", finding.pk, loose.pk).status_code == 404
        assert get(cast.clerk, "evidence", finding.pk, loose.pk).status_code == 200

    def test_the_unit_is_not_told_how_the_office_judged(self, cast: Cast, line: Line) -> None:
        finding = line.assigned()

        page = text_of(get(cast.east_head, "detail", finding.pk))

        assert "认定理由" not in page
        assert "列为问题" not in page

    def test_the_notice_says_what_by_when_and_how_to_object(self, cast: Cast, line: Line) -> None:
        notice = notice_of(line.assigned())

        page = text_of(get(cast.east_head, "notice_detail", notice.pk))

        assert "立即整改，落实AB岗。" in page
        assert "2026年3月23日（周一）前" in page
        assert "5 个工作日内书面提出" in page
        assert "签收整改通知" in page

    def test_the_head_signs_for_the_notice(self, cast: Cast, line: Line) -> None:
        finding = line.assigned()

        post(cast.east_head, "receive", notice_of(finding).pk)

        finding.refresh_from_db()
        assert finding.state == Finding.State.RECEIVED

    def test_the_notice_is_a_pdf(self, cast: Cast, line: Line) -> None:
        response = get(cast.east_head, "notice_pdf", notice_of(line.assigned()).pk)

        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content).startswith(b"%PDF")

    def test_the_head_files_a_statement(self, cast: Cast, line: Line) -> None:
        finding = line.verifying(names_person=True)
        post(cast.clerk, "ask_statement", finding.pk)

        response = post(
            cast.east_head, "statement", finding.pk, text="当日外出取件。", speaker="单位主要负责人"
        )

        assert response.status_code == 302
        assert finding.statements.get().text == "当日外出取件。"


class TestTheReport:
    def typed(self, **changes: object) -> dict[str, object]:
        return {**full_texts().__dict__, "caption": "整改后", "version": "", **changes}

    def test_a_draft_is_kept_with_its_files(self, cast: Cast, line: Line) -> None:
        finding = line.received()

        response = post(
            cast.east_head, "rectify", finding.pk, **self.typed(files=[upload(), upload("二.jpg")])
        )

        assert response.status_code == 302
        report = report_of(finding)
        assert (report.measures, report.files.count()) == (full_texts().measures, 2)

    def test_a_bad_file_does_not_cost_the_text(self, cast: Cast, line: Line) -> None:
        finding = line.received()
        client = browser(cast.east_head)

        page = client.post(
            reverse("findings:rectify", args=[finding.pk]),
            self.typed(files=[SimpleUploadedFile("空.pdf", b"")]),
            follow=True,
        )

        assert "是空文件" in text_of(page)
        assert report_of(finding).measures == full_texts().measures

    def test_whoever_saves_second_is_told_and_overwrites_nothing(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        seen = report_of(finding).version
        post(cast.east_head, "rectify", finding.pk, **self.typed(version=seen, measures="先保存的措施"))

        response = post(
            cast.east_head, "rectify", finding.pk, **self.typed(version=seen, measures="后写的措施")
        )

        page = text_of(response)
        assert response.status_code == 409
        assert "先保存了这条记录" in page
        assert "后写的措施" in page
        assert report_of(finding).measures == "先保存的措施"

    def test_after_the_conflict_the_same_form_can_be_sent_again(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        seen = report_of(finding).version
        post(cast.east_head, "rectify", finding.pk, **self.typed(version=seen, measures="先保存的措施"))
        post(cast.east_head, "rectify", finding.pk, **self.typed(version=seen, measures="后写的措施"))

        post(cast.east_head, "rectify", finding.pk, **self.typed(version=seen + 1, measures="对照后的措施"))

        assert report_of(finding).measures == "对照后的措施"

    def test_too_long_a_text_is_named_and_kept(self, cast: Cast, line: Line) -> None:
        finding = line.received()

        response = post(cast.east_head, "rectify", finding.pk, **self.typed(measures="整" * 20_001))

        assert response.status_code == 422
        assert "最多 20,000 个字，现在是 20,001 个字" in text_of(response)
        assert "整" * 20_001 in text_of(response)

    def test_the_liaison_named_by_the_head_writes(self, cast: Cast, line: Line) -> None:
        finding = line.received()
        post(cast.east_head, "liaison", finding.pk, liaison=cast.east_liaison.pk)

        response = post(cast.east_liaison, "rectify", finding.pk, **self.typed())

        assert response.status_code == 302
        assert report_of(finding).drafted_by == cast.east_liaison

    def test_a_liaison_not_named_is_told_why_not(self, cast: Cast, line: Line) -> None:
        finding = line.received()

        response = post(cast.east_liaison, "rectify", finding.pk, **self.typed())

        assert response.status_code == 422
        assert "还没有指定联络员" in text_of(response)

    def test_the_liaison_cannot_sign(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()

        assert post(cast.east_liaison, "rectification_sign", finding.pk).status_code == 403

    def test_the_head_is_shown_what_is_missing(self, cast: Cast, line: Line) -> None:
        finding = line.received()
        post(cast.east_head, "rectify", finding.pk, **self.typed(rules_built=""))

        page = text_of(get(cast.east_head, "rectification_sign", finding.pk))

        assert "建章立制" in page
        assert "佐证材料（至少一件）" in page

    def test_the_head_signs_and_hands_in(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()

        post(cast.east_head, "rectification_sign", finding.pk)

        finding.refresh_from_db()
        assert finding.state == Finding.State.SUBMITTED
        assert report_of(finding).signed_by == cast.east_head

    def test_a_file_can_be_taken_out_of_a_draft(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()

        post(cast.east_head, "attachment_remove", report_of(finding).files.get().pk)

        assert not report_of(finding).files.exists()


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


class TestTheLedger:
    def test_the_queries_do_not_grow_with_the_rows(self, cast: Cast, line: Line) -> None:
        client = browser(cast.clerk)
        url = reverse("findings:list")
        line.assigned()
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for _ in range(6):
            line.assigned()
        with CaptureQueriesContext(connection) as many:
            page = client.get(url)

        own = [query for query in many if "findings_finding" in query["sql"] or "calendar" in query["sql"]]
        assert len(many) == len(few)
        assert len(own) <= 5
        assert len(page.content) < 100_000

    def test_the_rows_turn_by_page(self, cast: Cast, line: Line) -> None:
        for _ in range(51):
            line.new()
        client = browser(cast.clerk)

        first = client.get(reverse("findings:list"))
        second = client.get(reverse("findings:list") + first.context["ledger"].pager.older_url)

        assert (len(first.context["ledger"].rows), len(second.context["ledger"].rows)) == (50, 1)

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({"state": "open"}, {"办理中的"}),
            ({"state": "before_notice"}, {"新列的"}),
            ({"state": "closed"}, {"销号的"}),
            ({"state": "standing"}, {"办理中的", "销号的"}),
            ({"state": "new"}, {"新列的"}),
            ({"top": "B"}, {"办理中的", "新列的", "销号的"}),
            ({"top": "A"}, set()),
            ({"month": "2026-02"}, {"办理中的", "新列的", "销号的"}),
            ({"month": "2026-03"}, set()),
            ({"issued_from": "2026-03-02", "issued_to": "2026-03-02"}, {"办理中的", "销号的"}),
            ({"closed_from": "2026-03-03"}, set()),
            ({"visited_to": "2026-02-25"}, set()),
            ({"number": "安督整[2026]1号"}, {"办理中的"}),
            ({"historical": "1"}, set()),
            ({"order": "deadline"}, {"办理中的"}),
        ],
    )
    def test_the_address_narrows_the_list(
        self, cast: Cast, line: Line, query: dict[str, str], titles: set[str]
    ) -> None:
        line.assigned(title="办理中的")
        line.new(title="新列的")
        line.closed(title="销号的")

        rows = get(cast.clerk, "list", **query).context["ledger"].rows

        assert {row.title for row in rows} == titles

    def test_a_unit_stands_for_all_below_it(self, cast: Cast, line: Line) -> None:
        line.new(unit=cast.east_bureau, title="下级的")
        line.new(unit=cast.west, title="别处的")

        rows = get(cast.clerk, "list", unit=cast.east.pk).context["ledger"].rows

        assert [row.title for row in rows] == ["下级的"]

    @pytest.mark.parametrize(
        "query", [{"month": "三月"}, {"state": "exploded"}, {"unit": "x"}, {"after": "x"}]
    )
    def test_what_cannot_be_read_is_left_out(self, cast: Cast, line: Line, query: dict[str, str]) -> None:
        line.new()

        response = get(cast.clerk, "list", **query)

        assert response.status_code == 200
        assert len(response.context["ledger"].rows) == 1

    def test_the_filters_come_as_a_part_and_as_a_page(self, cast: Cast) -> None:
        client = browser(cast.clerk)

        part = client.get(reverse("findings:filters"), headers={"HX-Request": "true"})
        page = client.get(reverse("findings:filters"))

        assert "<html" not in text_of(part)
        assert "东区行政审批局" in text_of(page)
