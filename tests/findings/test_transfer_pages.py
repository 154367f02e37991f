"""What both sides see of a matter returned as not the unit's own, and what waits for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conduct import clock
from findings.models import TransferRequest
from findings.queries import owed
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again
from tests.findings.browsing import get, post, text_of
from tests.findings.returning import REASON, ask, decline, fresh

pytestmark = pytest.mark.django_db
S = TransferRequest.State


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


class TestThePages:
    def test_the_head_finds_the_way_from_the_finding(self, cast: Cast, line: Line) -> None:
        finding = line.received()

        page = text_of(get(cast.east_head, "detail", finding.pk))
        form = text_of(get(cast.east_head, "transfer_ask", finding.pk))
        answer = post(cast.east_head, "transfer_ask", finding.pk, reason=REASON, suggested="")

        assert "不属本单位职责，退回" in page
        assert "2026年3月9日（周一）截止" in form
        assert answer.status_code == 302
        assert "应于2026年3月9日（周一）前答复" in text_of(get(cast.clerk, "detail", finding.pk))

    def test_too_late_the_page_leads_back(
        self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = line.received()
        monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=9))

        assert get(cast.east_head, "transfer_ask", finding.pk).status_code == 302

    def test_the_office_gives_it_on_from_the_page(self, cast: Cast, line: Line) -> None:
        request = ask(line)
        page = text_of(get(cast.clerk, "transfer", request.pk))

        answer = post(
            cast.clerk,
            "transfer_move",
            request.pk,
            "grant",
            unit=cast.west.name,
            route="limited",
            requirement="立即整改。",
            contact="督查一科",
            reason="由西区管理。",
            version=str(request.version),
        )

        assert "同意并改派" in page and "不同意改派" in page
        assert answer.status_code == 302
        assert again(request.finding).unit == cast.west

    @pytest.mark.parametrize(
        ("wrong", "words"), [({"unit": "没有的单位"}, "没有找到"), ({"route": "x"}, ""), ({"reason": ""}, "")]
    )
    def test_what_is_typed_wrong_is_said_and_kept(
        self, cast: Cast, line: Line, wrong: dict[str, str], words: str
    ) -> None:
        request = ask(line)
        typed = {"unit": "西区", "route": "limited", "requirement": "马上整改。", "contact": "督查一科"}

        answer = post(
            cast.clerk, "transfer_move", request.pk, "grant", **{**typed, "reason": "由西区管理。", **wrong}
        )

        assert answer.status_code == 422
        assert words in text_of(answer) and "马上整改。" in text_of(answer)

    def test_an_old_page_decides_nothing(self, cast: Cast, line: Line) -> None:
        request = ask(line)

        answer = post(cast.clerk, "transfer_move", request.pk, "decline", reason="不同意。", version="9")

        assert answer.status_code == 409
        assert fresh(request).state == S.ASKED

    def test_there_is_no_other_move(self, cast: Cast, line: Line) -> None:
        assert post(cast.clerk, "transfer_move", ask(line).pk, "close").status_code == 404


class TestMyWork:
    def verbs(self, user: User) -> list[str]:
        return [item.verb for item in owed.for_user(user, today=AT.date())]

    def test_the_office_decides_by_its_day(self, cast: Cast, line: Line) -> None:
        ask(line)

        [item] = owed.for_user(cast.clerk, today=AT.date())

        assert (item.verb, item.due_on) == ("决定是否改派", date(2026, 3, 9))
        assert self.verbs(cast.west_head) == []

    def test_the_unit_waits(self, cast: Cast, line: Line) -> None:
        ask(line)

        assert [item.verb for item in owed.sent_by(cast.east_head)] == ["等待督查办决定是否改派"]
        assert owed.sent_by(cast.west_head) == owed.sent_by(cast.clerk) == []

    def test_decided_it_waits_for_nobody(self, cast: Cast, line: Line) -> None:
        decline(ask(line), cast)

        assert self.verbs(cast.clerk) == [] and owed.sent_by(cast.east_head) == []
