"""Heads of the chain leave the house in time, to every place that is named, and a place that is down stops nobody."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail

from conduct import audit, clock, jobs
from conduct.chain import anchoring, books, proof, sealing
from conduct.errors import Refused
from conduct.models import AnchorDelivery, AuditAnchor, JobRun
from tests.conduct.chain import ledger
from tests.conduct.chain.authority import Authority
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def cast_after(minutes: int) -> AuditAnchor | None:
    return anchoring.cast_if_due(at=AT + minutes * MINUTE)


def test_the_first_seal_is_anchored_at_once() -> None:
    ledger.write_and_seal(1, at=AT)

    first = cast_after(0)

    assert first is not None
    assert first.heads == {"changes": [1, books.head_of("changes", 1)]}


def test_an_anchor_is_cast_ten_minutes_after_the_last_when_something_happened() -> None:
    ledger.write_and_seal(1, at=AT)
    cast_after(0)
    ledger.write_and_seal(1, at=AT)

    assert cast_after(9) is None
    second = cast_after(10)
    assert second is not None and (second.no, second.reason) == (2, "time")


def test_without_anything_new_no_anchor_is_cast() -> None:
    ledger.write_and_seal(1, at=AT)
    cast_after(0)

    assert cast_after(60) is None


def test_a_hundred_seals_are_anchored_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_ROWS", 1)
    ledger.write_and_seal(1, entries=1, at=AT)
    cast_after(0)
    ledger.write(100)
    sealing.keep_up(at=AT, most=99)
    assert cast_after(1) is None

    sealing.keep_up(at=AT)

    hundredth = cast_after(1)
    assert hundredth is not None and hundredth.reason == "seals"


def test_a_paper_that_is_issued_is_anchored_without_waiting() -> None:
    ledger.write_and_seal(1, at=AT)
    cast_after(0)
    ledger.write(1, paper="安督通〔2026〕1号")
    sealing.keep_up(at=AT)

    issued = cast_after(1)

    assert issued is not None and issued.reason == "paper"


def test_words_of_people_do_not_pass_for_a_paper() -> None:
    ledger.write_and_seal(1, at=AT)
    cast_after(0)
    ledger.write(1, reason='"paper":1')
    sealing.keep_up(at=AT)

    assert cast_after(1) is None


def test_of_two_casters_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.write_and_seal(1, at=AT)
    really_newest = anchoring.newest
    cast_after(0)
    ledger.write_and_seal(1, at=AT)
    monkeypatch.setattr(anchoring, "newest", lambda: None)

    assert cast_after(20) is None
    assert really_newest().no == 1  # type: ignore[union-attr]


def test_the_file_gets_one_line_an_anchor_and_keeps_the_old_ones(anchor_file: Path) -> None:
    for _ in range(2):
        ledger.write_and_seal(1)
        ledger.anchor()

    lines = [json.loads(line) for line in anchor_file.read_text().splitlines()]
    assert [line["no"] for line in lines] == [1, 2]
    assert lines[1]["heads"] == {"changes": [2, books.head_of("changes", 2)]}


def test_the_auditor_gets_a_letter_with_the_line(settings) -> None:
    settings.ANCHOR_FILE, settings.ANCHOR_MAIL = "", ["auditor@example.invalid"]
    ledger.write_and_seal(1)
    ledger.anchor()

    letter = mail.outbox[0]
    anchor = anchoring.newest()
    assert anchor is not None
    assert letter.to == ["auditor@example.invalid"]
    assert letter.subject == "审计链第1号锚点"
    assert proof.anchor_line(anchoring.told(anchor)) in letter.body.splitlines()


def test_the_log_host_gets_the_line(settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as host:
        host.bind(("127.0.0.1", 0))
        host.settimeout(5)
        settings.ANCHOR_FILE, settings.ANCHOR_SYSLOG = "", f"127.0.0.1:{host.getsockname()[1]}"
        ledger.write_and_seal(1)

        ledger.anchor()

        message = host.recv(4096).decode()
    assert message.startswith('<110>conduct: {"alg":"sha256"')


def test_the_log_of_this_machine_gets_the_line(settings, tmp_path: Path) -> None:
    place = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(place)
        log.settimeout(5)
        settings.ANCHOR_FILE, settings.ANCHOR_SYSLOG = "", place
        ledger.write_and_seal(1)

        ledger.anchor()

        assert b'"no":1' in log.recv(4096)


def test_a_time_stamping_authority_stamps_the_line(settings, authority: Authority, tmp_path: Path) -> None:
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    ledger.write_and_seal(2)

    ledger.anchor()

    assert AnchorDelivery.objects.get(channel="tsa").stamp
    assert ledger.house_says() == ""
    assert ledger.script_says(tmp_path / "out", "--tsa-ca", str(authority.ca)) == ""


def test_a_stamp_of_another_line_is_named_by_both(settings, authority: Authority, tmp_path: Path) -> None:
    settings.ANCHOR_FILE = ""
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    for _ in range(2):
        ledger.write_and_seal(1)
        ledger.anchor()
    first, second = AnchorDelivery.objects.order_by("anchor_no")
    ledger.tamper("UPDATE conduct_anchordelivery SET stamp = %s WHERE id = %s", first.stamp, second.pk)

    assert ledger.house_says() == "第2号锚点的可信时间戳对不上：时间戳说的不是这个锚点。"
    assert ledger.script_says(tmp_path / "out", "--tsa-ca", str(authority.ca)).startswith(
        "第2号锚点的可信时间戳"
    )


def test_a_stamp_of_an_authority_nobody_named_is_refused(
    settings, authority: Authority, other_authority: Authority
) -> None:
    settings.ANCHOR_FILE = ""
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(other_authority.ca)
    ledger.write_and_seal(1)
    cast_after(0)

    assert anchoring.bring_out(1, at=AT) == ["可信时间戳：时间戳不是所设机构签发的"]


def down(settings) -> None:
    """The file can be written, the authority cannot be reached."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        settings.ANCHOR_TSA_URL = f"http://127.0.0.1:{plug.getsockname()[1]}/"


