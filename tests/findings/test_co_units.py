"""Joint matters: one unit leads, others have parts of their own, each with its task, term and answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import clock
from conduct.errors import Forbidden, NotFromHere, Refused
from findings.actions import co_units, rectifications
from findings.models import CoUnit, CoUnitFile, Finding
from findings.moves import co_unit as table
from findings.queries import owed
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again, report_of, upload
from tests.findings.browsing import browser, get, post, text_of

pytestmark = pytest.mark.django_db
S = CoUnit.State
TASK = "请提供大厅值守记录并落实顶岗。"


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def give(line: Line, finding: Finding | None = None, **changes: Any) -> CoUnit:
    options: dict[str, Any] = {
        "unit": line.cast.west,
        "task": TASK,
        "contact": "督查一科",
        "working_days": 5,
        "by": line.cast.clerk,
        "at": AT,
    }
    part = co_units.give(finding=finding or line.received(), **options | changes)
    return fresh(part)


def fresh(part: CoUnit) -> CoUnit:
    return CoUnit.objects.select_related("unit", "finding__unit").get(pk=part.pk)


def answer(part: CoUnit, cast: Cast, **changes: Any) -> CoUnit:
    options: dict[str, Any] = {
        "text": "值守记录已提供。",
        "uploads": [upload()],
        "by": cast.west_head,
        "at": AT,
    }
    return co_units.answer(part=part, **options | changes)


def send_back(part: CoUnit, cast: Cast, **changes: Any) -> CoUnit:
    options: dict[str, Any] = {"reason": "缺少三月的记录。", "by": cast.second_clerk, "at": AT}
    return co_units.send_back(part=part, **options | changes)


def release(part: CoUnit, cast: Cast, **changes: Any) -> CoUnit:
    return co_units.release(part=part, **{"reason": "交办有误。", "by": cast.clerk, "at": AT} | changes)


class TestGiving:
    def test_a_part_has_its_task_and_a_term_of_its_own(self, cast: Cast, line: Line) -> None:
        part = give(line)

        assert (part.unit, part.task, part.due_on, part.state) == (cast.west, TASK, date(2026, 3, 9), S.OPEN)
        assert again(part.finding).unit == cast.east

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"task": " "}, "办什么"),
            ({"contact": ""}, "联系人"),
            ({"working_days": 16}, "晚于主办单位的整改期限"),
        ],
    )
    def test_a_part_lacks_nothing(self, line: Line, changes: dict[str, Any], words: str) -> None:
        with pytest.raises(Refused, match=words):
            give(line, **changes)

    def test_the_leading_unit_has_no_part(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="是主办单位"):
            give(line, unit=cast.east)

    def test_a_unit_has_one_part(self, line: Line) -> None:
        finding = give(line).finding

        with pytest.raises(Refused, match="已经是协办单位"):
            give(line, finding)

    def test_released_it_may_be_given_again(self, cast: Cast, line: Line) -> None:
        part = give(line)
        release(part, cast)

        assert give(line, again(part.finding)).state == S.OPEN

    def test_a_matter_has_several_co_units(self, cast: Cast, line: Line) -> None:
        finding = give(line).finding

        give(line, again(finding), unit=cast.east_bureau)

        assert again(finding).co_units == 2

    def test_an_office_gives_parts_to_units_of_its_own(self, cast: Cast, line: Line) -> None:
        clerk = make_user("east_clerk", "东区经办", home=cast.bureau)
        give_post(clerk, cast.east, Role.OFFICE_CLERK)

        with pytest.raises(Refused, match="不在您的办理范围内"):
            give(line, by=clerk)

    @pytest.mark.parametrize("stage", ["confirmed", "submitted", "closed"])
    def test_parts_are_given_while_the_unit_has_the_matter(self, line: Line, stage: str) -> None:
        with pytest.raises(NotFromHere, match="不能增加协办单位"):
            give(line, getattr(line, stage)())

    @pytest.mark.parametrize("stranger", ["east_head", "west_head", "reader"])
    def test_only_the_office_gives_parts(self, cast: Cast, line: Line, stranger: str) -> None:
        with pytest.raises(Forbidden):
            give(line, by=getattr(cast, stranger))


class TestTheMoves:
    REACHED: dict[str, Callable[[Line], CoUnit]] = {
        S.OPEN: give,
        S.ANSWERED: lambda line: answer(give(line), line.cast),
        S.RELEASED: lambda line: release(give(line), line.cast),
    }
    STEPS: dict[str, Callable[..., CoUnit]] = {
        "answer_part": answer,
        "return_part": send_back,
        "release_part": release,
    }

    @pytest.mark.parametrize("state", REACHED)
    @pytest.mark.parametrize("name", STEPS)
    def test_a_move_is_made_from_where_it_starts_and_refused_elsewhere(
        self, cast: Cast, line: Line, name: str, state: str
    ) -> None:
        part = fresh(self.REACHED[state](line))
        move = {move.name: move for move in table.TABLE}[name]

        if state in move.sources:
            self.STEPS[name](part, cast)
            assert fresh(part).state == move.target
        else:
            with pytest.raises(NotFromHere, match="当前"):
                self.STEPS[name](part, cast)

    @pytest.mark.parametrize(
        ("name", "stranger"),
        [
            ("answer_part", "east_head"),
            ("answer_part", "clerk"),
            ("return_part", "west_head"),
            ("return_part", "east_head"),
            ("release_part", "west_head"),
        ],
    )
    def test_it_is_refused_to_people_without_the_right(
        self, cast: Cast, line: Line, name: str, stranger: str
    ) -> None:
        part = give(line) if name != "return_part" else fresh(answer(give(line), cast))

        with pytest.raises(Forbidden):
            self.STEPS[name](part, cast, by=getattr(cast, stranger))

    def test_the_finder_does_not_return_an_answer(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="协办答复"):
            send_back(fresh(answer(give(line), cast)), cast, by=cast.clerk)

    @pytest.mark.parametrize("act", [send_back, release])
    def test_the_office_says_why(self, cast: Cast, line: Line, act: Callable[..., Any]) -> None:
        part = give(line)
        if act is send_back:
            part = fresh(answer(part, cast))
        with pytest.raises(Refused, match="须写明理由"):
            act(part, cast, reason=" ")


class TestAnswering:
    def test_an_answer_has_words_and_files_and_its_head(self, cast: Cast, line: Line) -> None:
        part = fresh(answer(give(line), cast))

        assert (part.answered_by, part.answer) == (cast.west_head, "值守记录已提供。")
        assert part.files.count() == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"text": " "}, "办理的情况"),
            ({"uploads": [SimpleUploadedFile("空.pdf", b"")]}, "空文件"),
            ({"uploads": [SimpleUploadedFile("多.pdf", b"x")] * 11}, "最多 10 件"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_and_nothing_is_written(
        self, cast: Cast, line: Line, changes: dict[str, Any], words: str
    ) -> None:
        part = give(line)

        with pytest.raises(Refused, match=words):
            answer(part, cast, **changes)

        assert fresh(part).state == S.OPEN and not CoUnitFile.objects.exists()

    def test_an_answer_after_its_day_is_late_on_the_page(self, cast: Cast, line: Line) -> None:
        part = answer(give(line), cast, at=AT + timedelta(days=9))

        assert "迟复" in text_of(get(cast.clerk, "part", part.pk))


class TestTheReport:
    def sign(self, line: Line, finding: Finding, why: str = "") -> Any:
        head = line.cast.east_head
        return rectifications.sign(rectification=report_of(finding), by=head, at=AT, without_parts=why)

    def test_it_waits_for_open_parts(self, line: Line) -> None:
        finding = line.rectifying()
        give(line, finding)

        with pytest.raises(Refused, match="西区还没有答复协办事项"):
            self.sign(line, finding)

    def test_the_lead_may_say_why_it_does_not_wait(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        give(line, finding)

        self.sign(line, finding, why="值守记录已由本单位调取。")

        assert again(finding).state == Finding.State.SUBMITTED
        assert "值守记录已由本单位调取。" in text_of(get(cast.clerk, "detail", finding.pk))

    @pytest.mark.parametrize("settle", [answer, release])
    def test_once_settled_it_waits_no_more(self, line: Line, settle: Callable[..., Any]) -> None:
        finding = line.rectifying()
        settle(give(line, finding), line.cast)

        assert self.sign(line, finding, why="用不着的话").without_parts == ""

    def test_the_page_asks_why(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        give(line, finding)

        page = text_of(get(cast.east_head, "rectification_sign", finding.pk))
        lacking = post(cast.east_head, "rectification_sign", finding.pk)
        done = post(cast.east_head, "rectification_sign", finding.pk, without_parts="本单位已调取记录。")

        assert "还有 1 个协办单位没有答复" in page
        assert lacking.status_code == 422 and done.status_code == 302


class TestWhoSeesWhat:
    def test_the_co_unit_sees_its_part_and_not_the_matter(self, cast: Cast, line: Line) -> None:
        part = give(line)

        page = text_of(get(cast.west_head, "part", part.pk))

        assert TASK in page and "东区主办" in page
        assert part.finding.facts not in page and "查看问题" not in page
        assert get(cast.west_head, "detail", part.finding_id).status_code == 404
        assert not Finding.objects.visible_to(cast.west_head).exists()

    def test_a_co_unit_does_not_see_anothers_part(self, cast: Cast, line: Line) -> None:
        part = give(line)
        other = give(line, again(part.finding), unit=cast.east_bureau)

        assert get(cast.west_head, "part", other.pk).status_code == 404

    def test_the_lead_and_the_office_see_the_parts_and_their_files(self, cast: Cast, line: Line) -> None:
        part = answer(give(line), cast)
        file = part.files.get()

        for who in (cast.east_head, cast.clerk, cast.west_head):
            assert "值守记录已提供。" in text_of(get(who, "part", part.pk))
            assert get(who, "part_attachment", file.pk).status_code == 200
        assert "西区" in text_of(get(cast.east_head, "detail", part.finding_id))

    def test_the_answer_is_given_on_the_page(self, cast: Cast, line: Line) -> None:
        part = give(line)
        address = reverse("findings:part", args=[part.pk])

        browser(cast.west_head).post(address, {"text": "已落实顶岗。", "files": [upload("记录.jpg")]})

        assert (fresh(part).state, part.files.count()) == (S.ANSWERED, 1)

    def test_what_is_refused_is_said_and_kept(self, cast: Cast, line: Line) -> None:
        part = give(line)
        address = reverse("findings:part", args=[part.pk])

        page = browser(cast.west_head).post(
            address, {"text": "已落实顶岗。", "files": [SimpleUploadedFile("空.pdf", b"")]}
        )

        assert page.status_code == 422 and "已落实顶岗。" in text_of(page)

    def test_the_office_gives_and_returns_on_the_pages(self, cast: Cast, line: Line) -> None:
        finding = line.received()
        typed = {"unit": "西区", "task": TASK, "working_days": "5", "contact": "督查一科"}

        assert "增加协办单位" in text_of(get(cast.clerk, "detail", finding.pk))
        assert post(cast.clerk, "part_add", finding.pk, **{**typed, "working_days": "0"}).status_code == 422
        assert post(cast.clerk, "part_add", finding.pk, **typed).status_code == 302
        part = CoUnit.objects.get()
        answer(part, cast)
        assert post(cast.second_clerk, "part_move", part.pk, "send_back", reason="").status_code == 422
        assert (
            post(cast.second_clerk, "part_move", part.pk, "send_back", reason="缺记录。").status_code == 302
        )
        assert "缺记录。" in text_of(get(cast.west_head, "part", part.pk))
        assert post(cast.clerk, "part_move", part.pk, "close").status_code == 404

    def test_the_list_of_a_unit_names_its_parts(self, cast: Cast, line: Line) -> None:
        give(line)

        assert "东区" in text_of(get(cast.west_head, "part_list"))
        assert "没有需要本单位协办的事" in text_of(get(cast.east_head, "part_list"))

    def test_my_work_of_the_co_unit_names_it(self, cast: Cast, line: Line) -> None:
        part = give(line)

        [item] = owed.for_user(cast.west_head, today=AT.date())
        answer(part, cast)

        assert (item.verb, item.due_on) == ("答复协办事项", date(2026, 3, 9))
        assert owed.for_user(cast.west_head, today=AT.date()) == []


BROKEN: dict[str, Callable[[CoUnit], Any]] = {
    "a task": lambda part: CoUnit.objects.update(task=""),
    "an answer has words": lambda part: CoUnit.objects.update(answer=""),
    "an answer has its head": lambda part: CoUnit.objects.update(answered_by=None),
    "a file once": lambda part: CoUnitFile.objects.create(
        part=part, file=part.files.get().file, added_by=part.given_by, added_at=AT
    ),
    "one part a unit": lambda part: CoUnit.objects.create(
        finding=part.finding,
        unit=part.unit,
        task=TASK,
        contact="督查一科",
        working_days=1,
        due_on=part.due_on,
        given_by=part.given_by,
        given_at=AT,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_cannot_be(cast: Cast, line: Line, name: str) -> None:
    part = fresh(answer(give(line), cast))

    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](part)
