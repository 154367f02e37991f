"""Knocking at doors: one request at a time, put back afterwards, and the forms that pages offer, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from tests.factories.findings import upload

from .ground import Ground, of, people_rows
from .pages import Control, Form, read
from .people import Asker, kind_of
from .rows import Written, put_back

LOTS = re.compile(
    r'(X-CSRFToken": ?"|csrfmiddlewaretoken" value="|made_key" value="|client_key" value="|nonce=")[^"]+'
)
Data = list[tuple[str, Any]]
PHOTOS = ("photos", "files", "attachment")
# Blank fields filled in although a browser would not insist, and prefilled ones that are changed.
ALSO = ("arrived", "unit_signature", "heard_on", "speaker", "category", "person_post", "mail_address")
CHOSEN = ("category", "kind", "means", "leader", "approver", "grade", "liaison", "person_kind")
CHANGED = {"working_days": "20", "months": "9", "source": "新的通知"}
# The files handed in at the doors that import.
SHEETS = {
    "people:unit_import": "单位代码,单位名称,上级单位代码\nU0900,新设单位,U0001\n",
    "people:calendar_import": "起始日,终止日,类型,名称\n2027-01-01,2027-01-03,休,元旦\n",
    "findings:ledger_import": "日期,责任单位,问题,分类\n2024-05-16,南区审批局,窗口无人在岗,D1-03\n",
    "inspections:rules_import": "清单代码,条号,原文\nRL-P10,1,不得迟到早退。\n",
}
OF_A_DOOR: dict[str, dict[str, str]] = {
    "people:recovery_new": {"user": "reader"},
    "findings:transfer_move": {"unit": "南区民政局"},
    "findings:part_add": {"unit": "南区民政局", "working_days": "2"},
}
# Who between them may do everything there is to do about the rows of the South.
WALKERS = ("team_leader", "inspector", "clerk", "leader", "unit_head")
TICKED = ("row", "finding", "observation", "set_aside", "members", "causes", "message", "is_mail_on")
TYPED: dict[str, str] = {
    "reason": "现场记录、照片与单位说明一致。",
    "text": "当日确有外出，事出有因。",
    "speaker": "办公室主任",
    "category": "D1-03",
    "heard_on": "2026-03-02",
    "talk_on": "2026-03-02",
    "talk_place": "督查办会议室",
    "talk_record": "单位承诺月底前完成。",
    "done_on": "2026-03-02",
    "requirement": "立即整改，落实顶岗安排。",
    "contact": "督查一科 0000-1234567",
    "title": "窗口无人在岗",
    "facts": "上午窗口无人在岗，三名群众等候。",
    "grade": "2",
    "starts_on": "2026-03-02",
    "ends_on": "2026-03-13",
    "since": "2026-03-02",
    "name": "某某",
    "username": "newcomer",
    "code": "U9",
    "parent": "安平市督查办公室",
    "home_unit": "安平市督查办公室",
    "unit": "安平市督查办公室",
    "user": "reader",
    "role": "inspector",
    "source": "有关通知",
    "arrived": "09:30",
    "visited_on": "2026-03-02",
    "unit_signature": "值班负责人已签字",
    "made_key": "5f0f7a5e-3c0e-4f0e-9d0e-0a0a0a0a0a0a",
    "old_password": "渡口-灯塔-2026",
    "new_password1": "石桥-竹林-3037",
    "new_password2": "石桥-竹林-3037",
    "narrative": "总体情况平稳。",
    "person_post": "综合窗口负责人",
    "person_kind": "both",
    "authority": "安平市纪委监委",
    "decided_on": "2026-03-02",
    "decision_number": "安纪决〔2026〕9号",
    "basis": "本地规定",
    "mail_address": "someone@example.gov.cn",
}


@dataclass
class Answer:
    """What came back, and what it wrote before it was put back. page: with what is drawn by lot."""

    response: HttpResponseBase
    written: Written
    page: str = ""

    @property
    def text(self) -> str:
        return LOTS.sub("", self.page)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def is_done(self) -> bool:
        """Carried out: something was written, and led on or, where a password is shown once, told at once."""
        is_shown_once = self.status == 200 and "conduct_auditentry" in self.written.tables
        return (self.status == 302 or is_shown_once) and bool(self.written.business())


@dataclass
class Sent:
    """A form as somebody sends it: the door, the address, and every field."""

    door: str
    asker: Asker
    url: str
    data: Data
    form: Form
    move: str = ""


def call(asker: Asker, method: str, url: str, data: Any = None) -> Answer:
    """One request, and everything back to where it was."""
    jar = copy(asker.client.cookies)
    with put_back() as written:
        response = getattr(asker.client, method)(url, data=data or {})
        page = body(response)
    asker.client.cookies = jar
    return Answer(response, written, page)


def body(response: HttpResponseBase) -> str:
    """The text of an answer."""
    if response.streaming:  # type: ignore[attr-defined]
        return b"".join(response.streaming_content).decode("utf-8", "replace")  # type: ignore[attr-defined]
    return response.content.decode("utf-8", "replace")  # type: ignore[attr-defined]


def door_of(url: str) -> tuple[str, dict[str, Any]]:
    """Which door an address leads to, and with which keys; none for what is no page."""
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return "", {}
    return match.view_name, match.kwargs


def addresses(ground: Ground, doors: dict[str, Any], *, is_whole: bool) -> Iterator[tuple[str, str]]:
    """Every page of one's own side, with its door: plain ones, those of a row, those that ask a question.

    is_whole: those of every row, in whatever state; else of one of each kind
    """
    keys = people_rows(ground)
    plain_ones = plain(doors)
    for name, door in doors.items():
        if "GET" not in door.methods:
            continue
        found = [()] if name in plain_ones else keys.get(name) or of(kind_of(name))(ground.south)
        for arguments in found if is_whole else found[:1]:
            yield name, reverse(name, args=arguments)
    yield from _questions(ground)


def _questions(ground: Ground) -> Iterator[tuple[str, str]]:
    rows = ground.south.rows
    new, again, confirmed = rows["finding"][8], rows["finding"][10], rows["finding"][6]
    seen, campaign = rows["observation"][0], rows["campaign"][1]
    for name, query in (
        ("findings:merge", f"finding={new.pk}&finding={again.pk}"),
        ("findings:notice_issue", f"finding={confirmed.pk}"),
        ("findings:raise", f"observation={seen.pk}"),
        ("inspections:visit_new", f"campaign={campaign.pk}&unit={ground.south.cast.west.pk}"),
        ("inspections:visit_new", f"campaign={campaign.pk}&unit={ground.south.cast.east_bureau.pk}"),
        ("reports:search", "q=窗口"),
        ("inspections:campaign_units", "find=南区"),
        ("inspections:campaign_search", "campaign="),
        ("people:unit_search", "q=南区"),
        ("people:user_search", "q=南区"),
    ):
        yield name, f"{reverse(name)}?{query}"


def plain(doors: Iterable[str]) -> frozenset[str]:
    """Doors whose address needs no key."""
    return _plain(frozenset(doors))


@cache
def _plain(names: frozenset[str]) -> frozenset[str]:
    found = set()
    for name in names:
        with suppress(NoReverseMatch):
            reverse(name)
            found.add(name)
    return frozenset(found)


@dataclass
class Walk:
    """What somebody found on the pages: answers by address, forms to send, addresses with a question."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    asked: dict[str, tuple[str, Asker]] = field(default_factory=dict)


