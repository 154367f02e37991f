from __future__ import annotations

import hashlib
import io
import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from conduct import audit, sheets
from conduct.errors import Forbidden, Refused
from findings.actions import history
from findings.models import Finding
from findings.queries import history as reading
from findings.rules.history import COLUMNS
from inspections.models import Campaign, Observation, Visit
from people.models import Unit
from tests.factories.cast import AT, PASSWORD, Cast

pytestmark = pytest.mark.django_db
CASES = Path(__file__).resolve().parent.parent / "cases"
TOWNSHIP = (CASES / "township-2013.json").read_bytes()
TODAY = date(2026, 3, 2)
LINE = (
    "2014-05-16",
    "15:07",
    "东区行政审批局",
    "审批科",
    "办公室",
    "D1-03",
    "电脑上玩游戏",
    "科长",
    1,
    1,
    "口头纠正",
)


def table(*rows: tuple[Any, ...]) -> bytes:
    return sheets.workbook(title="历史补录", headings=COLUMNS, rows=rows)


def look(content: bytes, cast: Cast, *, name: str = "过去.xlsx") -> reading.Preview:
    source, troubles = reading.read(
        name=name, content=content, title="过去的检查", method="暗访", today=TODAY
    )
    return reading.preview(source=source, troubles=troubles, office=cast.city)


def take_in(content: bytes, cast: Cast) -> Campaign:
    preview = look(content, cast)
    key = hashlib.sha256(content).hexdigest()
    return history.import_visits(preview=preview, import_key=key, office=cast.city, by=cast.clerk, at=AT)


def troubles_of(cast: Cast, **changes: Any) -> list[tuple[int, str]]:
    row = tuple(changes.get(name, value) for name, value in zip(COLUMNS, LINE, strict=True))
    return [(trouble.row, trouble.text) for trouble in look(table(row), cast).troubles]


def test_a_campaign_of_the_past_is_born_closed_with_what_its_source_states(cast: Cast) -> None:
    campaign = take_in(TOWNSHIP, cast)

    assert (campaign.state, campaign.is_historical) == (Campaign.State.CLOSED, True)
    assert (campaign.stated_pool, campaign.stated_units_visited) == (28, 10)
    assert campaign.outcome == "责令写出书面检查\n全乡通报"


def test_a_unit_the_source_does_not_name_is_the_unrecorded_unit_of_the_office(cast: Cast) -> None:
    take_in(TOWNSHIP, cast)

    unit = Unit.objects.get(is_unrecorded=True)
    assert (unit.name, unit.parent) == ("未记录单位", cast.city)
    assert set(Finding.objects.values_list("unit", flat=True)) == {unit.pk}


def test_what_the_source_does_not_say_stays_unrecorded(cast: Cast) -> None:
    take_in(TOWNSHIP, cast)

    visit = Visit.objects.get()
    assert (visit.state, visit.arrived_at, visit.left_at, visit.team) == (
        Visit.State.LOCKED,
        None,
        None,
        None,
    )
    assert set(Observation.objects.values_list("seen_at", flat=True)) == {None}


def test_a_problem_counts_as_often_as_its_source_says(cast: Cast) -> None:
    take_in(TOWNSHIP, cast)

    assert sorted(Finding.objects.values_list("count", "persons")) == [(1, 1), (1, 1), (5, 5)]


def test_findings_of_the_past_are_on_record_with_their_observation_and_history(cast: Cast) -> None:
    take_in(table(LINE), cast)

    finding = Finding.objects.get()
    seen = finding.observations.get()
    assert (finding.state, finding.is_historical, finding.unit) == ("on_record", True, cast.east_bureau)
    assert (finding.top, finding.visited_on, finding.month) == ("D", date(2014, 5, 16), date(2014, 5, 1))
    assert (seen.seen_at, seen.handled_on_spot, finding.department) == (time(15, 7), "口头纠正", "审批科")
    assert audit.history_of(subject=finding).get().label == "历史补录"


