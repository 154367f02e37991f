"""Every paper that leaves the house prints the head of the audit chain of that moment, and keeps it for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from conduct import clock, files, issuing
from conduct.chain import anchoring, heads, papers, sealing
from conduct.models import AuditEntry, IssuedPaper
from findings import gather as notice_gather
from inspections import gather as sheet_gather
from inspections.models import Visit
from inspections.queries import visits
from reports.actions import bulletins
from reports.gather import drawing
from reports.rules.periods import AD_HOC
from tests.conduct.chain import ledger
from tests.factories.cast import AT, Cast, stand_up
from tests.factories.findings import Line, notice_of
from tests.factories.inspections import locked_visit, seen_playing
from tests.house.world import PERIOD
from tests.papers import reading

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


@pytest.fixture
def cast(settings, tmp_path: Path) -> Cast:
    """The cast, with a chain whose head is the third seal."""
    settings.ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    found = stand_up()
    ledger.write_and_seal(3)
    anchoring.cast_if_due(at=clock.now())
    return found


def printed() -> str:
    head = heads.to_print()
    assert head is not None
    return f"审计链第{head.seq}号封存"


def sheet(visit: Visit) -> bytes:
    visit = Visit.objects.get(pk=visit.pk)
    members, signatures = visits.members(visit), visits.standing_signatures(visit)
    return sheet_gather.draw(sheet_gather.record_sheet(visit, members=members, signatures=signatures))


def test_a_notice_prints_and_freezes_the_head_of_its_moment(cast: Cast) -> None:
    expected = printed()
    notice = notice_of(Line(cast).assigned())

    text = reading.text_of(issuing.pdf_of(notice.paper))

    assert expected in text
    assert papers.mark_of(notice.paper.facts) == {"seq": 3, "digest": heads.to_print().digest}  # type: ignore[union-attr]


def test_a_notice_drawn_again_years_later_is_the_same_bytes(cast: Cast) -> None:
    notice = notice_of(Line(cast).assigned())
    ledger.write_and_seal(2)

    again = notice_gather.draw(IssuedPaper.objects.get(pk=notice.paper_id).facts)

    assert again.pdf == issuing.pdf_of(notice.paper)


def test_a_bulletin_prints_the_head_of_its_moment(cast: Cast) -> None:
    bulletin = bulletins.draft(
        kind=AD_HOC, office=cast.city, period=PERIOD, by=cast.clerk, at=AT, made_key="k"
    )
    bulletins.submit(bulletin=bulletin, by=cast.clerk, at=AT)
    expected = printed()
    assert "审计链" not in reading.text_of(drawing.draw(drawing.frozen(drawing.draft_of(bulletin))).pdf)

    bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)

    assert bulletin.paper is not None
    assert expected in reading.text_of(issuing.pdf_of(bulletin.paper))


def test_a_record_sheet_prints_the_head_of_the_moment_it_was_filed_away(cast: Cast) -> None:
    expected = printed()
    visit = locked_visit(cast, seen_playing())
    before = sheet(visit)
    ledger.write_and_seal(2)

    assert expected in reading.text_of(before)
    assert sheet(visit) == before


@pytest.mark.parametrize("paper", ["notice", "record sheet"])
def test_what_is_issued_is_anchored_without_waiting_for_ten_minutes(cast: Cast, paper: str) -> None:
    if paper == "notice":
        Line(cast).assigned()
    else:
        locked_visit(cast, seen_playing())
    sealing.keep_up(at=clock.now())

    anchor = anchoring.cast_if_due(at=clock.now())

    assert anchor is not None and anchor.reason == "paper"


def test_a_paper_whose_printed_head_is_not_in_the_chain_is_named(
    cast: Cast, tmp_path: Path, settings
) -> None:
    settings.ANCHOR_FILE = ""
    notice = notice_of(Line(cast).assigned())
    ledger.tamper("DELETE FROM conduct_auditanchor")
    ledger.tamper("UPDATE conduct_auditentry SET reason = 'x' WHERE id = %s", first_entry().pk)
    ledger.reseal(1)

    said = ledger.both_say(tmp_path / "out")

    assert said == f"审计记录链第3号封存与文书“{notice.number}”上印的校验码不符：这一号或更早的封存被重做过。"


def test_a_paper_whose_facts_were_changed_is_named(cast: Cast) -> None:
    notice = notice_of(Line(cast).assigned())
    facts = notice.paper.facts | {"form": 9}
    IssuedPaper.objects.filter(pk=notice.paper_id).update(facts=facts)

    assert ledger.house_says().startswith(f"文书“{notice.number}”")


def test_a_paper_whose_bytes_were_changed_is_named(cast: Cast) -> None:
    notice = notice_of(Line(cast).assigned())
    path = files.made_path(notice.paper.pdf_sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.4 other")

    said = ledger.house_says()
    path.unlink()
    assert said.endswith("的 PDF 不见了或被改动。")


def first_entry() -> AuditEntry:
    return AuditEntry.objects.order_by("pk")[0]