def walk(ground: Ground, askers: list[Asker], doors: dict[str, Any]) -> Walk:
    """Every page of one's own side as each person sees it."""
    found = Walk()
    taken: set[tuple[str, str, tuple[str, str] | None, str]] = set()
    for asker in askers:
        for name, url in addresses(ground, doors, is_whole=asker.name in WALKERS):
            if not doors[name].admits("GET", asker.roles):
                continue
            answer = found.answers[asker.name, url] = call(asker, "get", url)
            if answer.status == 200 and "text/html" in answer.response.headers.get("Content-Type", ""):
                _collect(found, answer, url, asker, taken)
    return found


def _collect(found: Walk, answer: Answer, url: str, asker: Asker, taken: set[Any]) -> None:
    forms, links = read(answer.page, here=url)
    for form in forms:
        door, keys = door_of(form.action)
        # A form of the same make on the page of another row in another state is another chance to succeed.
        make = (door, keys.get("move", "") or str(keys), form.button, asker.name)
        if form.method == "get":
            query = "&".join(f"{name}={value}" for name, value in filled(form))
            found.asked.setdefault(
                f"{asker.name} {door} form", (f"{urlsplit(form.action).path}?{query}", asker)
            )
        elif door and (form.action, *make) not in taken:
            taken.add((form.action, *make))
            found.sent.append(
                Sent(door, asker, form.action, filled(form), form, move=str(keys.get("move", "")))
            )
    for link in links:
        door, _ = door_of(link)
        names = ",".join(sorted(name for name, _ in parse_qsl(urlsplit(link).query)))
        if door and names:
            found.asked.setdefault(f"{asker.name} {door} {names}", (link, asker))


