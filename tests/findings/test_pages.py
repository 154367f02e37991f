"""The pages of the main line: who gets what, and what they say."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from findings.models import Finding, Notice
from tests.factories.cast import Cast
from tests.factories.findings import (
    Line,
    add_evidence,
    full_texts,
    notice_of,
    report_of,
    upload,
)
from tests.findings.browsing import browser, get, post, text_of

pytestmark = pytest.mark.django_db


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

    @pytest.mark.parametrize(
        ("step", "words"), [("assigned", "先签收整改通知书"), ("submitted", "不能再改整改报告")]
    )
    def test_no_form_is_shown_that_could_not_be_sent(
        self, cast: Cast, line: Line, step: str, words: str
    ) -> None:
        finding = getattr(line, step)()

        page = text_of(
            browser(cast.east_head).get(reverse("findings:rectify", args=[finding.pk]), follow=True)
        )

        assert words in page
        assert 'id="report-form"' not in page

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


def test_a_photo_is_shown_small_in_a_row_and_large_when_opened(cast: Cast, line: Line) -> None:
    finding = line.assigned()
    photo = add_evidence(cast, finding.observations.get())

    small = get(cast.east_head, "evidence", finding.pk, photo.pk, small=1)
    page = text_of(get(cast.east_head, "detail", finding.pk))

    assert small["Content-Type"] == "image/jpeg"
    assert f"{reverse('findings:evidence', args=[finding.pk, photo.pk])}?small=1" in page