def test_rows_of_one_unit_on_one_day_are_one_visit(cast: Cast) -> None:
    later = ("2014-05-17", *LINE[1:])

    take_in(table(LINE, LINE, later), cast)

    assert sorted(len(visit.observations.all()) for visit in Visit.objects.all()) == [1, 2]


def test_the_same_file_twice_is_refused(cast: Cast) -> None:
    take_in(TOWNSHIP, cast)

    with pytest.raises(Refused, match=r"已于 2026-03-02 补录为“乡作风转变年第一次暗访”，不能重复补录"):
        take_in(TOWNSHIP, cast)


def test_a_file_with_one_bad_row_leaves_nothing_behind(cast: Cast) -> None:
    bad = (*LINE[:5], "Z9-99", *LINE[6:])

    with pytest.raises(Refused, match="有 1 处要改，没有补录任何内容"):
        take_in(table(LINE, bad), cast)

    assert not Campaign.objects.exists()


def test_an_inspector_may_not_take_in_the_past(cast: Cast) -> None:
    preview = look(TOWNSHIP, cast)

    with pytest.raises(Forbidden):
        history.import_visits(preview=preview, import_key="x", office=cast.city, by=cast.inspector, at=AT)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("单位", "不存在的局", "没有叫“不存在的局”的单位。请先在“单位”页导入单位"),
        ("指标编码", "Z9-99", "指标编码“Z9-99”不在现行分类中"),
        ("指标编码", "D1", "请填最末一级的编码"),
        ("日期", "2014-13-40", "不是日期"),
        ("日期", "2031-01-01", "晚于今天"),
        ("日期", "", "没有填写“日期”"),
        ("时间", "25:00", "不是时间"),
        ("涉及人数", "-1", "应在 0 至 9999 之间，现在是 -1"),
        ("涉及人数", "两人", "应填整数，现在是“两人”"),
        ("起数", "0", "应在 1 至 9999 之间"),
        ("事实", "", "没有填写“事实”"),
        ("事实", "长" * 20_001, "有 20001 字，最多 20000 字"),
        ("地点", "远" * 121, "最多 120 字"),
    ],
)
def test_a_bad_cell_is_told_with_its_row(cast: Cast, column: str, value: str, words: str) -> None:
    found = troubles_of(cast, **{column: value})

    assert [row for row, _ in found] == [2]
    assert words in found[0][1]


def test_a_unit_is_found_by_its_short_name_and_its_alias(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.west.pk).update(aliases=["西城"])

    assert troubles_of(cast, 单位="东区审批局") == []
    assert troubles_of(cast, 单位="西城") == []


def test_a_name_two_units_share_must_be_told_apart(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.west.pk).update(aliases=["东区审批局"])

    assert "有 2 个，请改填单位代码" in troubles_of(cast, 单位="东区审批局")[0][1]


@pytest.mark.parametrize("written", ["2014-05-16", "2014/5/16", "2014年5月16日", "2014.05.16"])
def test_days_are_read_as_people_write_them(cast: Cast, written: str) -> None:
    row = (written, *LINE[1:])

    source = look(table(row), cast).source

    assert source is not None
    assert source.first_day == date(2014, 5, 16)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"title": "x"}', "没有填写“date（日期）”"),
        (b'{"title":"x","date":"2014-05-16","method":"covert"}', "其中之一"),
        (b'{"title":"x","date":"2014-05-16","method":"sideways","visits":[{}]}', "检查方式“sideways”不认识"),
        (b'{"title":"x","date":"2014-05-16","method":"covert","visits":[]}', "至少一条记录"),
        (b'{"title":"x","date":"2014-05-16","method":"covert","visits":[3]}', "应是一条记录"),
        (b'{"title":["x"],"date":{},"method":[],"visits":[null],"draw":7,"scope":[]}', "应是一段文字"),
    ],
)
def test_a_campaign_in_json_is_told_what_it_lacks(cast: Cast, content: bytes, words: str) -> None:
    preview = look(content, cast, name="过去.json")

    assert preview.source is None
    assert any(words in trouble.text for trouble in preview.troubles)