def filled(form: Form) -> Data:
    """The form as somebody would send it who fills in what it lacks."""
    door, _ = door_of(form.action)
    typed = TYPED | OF_A_DOOR.get(door, {})
    data: Data = []
    for control in form.controls:
        if (value := _value(control, form, data, typed, SHEETS.get(door, ""))) is not None:
            data.append((control.name, value))
    if form.button:
        data.append(form.button)
    return data


def _value(control: Control, form: Form, data: Data, typed: dict[str, str], sheet: str) -> Any:
    """What the field sends; None when it sends nothing."""
    short = control.name.rsplit("-", 1)[-1]
    if control.kind == "file":
        return upload() if short in PHOTOS else SimpleUploadedFile("名单.csv", sheet.encode(), "text/csv")
    if control.kind in ("checkbox", "radio"):
        wants = control.is_on or (
            (control.kind == "radio" or short in TICKED) and not _is_answered(control, form, data)
        )
        return control.value if wants else None
    if short in CHANGED:
        return CHANGED[short]
    if control.value:
        return control.value
    if control.kind == "select":
        return _option(control, data, typed, short)
    if control.is_required or control.kind == "textarea" or short in ALSO:
        return typed.get(short, "" if control.kind == "hidden" else "情况属实。")
    return ""


def _option(control: Control, data: Data, typed: dict[str, str], short: str) -> str:
    offered = [option for option in control.options if option]
    members = [value for name, value in data if name == control.name.replace("leader", "members")]
    if short == "leader" and members:
        return str(members[0])
    if typed.get(short) in offered:
        return typed[short]
    return offered[0] if offered and (control.is_required or short in CHOSEN) else ""


def _is_answered(control: Control, form: Form, data: Data) -> bool:
    """Whether the group has its answer: one of a choice, two people of a team, one of what is ticked."""
    on = [other for other in form.controls if other.name == control.name and other.is_on]
    sent = [name for name, _ in data if name == control.name]
    return bool(on) or len(sent) >= (2 if control.name.endswith("members") else 1)


def send(sent: Sent, data: Data | None = None, *, url: str = "") -> Answer:
    """Post a form, with its own fields or others."""
    return call(sent.asker, "post", url or sent.url, as_posted(sent.data if data is None else data))


def as_posted(data: Data) -> dict[str, list[Any]]:
    """The fields as the client takes them; a file is read anew each time."""
    posted: dict[str, list[Any]] = {}
    for name, value in data:
        if hasattr(value, "seek"):
            value.seek(0)
        posted.setdefault(name, []).append(value)
    return posted