def test_a_place_that_is_down_is_told_and_keeps_no_other_from_its_anchor(settings, anchor_file: Path) -> None:
    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)

    problems = anchoring.bring_out(1, at=AT)

    assert len(problems) == 1 and problems[0].startswith("可信时间戳：送不到（URLError")
    assert anchor_file.exists()


def test_a_place_that_is_down_is_tried_again_with_growing_pauses(settings) -> None:
    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)
    assert anchoring.to_bring_out(at=AT) == (1, 0)
    anchoring.bring_out(1, at=AT)

    assert anchoring.to_bring_out(at=AT + 1 * MINUTE) is None
    assert anchoring.to_bring_out(at=AT + 2 * MINUTE) == (1, 1)
    anchoring.bring_out(1, at=AT + 2 * MINUTE)
    assert anchoring.to_bring_out(at=AT + 5 * MINUTE) is None
    assert anchoring.to_bring_out(at=AT + 6 * MINUTE) == (1, 2)


def test_pauses_never_grow_beyond_an_hour(settings) -> None:
    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)
    for turn in range(12):
        AnchorDelivery.objects.create(anchor_no=1, channel="tsa", at=AT, is_done=False, problem=f"第{turn}次")

    assert anchoring.to_bring_out(at=AT + 59 * MINUTE) is None
    assert anchoring.to_bring_out(at=AT + 60 * MINUTE) == (1, 12)


def test_a_place_reached_is_not_sent_the_same_anchor_again(settings, anchor_file: Path) -> None:
    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)

    for _ in range(3):
        anchoring.bring_out(1, at=AT)

    assert len(anchor_file.read_text().splitlines()) == 1


def test_an_anchor_is_brought_out_by_a_job_of_its_own(anchor_file: Path) -> None:
    ledger.write_and_seal(1)
    cast_after(0)

    jobs.open_slots(at=AT, by=audit.SystemActor())
    run = JobRun.objects.get(job="conduct.bring_out_anchor")
    jobs.take_to_send(at=clock.now())
    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (run.state, run.slot) == ("done", "1:0")
    assert anchor_file.exists()
    assert anchoring.to_bring_out(at=AT + 90 * MINUTE) is None


def test_a_job_that_did_not_reach_every_place_says_which(settings) -> None:
    from conduct import tasks

    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)

    with pytest.raises(Refused, match=r"第1号锚点没有全部送到。可信时间戳：送不到.*业务照常"):
        tasks.bring_out_anchor(run=JobRun(), no=1)


def test_a_place_not_reached_is_a_note_of_the_verification_and_no_fault(settings) -> None:
    import io

    from django.core.management import call_command

    down(settings)
    ledger.write_and_seal(1)
    cast_after(0)
    anchoring.bring_out(1, at=AT)
    out = io.StringIO()

    call_command("verify", stdout=out)

    assert "最近一个锚点尚未送到：可信时间戳。" in out.getvalue()
