"""The places anchors are brought to: what each is sent, how long it is waited for, and what it says when it fails."""

from __future__ import annotations

import base64
import json
import os
import socket
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from conduct import audit, reads
from conduct.chain import anchoring, channels, proof, sealing
from conduct.chain.channels import Channel
from conduct.models import AnchorDelivery, AuditAnchor
from tests.conduct.chain import ledger
from tests.conduct.chain.authority import Authority
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LINE = '{"no":1}'
# A reply that holds nothing but a refusal. Source: RFC 3161 2.4.2, PKIStatusInfo.
REFUSED = base64.b64encode(bytes.fromhex("30053003020102")).decode()


def test_the_places_are_those_the_deployment_names_in_this_order(settings: Any) -> None:
    settings.ANCHOR_SYSLOG, settings.ANCHOR_MAIL = "127.0.0.1:514", ["auditor@example.invalid"]
    settings.ANCHOR_TSA_URL = "http://127.0.0.1:1/"

    places = channels.configured()

    assert [(place.key, place.name) for place in places] == [
        ("file", "锚点文件"),
        ("syslog", "日志主机"),
        ("mail", "审计员邮箱"),
        ("tsa", "可信时间戳"),
    ]
    assert channels.names() == {place.key: place.name for place in places}


def test_an_office_that_names_no_place_has_none(settings: Any) -> None:
    settings.ANCHOR_FILE = ""

    assert channels.configured() == []


def test_the_file_is_made_with_its_folder_and_read_by_owner_and_group_alone(
    settings: Any, tmp_path: Path
) -> None:
    path = tmp_path / "far" / "away" / "anchors.jsonl"
    settings.ANCHOR_FILE = str(path)
    mask = os.umask(0)

    said = channels.to_file(LINE, 1), channels.to_file(LINE, 2)
    os.umask(mask)

    assert said == ("", "")
    assert path.read_text() == f"{LINE}\n{LINE}\n"
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_letter_says_what_it_is_for_and_comes_from_the_house(settings: Any) -> None:
    settings.ANCHOR_MAIL = ["one@example.invalid", "two@example.invalid"]

    assert channels.to_mail(LINE, 7) == ""

    letter = mail.outbox[0]
    assert (letter.subject, letter.from_email) == ("审计链第7号锚点", settings.DEFAULT_FROM_EMAIL)
    assert letter.to == ["one@example.invalid", "two@example.invalid"]
    assert f"\n{LINE}\n" in letter.body and "--anchors" in letter.body


class Plug:
    """A socket that only remembers: no test machine has every kind of address."""

    told: list[tuple[Any, ...]] = []

    def __init__(self, *kind: Any) -> None:
        self.told.append(kind)

    def __enter__(self) -> Plug:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def settimeout(self, seconds: float) -> None:
        self.told.append(("waits", seconds))

    def sendto(self, message: bytes, address: Any) -> None:
        self.told.append((message, address))


@pytest.mark.parametrize(
    ("place", "family", "address"),
    [
        ("/dev/log", socket.AF_UNIX, "/dev/log"),
        ("loghost", socket.AF_INET, ("loghost", 514)),
        ("loghost:5140", socket.AF_INET, ("loghost", 5140)),
        ("Xlog:514", socket.AF_INET, ("Xlog", 514)),
        ("192.0.2.7:514", socket.AF_INET, ("192.0.2.7", 514)),
        ("[2001:db8::7]:6514", socket.AF_INET6, ("2001:db8::7", 6514)),
    ],
)
def test_the_log_host_is_sent_one_datagram_and_not_waited_for_long(
    settings: Any, monkeypatch: pytest.MonkeyPatch, place: str, family: int, address: Any
) -> None:
    settings.ANCHOR_SYSLOG = place
    Plug.told = []
    monkeypatch.setattr(socket, "socket", Plug)

    assert channels.to_syslog(LINE, 1) == ""
    assert Plug.told == [
        (family, socket.SOCK_DGRAM),
        ("waits", 10),
        (f"<110>conduct: {LINE}".encode(), address),
    ]


