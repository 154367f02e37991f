"""One search over visits, findings, answers and papers, in which nobody learns of what is not theirs."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from conduct import clock
from conduct.models import SearchText
from conduct.search import filling, index
from findings.actions import findings as judging
from findings.actions import rectifications, statements
from findings.models import Finding
from inspections.actions import visits
from people.models import User
from people.roles import Role
from reports.actions import bulletins
from reports.queries import found
from reports.rules.periods import AD_HOC, Period
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, report_of
from tests.factories.reports import S, make_finding
from tests.reports.browsing import page, see

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 20)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def titles(client: Client, user: User, q: str, **more: object) -> list[str]:
    """The titles of what the page lists, without the marks."""
    text = page(see(client, user, "search", q=q, **more))
    lines = re.findall(r'<p class="found-title"><a [^>]*>(.*?)</a></p>', text, re.S)
    return [re.sub(r"</?mark>", "", line) for line in lines]


def finding(cast: Cast, title: str, *, day: date = DAY, unit: str = "east", **fields: object) -> Finding:
    return make_finding(
        cast, getattr(cast, unit), "D1-03", day=day, title=title, facts=f"{title}。", **fields
    )


def test_findings_visits_answers_and_papers_are_found_newest_first(client: Client, cast: Cast) -> None:
    Line(cast).submitted(unit=cast.east)
    made.locked_visit(cast, made.seen_playing(facts="综合窗口无人在岗。"))
    index.fill()

    found_kinds = re.findall(r'<p class="mute">(\S+) ·', page(see(client, cast.clerk, "search", q="窗口")))

    assert set(found_kinds) == {"问题", "检查记录", "单位答复", "文书"}


def test_the_newest_comes_first(client: Client, cast: Cast) -> None:
    finding(cast, "窗口甲", day=date(2026, 1, 5))
    finding(cast, "窗口丙", day=date(2026, 2, 5))
    finding(cast, "窗口乙", day=date(2026, 1, 20))
    index.fill()

    assert titles(client, cast.clerk, "窗口") == ["窗口丙", "窗口乙", "窗口甲"]


def test_a_kind_narrows_what_is_found(client: Client, cast: Cast) -> None:
    made.locked_visit(cast, made.seen_playing(facts="窗口无人。"))
    finding(cast, "窗口甲")
    index.fill()

    assert titles(client, cast.clerk, "窗口", kind="finding") == ["窗口甲"]
    assert [title[:8] for title in titles(client, cast.clerk, "窗口", kind="visit")] == ["东区行政审批局检"]


def test_a_unit_finds_its_own_and_nothing_of_others(client: Client, cast: Cast) -> None:
    finding(cast, "东区窗口", state=S.ASSIGNED)
    finding(cast, "西区窗口", unit="west", state=S.ASSIGNED)
    index.fill()

    assert titles(client, cast.east_head, "窗口", kind="finding") == ["东区窗口"]
    assert titles(client, cast.west_head, "窗口", kind="finding") == ["西区窗口"]


def test_a_unit_does_not_find_what_it_has_not_been_told(client: Client, cast: Cast) -> None:
    finding(cast, "窗口已交办", state=S.ASSIGNED)
    for number in range(30):
        finding(cast, f"窗口未告知{number}", day=DAY + timedelta(days=1), state=S.CONFIRMED)
    index.fill()

    text = page(see(client, cast.east_head, "search", q="窗口", kind="finding"))

    assert titles(client, cast.east_head, "窗口", kind="finding") == ["窗口已交办"]
    assert "筛出 1 条" in text


@pytest.mark.parametrize("name", ["east_head", "west_head", "inspector", "reader"])
def test_hidden_rows_change_nothing_on_the_page(client: Client, cast: Cast, name: str) -> None:
    """Two worlds: with rows the person may not see, and without them."""
    user = getattr(cast, name)
    finding(cast, "窗口已交办", state=S.ASSIGNED)
    index.fill()
    lots = r'(X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]+'

    def look() -> str:
        return re.sub(lots, "", page(see(client, user, "search", q="窗口")))

    before = look()
    hidden_from = {"east_head": "west", "west_head": "east", "inspector": "west", "reader": ""}[name]
    if hidden_from:
        state = S.ASSIGNED if name == "inspector" else S.CONFIRMED
        finding(cast, "窗口另一件", unit=hidden_from, day=DAY + timedelta(days=2), state=state)
    else:
        made.locked_visit(cast, made.seen_playing(facts="窗口无人。"))
        draft = bulletins.draft(
            kind=AD_HOC, office=cast.city, period=Period(DAY, DAY), by=cast.clerk, at=AT, made_key="one"
        )
        bulletins.edit(bulletin=draft, narrative="窗口", expected=draft.version, by=cast.clerk, at=AT)
    index.fill()

    assert SearchText.objects.count() > 1
    assert look() == before


def test_a_draft_report_is_found_by_the_unit_and_not_by_the_office(client: Client, cast: Cast) -> None:
    line = Line(cast)
    row = line.rectifying(unit=cast.east)
    rectifications.draft(
        finding=row,
        texts=rectifications.Texts(measures="已调整值班安排表。"),
        expected=report_of(row).version,
        by=cast.east_head,
        at=AT,
    )
    index.fill()

    assert len(titles(client, cast.east_head, "值班安排表")) == 1
    assert titles(client, cast.clerk, "值班安排表") == []


def test_a_draft_bulletin_is_found_by_the_office_and_not_by_its_readers(client: Client, cast: Cast) -> None:
    row = bulletins.draft(
        kind=AD_HOC, office=cast.city, period=Period(DAY, DAY), by=cast.clerk, at=AT, made_key="one"
    )
    bulletins.edit(bulletin=row, narrative="铁腕纠风。", expected=row.version, by=cast.clerk, at=AT)
    index.fill()

    assert titles(client, cast.clerk, "铁腕纠风") == [row.title]
    assert titles(client, cast.reader, "铁腕纠风") == []


def test_a_covert_visit_is_found_by_its_team_only_once_it_has_left(client: Client, cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    assert titles(client, cast.inspector, "节后暗访") == []

    visits.depart(campaign=campaign, unit=cast.west, by=cast.team_leader, at=made.AFTER)
    index.fill()

    assert len(titles(client, cast.inspector, "节后暗访")) == 1
    assert titles(client, cast.outside_inspector, "节后暗访") == []


def test_an_office_of_another_county_finds_nothing(client: Client, cast: Cast) -> None:
    other = make_user("west_clerk", "西区经办", home=cast.west)
    give_post(other, cast.west, Role.OFFICE_CLERK)
    Line(cast).submitted(unit=cast.east)
    index.fill()

    assert titles(client, other, "窗口") == []
    assert "没有找到" in page(see(client, other, "search", q="窗口"))


@pytest.mark.parametrize("name", ["system_admin", "security_admin", "auditor"])
def test_an_administrator_has_no_search(client: Client, cast: Cast, name: str) -> None:
    user = getattr(cast, name)

    assert see(client, user, "search", q="窗口").status_code == 403
    assert "top-search" not in page(client.get(reverse("password_change")))


def test_the_words_are_marked_and_markup_in_the_text_stays_text(client: Client, cast: Cast) -> None:
    finding(cast, "<b>窗口</b>&<script>alert(1)</script>")
    index.fill()

    text = page(see(client, cast.clerk, "search", q="窗口 script"))

    assert "&lt;b&gt;<mark>窗口</mark>&lt;/b&gt;&amp;&lt;<mark>script</mark>&gt;alert(1)" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x>', "' OR 1=1 --", '" AND *', "{{ 7*7 }}", "%", "_"]
)
def test_what_is_typed_is_only_looked_for(client: Client, cast: Cast, typed: str) -> None:
    finding(cast, "窗口甲")
    index.fill()

    answer = see(client, cast.clerk, "search", q=typed)

    assert answer.status_code == 200
    assert titles(client, cast.clerk, typed) == []
    assert f'value="{escape(typed)}"' in page(answer)


def test_all_words_must_be_in_the_same_text(client: Client, cast: Cast) -> None:
    finding(cast, "窗口无人")
    finding(cast, "窗口拥挤")
    index.fill()

    assert titles(client, cast.clerk, "无人　窗口") == ["窗口无人"]


def test_a_word_that_is_too_long_is_told_with_what_to_do(client: Client, cast: Cast) -> None:
    answer = see(client, cast.clerk, "search", q="长" * 21)

    assert "每个词最多 20 个字" in page(answer)
    assert f'value="{"长" * 21}"' in page(answer)


def test_pages_follow_each_other_without_gap_and_back(client: Client, cast: Cast) -> None:
    for number in range(45):
        finding(cast, f"窗口{number:02d}", day=DAY - timedelta(days=number // 2))
    index.fill()
    seen, addresses = [], [f"{reverse('reports:search')}?q=窗口"]
    client.force_login(cast.clerk)
    while len(addresses) < 4 and addresses[-1]:
        text = page(client.get(addresses[-1]))
        seen.append(re.findall(r"</?mark>(\d\d)</a>", text))
        older = re.search(r'rel="next" href="\?([^"]+)"', text)
        addresses.append(f"{reverse('reports:search')}?{older[1].replace('&amp;', '&')}" if older else "")
    newer = re.search(r'rel="prev" href="\?([^"]+)"', text)
    assert newer
    back = page(client.get(f"{reverse('reports:search')}?{newer[1].replace('&amp;', '&')}"))

    every = [number for numbers in seen for number in numbers]
    assert [len(numbers) for numbers in seen] == [20, 20, 5]
    assert len(set(every)) == 45
    assert re.findall(r"</?mark>(\d\d)</a>", back) == seen[1]


def test_a_count_stops_at_its_bound(client: Client, cast: Cast) -> None:
    for number in range(found.BOUND + 5):
        finding(cast, f"窗口{number}")
    index.fill()

    assert "筛出 100+ 条" in page(see(client, cast.clerk, "search", q="窗口"))


@pytest.mark.parametrize("cursor", ["x", "W10:1", ""])
def test_a_bad_cursor_gives_the_first_page(client: Client, cast: Cast, cursor: str) -> None:
    finding(cast, "窗口甲")
    index.fill()

    assert titles(client, cast.clerk, "窗口", after=cursor) == ["窗口甲"]


def test_what_no_longer_holds_the_word_is_not_shown_though_the_index_lags(client: Client, cast: Cast) -> None:
    row = finding(cast, "窗口甲")
    index.fill()
    Finding.objects.filter(pk=row.pk).update(title="已改", facts="已改。")

    assert titles(client, cast.clerk, "窗口") == []


def test_units_are_named_by_initials_and_lead_to_their_findings(client: Client, cast: Cast) -> None:
    cast.east_bureau.initials = "dqxzspj"
    cast.east_bureau.save()
    address = f"{reverse('findings:list')}?unit={cast.east_bureau.pk}"

    assert address in page(see(client, cast.clerk, "search", q="dqxz"))
    assert address not in page(see(client, cast.west_head, "search", q="dqxz"))


def test_the_part_alone_answers_when_the_page_asks_again(client: Client, cast: Cast) -> None:
    finding(cast, "窗口甲")
    index.fill()
    client.force_login(cast.clerk)

    answer = client.get(reverse("reports:search"), {"q": "窗口"}, headers={"HX-Request": "true"})

    assert "<html" not in page(answer)
    assert 'class="found"' in page(answer)


def test_a_search_asks_the_same_number_of_questions_for_one_hit_and_for_many(
    client: Client, cast: Cast, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        finding(cast, f"窗口{number}")
    index.fill()
    client.force_login(cast.clerk)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("reports:search"), {"q": "窗口"})


def test_a_unit_searches_the_wording_it_knows_until_the_notice_brings_another(
    client: Client, cast: Cast
) -> None:
    """Neither the search nor the ledger gives away what the office cut the facts down to."""
    line = Line(cast)
    row = statements.ask(finding=line.verifying(unit=cast.east), by=cast.clerk, at=AT)
    line.hear(row)
    row.refresh_from_db()
    row = judging.confirm_partly(
        finding=row, by=cast.second_clerk, at=AT, reason="部分属实。", facts="仅有一刻钟无人值守。"
    )
    filling.work_off()

    def finds(user: User, word: str) -> tuple[bool, bool]:
        client.force_login(user)
        ledger = page(client.get(reverse("findings:list"), {"words": word}))
        return bool(titles(client, user, word, kind="finding")), row.title in ledger

    assert finds(cast.east_head, "群众等候") == (True, True)
    assert finds(cast.east_head, "一刻钟") == (False, False)
    assert finds(cast.clerk, "一刻钟") == (True, True)
    assert finds(cast.clerk, "群众等候") == (False, False)

    line.issue(row)
    filling.work_off()

    assert finds(cast.east_head, "一刻钟") == (True, True)
    assert finds(cast.east_head, "群众等候") == (False, False)
