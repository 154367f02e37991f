"""The case file: everything about one finding in one bound paper, for those who may put it together."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import clock, files, jobs, reads
from conduct.errors import Forbidden
from conduct.models import AuditEntry, JobRun, ReadEntry
from conduct.pdfkit.text import chinese_date
from findings.models import Finding, ObjectionFile, RectificationFile, Revisit
from findings.queries import story
from inspections.models import Evidence
from people.models import User
from reports.actions import case_files
from reports.gather import case_file as gather
from reports.models import CaseFile
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line, add_evidence, ask_extension, object_to
from tests.factories.measures import NAME, measure_on
from tests.factories.revisits import put_side_by_side

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    reads.forget()


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)


@pytest.fixture
def whole(cast: Cast, line: Line) -> Finding:
    """A matter with nearly everything that can hang on one."""
    finding = line.closed()
    evidence = add_evidence(cast, finding.observations.get())
    put_side_by_side(cast, finding, evidence)
    ask_extension(cast, finding)
    object_to(cast, finding)
    measure_on(cast, finding)
    return finding


def made(cast: Cast, finding: Finding, *, by: User | None = None, key: str = "k") -> CaseFile:
    return case_files.make(finding=finding, made_key=key, by=by or cast.third_clerk, at=AT)


def pages(row: CaseFile) -> list[str]:
    """The words of each page without blanks."""
    reader = pypdf.PdfReader(io.BytesIO(files.read_bytes(row.pdf_sha256)))
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]


def test_the_contents_lead_to_the_page_on_which_each_piece_begins(cast: Cast, whole: Finding) -> None:
    row = made(cast, whole)

    told = pages(row)

    assert "卷内目录" in told[1]
    titles = [piece["title"] for piece in row.facts["content"]["pieces"]]
    assert len(titles) > 10
    begin = [page for page, text in enumerate(told, start=1) for _ in re.findall(r"^(?:—\d+—)?\d+．", text)]
    assert len(begin) == len(titles)
    rows = zip(row.facts["content"]["pieces"], begin, strict=True)
    expected = [
        f"{index}{piece['title']}{chinese_date(date.fromisoformat(piece['day'])) if piece['day'] else ''}{page}"
        for index, (piece, page) in enumerate(rows, start=1)
    ]
    assert re.sub(r"\s", "", "".join(expected)) in told[1]
    assert row.pages == len(told)
    assert f"{len(titles)}件，共{len(told)}页" in told[0]


def test_it_holds_the_papers_and_the_digest_of_every_piece_of_material(cast: Cast, whole: Finding) -> None:
    text = "".join(pages(made(cast, whole)))

    paper = whole.notice.paper  # type: ignore[union-attr]
    assert paper.pdf_sha256 in text
    assert paper.facts_sha256 in text
    hung_on = (RectificationFile, ObjectionFile, Evidence)
    digests = {sha256 for model in hung_on for sha256 in model.objects.values_list("file__sha256", flat=True)}
    assert digests
    assert {digest for digest in digests if digest not in text} == set()
    for words in (
        "异议及答复",
        "第1次延期申请",
        "第1轮整改报告",
        "第1轮验收",
        "责任追究登记",
        "期限怎么算的",
    ):
        assert words in text


def test_the_same_facts_draw_the_same_bytes(cast: Cast, whole: Finding) -> None:
    row = made(cast, whole)

    again = gather.draw(row.facts)

    assert hashlib.sha256(again.drawn.pdf).hexdigest() == row.pdf_sha256


def test_no_name_of_a_person_dealt_with_is_in_it(cast: Cast, whole: Finding) -> None:
    assert made(cast, whole).facts["content"]["pieces"]
    row = CaseFile.objects.get()

    text = "".join(pages(row)) + str(row.facts)

    assert NAME not in text
    assert "姓名不印入案卷" in text


def test_a_second_look_that_is_still_to_come_is_not_in_it(cast: Cast, line: Line) -> None:
    finding = line.closed()
    keeper = Revisit.objects.get(finding=finding).keeper

    text = "".join(pages(made(cast, finding, by=keeper)))

    assert "回头看" not in text


def test_one_form_makes_one_file(cast: Cast, whole: Finding) -> None:
    client = signed_in(cast.third_clerk)
    address = reverse("reports:case_files", args=[whole.pk])

    for _ in range(2):
        client.post(address, {"made_key": "same"})

    assert CaseFile.objects.count() == 1
    assert AuditEntry.objects.filter(verb="reports.case_file").count() == 1


def test_a_thick_one_is_drawn_in_the_background_and_says_how_far_it_is(
    cast: Cast, whole: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "BIG", 0)
    client = signed_in(cast.third_clerk)
    address = reverse("reports:case_files", args=[whole.pk])
    client.post(address, {"made_key": "thick"})
    row = CaseFile.objects.get()
    assert row.pdf_sha256 == ""
    assert "排队等候" in client.get(address).content.decode()
    assert client.get(reverse("reports:case_file_pdf", args=[row.pk])).status_code == 404

    (run,) = jobs.take_to_send(at=AT)
    jobs.perform(str(run.pk))

    row.refresh_from_db()
    run = JobRun.objects.get(pk=run.pk)
    assert run.state == JobRun.State.DONE
    assert run.total_units > 1
    assert reverse("reports:case_file_pdf", args=[row.pk]) in client.get(address).content.decode()


def test_taking_it_is_written_down_each_time(cast: Cast, whole: Finding) -> None:
    row = made(cast, whole)
    client = signed_in(cast.leader)

    for _ in range(2):
        answer: Any = client.get(reverse("reports:case_file_pdf", args=[row.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    seen = ReadEntry.objects.filter(label="查看案卷", actor_id=str(cast.leader.pk))
    assert seen.filter(subject_id=str(whole.pk), verb="export").count() >= 1


@pytest.mark.parametrize("who", ["east_head", "east_liaison", "reader", "inspector", "auditor"])
def test_nobody_outside_the_office_has_it(cast: Cast, line: Line, who: str) -> None:
    finding = line.closed()
    row = made(cast, finding)
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("reports:case_files", args=[finding.pk])).status_code == 403
    assert client.get(reverse("reports:case_file_pdf", args=[row.pk])).status_code == 403
    with pytest.raises(Forbidden):
        made(cast, finding, by=getattr(cast, who), key="other")


class TestTheWholeStory:
    def test_the_office_sees_who_was_told_and_who_looked(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        reads.read(at=AT, by=cast.east_head, subject=finding, label="查看材料", part="x")

        told = [entry.what for entry in story.entries(user=cast.clerk, finding=finding)]

        assert "发出消息" in told
        assert "查看材料" in told
        assert "签字提交整改报告" in told

    @pytest.mark.parametrize("who", ["east_head", "reader"])
    def test_others_see_the_steps_alone(self, cast: Cast, line: Line, who: str) -> None:
        finding = line.submitted()
        reads.read(at=AT, by=cast.clerk, subject=finding, label="查看材料", part="x")

        told = [entry.what for entry in story.entries(user=getattr(cast, who), finding=finding)]

        assert "签字提交整改报告" in told
        assert not {"发出消息", "查看材料"} & set(told)

    def test_the_page_tells_it(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()

        text = signed_in(cast.clerk).get(reverse("findings:story", args=[finding.pk])).content.decode()

        assert "东区负责人（未读）" in text
        assert reverse("reports:case_files", args=[finding.pk]) in text

    def test_its_questions_do_not_grow_with_the_steps(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()

        def asked() -> int:
            with CaptureQueriesContext(connection) as asking:
                story.entries(user=cast.clerk, finding=finding)
            return len(asking)

        asked()
        few = asked()
        for number in range(5):
            reads.read(at=AT, by=cast.east_head, subject=finding, label="查看材料", part=str(number))

        assert asked() == few
