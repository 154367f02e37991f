"""The standards are versioned data: a new version never touches what was filed under an old one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from conduct.errors import Forbidden, Refused
from inspections.actions import standards
from inspections.models import Cause, Crosswalk, RuleItem, RuleList, Taxonomy
from inspections.queries import scheme_files
from inspections.queries import standards as standing
from inspections.rules.taxonomy import Node
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, stand_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    standards.load_shipped()
    return stand_up()


def as_clerk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.clerk)
    return client


def test_both_schemes_come_with_the_product(cast: Cast) -> None:
    counted = {scheme.taxonomy.scheme: scheme.indicators for scheme in standing.schemes()}

    assert counted == {"speech": 43, "report": 27}


def test_loading_again_changes_nothing(cast: Cast) -> None:
    before = (
        Taxonomy.objects.count(),
        Cause.objects.count(),
        Crosswalk.objects.count(),
        RuleList.objects.count(),
    )

    standards.load_shipped()

    after = (
        Taxonomy.objects.count(),
        Cause.objects.count(),
        Crosswalk.objects.count(),
        RuleList.objects.count(),
    )
    assert after == before == (2, 27, 15, 3)


def test_the_rule_lists_come_without_a_text(cast: Cast) -> None:
    assert [line.articles for line in standing.rule_lists()] == [[], [], []]
    assert as_clerk(cast).get(reverse("inspections:standards")).content.decode().count("原文待录入") == 3


def test_the_five_problems_have_counterparts_among_the_four(cast: Cast) -> None:
    pairs = {source.code: [target.code for target in targets] for source, targets in standing.counterparts()}

    assert pairs["R4"] == ["A1", "C1", "D1"]


@pytest.mark.parametrize(("words", "codes"), [("tgcg", ["D1-02"]), ("脱岗", ["D1-02"]), ("d1-03", ["D1-03"])])
def test_an_indicator_is_found_by_name_code_or_initials(cast: Cast, words: str, codes: list[str]) -> None:
    hits = standing.search_indicators(taxonomy=standing.current("speech"), text=words)

    assert [hit.code for hit in hits] == codes


def test_the_search_answers_with_a_fragment(cast: Cast) -> None:
    url = reverse("inspections:indicator_search")

    fragment = as_clerk(cast).get(url, {"q": "wdq"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment


def test_a_new_version_leaves_old_observations_where_they_are(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing())
    nodes = standing.nodes_of(standing.current("speech"))
    nodes = [replace(node, name="上班时间上网、玩游戏") if node.code == "D1-03" else node for node in nodes]

    new = standards.publish(scheme="speech", nodes=nodes, by=cast.clerk, at=AT)

    assert new.version == 2
    assert visit.observations.get().category.name == "上网聊天、玩游戏"
    assert new.categories.get(code="D1-03").name == "上班时间上网、玩游戏"
    assert visit.campaign.taxonomy.version == 1


def test_a_new_version_takes_causes_and_counterparts_along(cast: Cast) -> None:
    nodes = standing.nodes_of(standing.current("speech"))
    nodes.append(Node(code="D3-06", name="其他不廉", parent="D3"))

    new = standards.publish(scheme="speech", nodes=nodes, by=cast.clerk, at=AT)

    assert new.causes.count() == standing.versions("speech").last().causes.count()
    assert len(standing.counterparts()) == 5
    assert [hit.code for hit in standing.indicators(new)][-1] == "D3-06"


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (Node(code="", name="空", parent="A"), "没有编码"),
        (Node(code="a1", name="小写", parent="A"), "不合规则"),
        (Node(code="A1-01", name="重复", parent="A1"), "编码“A1-01”重复"),
        (Node(code="A9", name="", parent="A"), "没有名称"),
        (Node(code="A9", name="长" * 61, parent="A"), "名称有61个字，最多60个字"),
        (Node(code="A9", name="说法", parent="A", phrase="长" * 61), "通俗说法有61个字"),
        (Node(code="A9", name="无根", parent="Z"), "上级编码“Z”不在表中"),
        (Node(code="A9-01", name="过深", parent="A1-01"), "层级超过3级"),
        (Node(code="ABCDE", name="顶层"), "顶层类别的编码最多4个字符"),
        (Node(code="E", name="空类"), "下面没有指标"),
    ],
)
def test_a_faulty_scheme_is_not_published(cast: Cast, node: Node, sentence: str) -> None:
    nodes = [*standing.nodes_of(standing.current("speech")), node]

    with pytest.raises(Refused, match=sentence):
        standards.publish(scheme="speech", nodes=nodes, by=cast.clerk, at=AT)

    assert Taxonomy.objects.count() == 2


def test_an_empty_scheme_is_not_published(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有任何分类"):
        standards.publish(scheme="speech", nodes=[], by=cast.clerk, at=AT)


def test_the_same_again_is_not_published(cast: Cast) -> None:
    nodes = standing.nodes_of(standing.current("speech"))

    with pytest.raises(Refused, match="与现行版本完全相同"):
        standards.publish(scheme="speech", nodes=nodes, by=cast.clerk, at=AT)


def test_an_inspector_does_not_publish(cast: Cast) -> None:
    nodes = standing.nodes_of(standing.current("speech"))[:-1]

    with pytest.raises(Forbidden):
        standards.publish(scheme="speech", nodes=nodes, by=cast.inspector, at=AT)


def test_the_exported_file_comes_back_as_the_same_lines(cast: Cast) -> None:
    answer = as_clerk(cast).get(reverse("inspections:standards_export", args=["report"]))

    nodes, numbers = scheme_files.read(name="分类.xlsx", content=answer.content)

    assert nodes == standing.nodes_of(standing.current("report"))
    assert numbers[0] == 2


def test_a_file_publishes_the_next_version(cast: Cast) -> None:
    lines = "编码,上级编码,名称\nA,,大局意识\nA1,A,决策部署执行不力\n"

    answer = as_clerk(cast).post(
        reverse("inspections:standards_publish", args=["speech"]),
        {"by": "file", "file": SimpleUploadedFile("分类.csv", lines.encode())},
    )

    assert answer.url == reverse("inspections:standards")
    assert standing.current("speech").categories.count() == 2


def test_a_nested_file_publishes_as_well(cast: Cast) -> None:
    nested = '{"categories": [{"code": "A", "name": "大局意识", "children": [{"code": "A1", "name": "执行不力"}]}]}'

    as_clerk(cast).post(
        reverse("inspections:standards_publish", args=["speech"]),
        {"by": "file", "file": SimpleUploadedFile("分类.json", nested.encode())},
    )

    assert [node.code for node in standing.nodes_of(standing.current("speech"))] == ["A", "A1"]


def test_a_faulty_file_names_its_rows(cast: Cast) -> None:
    lines = "编码,上级编码,名称\nA,,大局意识\n\nA1,Z,执行不力\n"

    answer = as_clerk(cast).post(
        reverse("inspections:standards_publish", args=["speech"]),
        {"by": "file", "file": SimpleUploadedFile("分类.csv", lines.encode())},
    )

    assert answer.status_code == 422
    assert "第4行：上级编码“Z”不在表中" in answer.content.decode()


def test_the_form_publishes_with_changes(cast: Cast) -> None:
    client, url = as_clerk(cast), reverse("inspections:standards_publish", args=["report"])
    form = client.get(url).context["nodes"].lines
    data = {"by": "lines", "lines-TOTAL_FORMS": len(form), "lines-INITIAL_FORMS": form.initial_form_count()}
    for line in form:
        data |= {line.add_prefix(name): value for name, value in line.initial.items()}
    data["lines-1-name"] = "观念不适应新要求"
    data["lines-2-retired"] = "on"
    data |= {"lines-32-code": "R1-7", "lines-32-parent": "R1", "lines-32-name": "新的一条"}

    answer = client.post(url, data)

    assert answer.status_code == 302
    codes = [node.code for node in standing.nodes_of(standing.current("report"))]
    assert "R1-2" not in codes and codes.index("R1-7") < codes.index("R2")
    assert standing.current("report").categories.get(code="R1-1").name == "观念不适应新要求"


ROWS = "清单代码,条号,原文,出处\nRL-P10,1,不准甲,某文件\nRL-P10,2,不准乙,\n"


def import_file(text: str, tmp_path: Path) -> str:
    path = tmp_path / "规定.csv"
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("import_rules", str(path), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_rules_are_taken_in_by_command(cast: Cast, tmp_path: Path) -> None:
    said = import_file(ROWS, tmp_path)

    assert "第1版），2条" in said
    assert [item.text for item in standing.rule_items()] == ["不准甲", "不准乙"]


def test_a_list_with_a_text_gets_a_new_version(cast: Cast, tmp_path: Path) -> None:
    import_file(ROWS, tmp_path)

    import_file(ROWS.replace("甲", "丙"), tmp_path)

    assert [item.text for item in standing.rule_items()] == ["不准丙", "不准乙"]
    assert RuleItem.objects.filter(rule_list__version=1).count() == 2


def test_one_bad_row_and_nothing_is_taken_in(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="有3处要改，没有录入任何内容"):
        import_file(ROWS + "RL-X,1,甲,\nRL-P10,2,重复,\nRL-P10,3,,\n", tmp_path)

    assert not RuleItem.objects.exists()


def test_trying_out_takes_nothing_in(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "规定.csv"
    path.write_text(ROWS, encoding="utf-8")

    call_command("import_rules", str(path), "--dry-run", stdout=io.StringIO())

    assert not RuleItem.objects.exists()


def test_the_page_previews_first_and_takes_in_after_consent(cast: Cast) -> None:
    client, url = as_clerk(cast), reverse("inspections:rules_import")
    shown = client.post(url, {"file": SimpleUploadedFile("规定.csv", ROWS.encode())})
    assert "不准甲" in shown.content.decode()
    assert not RuleItem.objects.exists()

    answer = client.post(url, {"token": shown.context["preview"].token})

    assert answer.url == reverse("inspections:standards")
    assert RuleItem.objects.count() == 2


def test_the_page_names_the_bad_rows(cast: Cast) -> None:
    bad = SimpleUploadedFile("规定.csv", (ROWS + "RL-P10,九,文,\n").encode())

    answer = as_clerk(cast).post(reverse("inspections:rules_import"), {"file": bad})

    assert answer.status_code == 422
    assert "第 4 行" in answer.content.decode() and "条号“九”应是1到200的整数" in answer.content.decode()


def test_an_empty_file_is_refused(cast: Cast) -> None:
    answer = as_clerk(cast).post(
        reverse("inspections:rules_import"), {"file": SimpleUploadedFile("规定.csv", b" ")}
    )

    assert answer.status_code == 422
    assert "空文件" in answer.content.decode()


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("SHI,1,甲\nSHI,01,乙\n", "第1条重复"),
        ("SHI,000001999999,甲\n", "应是1到200的整数"),
        ("SHI,201,甲\n", "应是1到200的整数"),
        ("SHI,-1,甲\n", "应是1到200的整数"),
        ("SHI,一,甲\n", "应是1到200的整数"),
        ("SHI,1,\n", "没有写原文"),
    ],
)
def test_a_number_that_is_no_number_of_an_article_is_named(cast: Cast, lines: str, sentence: str) -> None:
    code = RuleList.objects.order_by("pk")[0].code
    upload = SimpleUploadedFile("规定.csv", f"清单代码,条号,原文\n{lines.replace('SHI', code)}".encode())

    answer = as_clerk(cast).post(reverse("inspections:rules_import"), {"file": upload})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not RuleItem.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这是空文件（0 字节），请重新选择。"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "“标准.xlsx”"),
        (b"PK\x03\x04" + b"\0" * 64, "“标准.xlsx”"),
        (b"{" * 5000, "“标准.xlsx”不是完整的 JSON 文件"),
        (b"a" * (10 * 1024 * 1024 + 1), "“标准.xlsx”有 10.0 MB，超过上限 10 MB"),
    ],
    ids=["empty", "picture", "broken", "deep", "large"],
)
def test_a_file_that_is_no_scheme_is_said(cast: Cast, content: bytes, sentence: str) -> None:
    url = reverse("inspections:standards_publish", args=["speech"])

    answer = as_clerk(cast).post(url, {"by": "file", "file": SimpleUploadedFile("标准.xlsx", content)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Taxonomy.objects.filter(scheme="speech").count() == 1