def test_the_command_only_checks_when_asked_to(cast: Cast) -> None:
    out = io.StringIO()

    call_command("import_visits", CASES / "township-2013.json", "--dry-run", stdout=out)

    assert "核对无误：3 行，7 起问题，涉及 7 人。" in out.getvalue()
    assert not Campaign.objects.exists()


def test_the_command_takes_in_a_file(cast: Cast) -> None:
    call_command("import_visits", CASES / "township-2013.json", stdout=io.StringIO())

    assert Campaign.objects.get().office == cast.city


def test_the_command_ends_with_the_rows_that_are_wrong(cast: Cast) -> None:
    out = io.StringIO()

    with pytest.raises(CommandError, match="有 6 处要改，没有补录任何内容"):
        call_command("import_visits", CASES / "city-2014.json", stdout=out)

    assert "第 1 行：没有叫“甲区发改委”的单位。请先在“单位”页导入单位" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--office", "NONE"], "没有代码为“NONE”的单位"),
        (["--by", "inspector"], "没有可以补录历史的经办"),
    ],
)
def test_the_command_refuses_whom_it_does_not_know(cast: Cast, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_visits", CASES / "township-2013.json", *arguments, stdout=io.StringIO())


def test_the_command_says_when_a_file_is_not_there(cast: Cast) -> None:
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("import_visits", CASES / "none.json", stdout=io.StringIO())


class TestPage:
    @pytest.fixture
    def client(self, cast: Cast) -> Client:
        client = Client()
        client.login(username="clerk", password=PASSWORD)
        return client

    def send(self, client: Client, content: bytes, **fields: Any) -> Any:
        office = Unit.objects.get(name="安平市").pk
        upload = SimpleUploadedFile("过去.json", content)
        data = {"file": upload, "office": office, "title": "过去的检查", "method": "covert"} | fields
        return client.post(reverse("findings:history_import"), data)

    def test_a_file_is_shown_before_it_is_taken_in(self, client: Client) -> None:
        page = self.send(client, TOWNSHIP)

        assert page.status_code == 200
        assert "下班时间未到提前离岗" in page.text
        assert not Campaign.objects.exists()

    def test_what_was_shown_is_taken_in_without_choosing_the_file_again(self, client: Client) -> None:
        token = self.send(client, TOWNSHIP).context["token"]

        page = self.send(client, b"", file="", token=token, take_in="1")

        assert page.status_code == 302
        assert Campaign.objects.get().title == "乡作风转变年第一次暗访"

    def test_bad_rows_are_listed_and_the_form_keeps_what_was_chosen(self, client: Client) -> None:
        broken = json.loads(TOWNSHIP)
        broken["observations"][1]["fact"] = ""

        page = self.send(client, json.dumps(broken).encode())

        assert page.status_code == 422
        assert "第 2 行：没有填写“事实”，请补上。" in page.text
        assert 'value="过去的检查"' in page.text

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"{", b"PK\x03\x04 broken"])
    def test_what_is_no_table_is_answered_with_a_sentence(self, client: Client, content: bytes) -> None:
        page = self.send(client, content)

        assert page.status_code == 422
        assert "error-summary" in page.text

    def test_no_file_is_answered_with_a_sentence(self, client: Client) -> None:
        page = self.send(client, b"", file="")

        assert "请选择要补录的文件。" in page.text

    def test_a_forged_token_is_refused(self, client: Client) -> None:
        page = self.send(client, b"", file="", token="x:y:z", take_in="1")

        assert page.status_code == 422
        assert "预览已超过 2 小时或已失效，没有导入。请重新上传文件。" in page.text

    def test_the_template_is_read_back_as_a_table(self, client: Client, cast: Cast) -> None:
        template = client.get(reverse("findings:history_template")).getvalue()

        preview = look(template, cast)

        assert preview.is_clean
        assert preview.problems == 1

    def test_a_unit_head_does_not_find_the_page(self, cast: Cast) -> None:
        client = Client()
        client.login(username="east_head", password=PASSWORD)

        assert client.get(reverse("findings:history_import")).status_code in (403, 404)