def test_a_stamp_is_asked_for_by_post_and_not_waited_for_long(
    settings: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    waits: list[float | None] = []
    really_open = urllib.request.urlopen

    def opened(request: Any, timeout: float | None = None) -> Any:
        waits.append(timeout)
        return really_open(request, timeout=timeout)

    monkeypatch.setattr(urllib.request, "urlopen", opened)

    stamp = channels.to_tsa(LINE, 1)

    assert waits == [10]
    assert channels.stamp_problem(LINE, stamp) == ""


@pytest.fixture
def stamp(settings: Any, authority: Authority) -> str:
    """A good stamp over the line."""
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    return channels.to_tsa(LINE, 1)


def test_a_stamp_is_held_to_its_line_its_request_and_its_authority(
    stamp: str, settings: Any, other_authority: Authority
) -> None:
    assert channels.stamp_problem(LINE, stamp) == ""
    assert channels.stamp_problem('{"no":2}', stamp) == "时间戳说的不是这个锚点"
    assert channels.stamp_problem(LINE, stamp, nonce=1) == "时间戳不是对这次请求的答复"
    settings.ANCHOR_TSA_CA = str(other_authority.ca)
    assert channels.stamp_problem(LINE, stamp) == "时间戳不是所设机构签发的"
    settings.ANCHOR_TSA_CA = ""
    assert channels.stamp_problem(LINE, stamp) == ""


def test_what_is_no_stamp_and_what_is_a_refusal_are_said() -> None:
    assert channels.stamp_problem(LINE, "AAAA") == "时间戳读不出来"
    assert channels.stamp_problem(LINE, REFUSED) == "时间戳机构没有签发（状态 2）"


def test_an_answer_to_an_earlier_request_is_refused(
    stamp: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reply:
        def __enter__(self) -> Reply:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def read(self, most: int) -> bytes:
            return base64.b64decode(stamp)

    monkeypatch.setattr(urllib.request, "urlopen", lambda *given, **options: Reply())

    with pytest.raises(channels.NotDelivered, match="时间戳不是对这次请求的答复"):
        channels.to_tsa(LINE, 1)


def test_an_answer_without_end_is_not_read_to_its_end(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        def __enter__(self) -> Endless:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def read(self, most: int) -> bytes:
            return b"\0" * most

    settings.ANCHOR_TSA_URL = "http://127.0.0.1:1/"
    monkeypatch.setattr(urllib.request, "urlopen", lambda *given, **options: Endless())

    with pytest.raises(channels.NotDelivered, match="时间戳读不出来"):
        channels.to_tsa(LINE, 1)


def places(monkeypatch: pytest.MonkeyPatch, **sends: Callable[[str, int], str]) -> None:
    """The deployment names these places."""
    every = [Channel(key, f"地方{key}", send) for key, send in sends.items()]
    monkeypatch.setattr(channels, "configured", lambda: every)


def cast_one() -> AuditAnchor:
    ledger.write_and_seal(1, at=AT)
    anchor = anchoring.cast_if_due(at=AT)
    assert anchor is not None
    return anchor


def refuse(words: str) -> Callable[[str, int], str]:
    def send(line: str, no: int) -> str:
        raise channels.NotDelivered(words)

    return send


def break_down(line: str, no: int) -> str:
    raise OSError("管道断了")


def test_each_place_is_sent_the_line_and_what_became_of_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = cast_one()
    sent: list[tuple[str, int]] = []
    places(
        monkeypatch, a=lambda line, no: sent.append((line, no)) or "印", b=refuse("机构不收"), c=break_down
    )

    problems = anchoring.bring_out(1, at=AT + MINUTE)

    assert sent == [(proof.anchor_line(anchoring.told(anchor)), 1)]
    assert problems == ["地方b：机构不收", "地方c：送不到（OSError：管道断了）"]
    rows = AnchorDelivery.objects.order_by("channel")
    assert list(rows.values_list("anchor_no", "channel", "at", "is_done", "problem", "stamp")) == [
        (1, "a", AT + MINUTE, True, "", "印"),
        (1, "b", AT + MINUTE, False, "机构不收", ""),
        (1, "c", AT + MINUTE, False, "送不到（OSError：管道断了）", ""),
    ]


def test_a_long_complaint_is_cut_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cast_one()
    places(monkeypatch, a=refuse("长" * 300))

    anchoring.bring_out(1, at=AT)

    assert AnchorDelivery.objects.get().problem == "长" * 200


def test_a_place_another_worker_reached_meanwhile_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    cast_one()

    def send(line: str, no: int) -> str:
        AnchorDelivery.objects.create(anchor_no=1, channel="a", at=AT, is_done=True)
        return ""

    places(monkeypatch, a=send)

    assert anchoring.bring_out(1, at=AT) == []
    assert AnchorDelivery.objects.count() == 1


def tried(channel: str, minutes: int, problem: str = "", *, no: int = 1) -> None:
    AnchorDelivery.objects.create(
        anchor_no=no, channel=channel, at=AT + minutes * MINUTE, is_done=not problem, problem=problem
    )


def test_how_an_anchor_fares_is_told_place_by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = cast_one()
    places(monkeypatch, a=break_down, b=break_down, c=break_down)
    tried("a", 1, "先不通")
    tried("a", 3, "又不通")
    tried("b", 1, "不通")
    tried("b", 2)
    tried("c", 9, "别号不通", no=2)

    assert anchoring.standing(anchor) == [
        anchoring.Standing("a", "地方a", False, 2, AT + 3 * MINUTE, "又不通"),
        anchoring.Standing("b", "地方b", True, 2, AT + 2 * MINUTE, ""),
        anchoring.Standing("c", "地方c", False, 0, None, ""),
    ]


def test_a_place_reached_once_is_reached_whatever_came_after(monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = cast_one()
    places(monkeypatch, a=break_down)
    tried("a", 1)
    tried("a", 2, "后来不通")

    (place,) = anchoring.standing(anchor)

    assert (place.is_done, place.problem) == (True, "")


@pytest.mark.parametrize(
    ("tries", "pause"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60), (20, 60)]
)
def test_the_pause_doubles_with_each_try_up_to_an_hour(
    monkeypatch: pytest.MonkeyPatch, tries: int, pause: int
) -> None:
    cast_one()
    places(monkeypatch, a=break_down)
    for _ in range(tries):
        tried("a", 0, "不通")

    assert anchoring.to_bring_out(at=AT + pause * MINUTE - timedelta(seconds=1)) is None
    assert anchoring.to_bring_out(at=AT + pause * MINUTE) == (1, tries)


def test_of_several_open_places_the_most_tried_and_the_last_try_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast_one()
    places(monkeypatch, a=break_down, b=break_down, c=break_down, d=break_down)
    for minutes in (0, 1, 2):
        tried("a", minutes, "不通")
    tried("b", 5, "不通")
    for minutes in range(9):
        tried("c", minutes + 60, "不通")
    tried("c", 70)

    assert anchoring.to_bring_out(at=AT + 12 * MINUTE) is None
    assert anchoring.to_bring_out(at=AT + 13 * MINUTE) == (1, 3)


def test_there_is_nothing_to_bring_out_before_the_first_anchor_and_when_all_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places(monkeypatch, a=break_down)
    assert anchoring.to_bring_out(at=AT) is None

    cast_one()
    tried("a", 0)
    assert anchoring.to_bring_out(at=AT + 600 * MINUTE) is None


def test_only_the_newest_anchor_is_brought_out(monkeypatch: pytest.MonkeyPatch) -> None:
    places(monkeypatch, a=break_down)
    cast_one()
    ledger.write_and_seal(1, at=AT)
    anchoring.cast_if_due(at=AT + 10 * MINUTE)
    tried("a", 0, "不通")

    assert anchoring.to_bring_out(at=AT + 10 * MINUTE) == (2, 0)


def test_an_anchor_is_numbered_dated_and_proved_by_its_own_digest(settings: Any) -> None:
    settings.CHAIN_ALG = "sm3"
    anchor = cast_one()

    stored = AuditAnchor.objects.get()
    told = anchoring.told(stored)
    assert (stored.no, stored.at, stored.alg, stored.reason) == (1, AT, "sm3", "time")
    assert told == {
        "no": 1,
        "at": "2026-03-02T01:00:00.000000+00:00",
        "alg": "sm3",
        "heads": {"changes": anchor.heads["changes"]},
        "digest": proof.anchor_digest(told),
    }
    assert json.loads(proof.anchor_line(told)) == told


def test_seals_of_both_books_are_counted_towards_the_next_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    cast_one()
    monkeypatch.setattr(anchoring, "SEALS", 2)
    entry = ledger.write()[0]
    sealing.keep_up(at=AT)
    assert anchoring.cast_if_due(at=AT) is None
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")
    sealing.keep_up(at=AT)

    anchor = anchoring.cast_if_due(at=AT)

    assert anchor is not None and anchor.reason == "seals"
    assert sorted(anchor.heads) == ["changes", "reads"]
    assert anchor.heads["changes"][0] == 2


def test_a_paper_that_is_anchored_already_hurries_no_further_anchor() -> None:
    entry = ledger.write_and_seal(1, at=AT)[0]
    ledger.write(1, paper="安督通〔2026〕1号")
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")
    sealing.keep_up(at=AT)
    first = anchoring.cast_if_due(at=AT)
    ledger.write_and_seal(1, at=AT)

    assert first is not None and first.reason == "paper"
    assert anchoring.cast_if_due(at=AT + 9 * MINUTE) is None
