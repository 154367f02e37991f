"""A later deadline is asked for in time, by the head, with reasons; granted by others, twice at most."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct.calendar import seed
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from findings.actions import extensions
from findings.models import Extension, Finding, Term
from findings.queries import waiting
from people.models import User
from tests.factories.cast import AT
from tests.factories.findings import Line, again
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db
DUE, LATER, LATEST = date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 8)
REASON = "大厅改造工程尚在验收，3月底可以完成。"
ANSWER = "理由成立，请抓紧完成。"


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def ask(
    line: Line, finding: Finding, *, until: date = LATER, at: datetime = AT, **facts: object
) -> Extension:
    given = {"reason": REASON, "by": line.cast.east_head} | facts
    return extensions.ask(finding=finding, until=until, at=at, **given)  # type: ignore[arg-type]


def grant(line: Line, wish: Extension, *, until: date = LATER, by: User | None = None) -> Extension:
    return extensions.grant(
        extension=wish, until=until, reason=ANSWER, by=by or line.cast.clerk, at=AT + timedelta(days=1)
    )


def now(wish: Extension) -> Extension:
    return Extension.objects.select_related("finding__unit").get(pk=wish.pk)


def test_a_granted_extension_moves_the_deadline_and_keeps_the_first(line: Line) -> None:
    finding = line.received()

    grant(line, now(ask(line, finding)))

    finding = again(finding)
    assert (finding.first_due_on, finding.due_on, finding.runs_until) == (DUE, LATER, LATER)
    assert finding.extensions == 1
    term = Term.objects.filter(finding=finding).latest("ordinal")
    assert (term.kind, term.due_before, term.due_on) == (Term.Kind.EXTENDED, DUE, LATER)
    assert term.rule == "第一次延期，准予延至2026年3月30日"


def test_both_deadlines_are_on_the_page(line: Line) -> None:
    finding = line.received()
    grant(line, now(ask(line, finding)))

    page = text_of(get(line.cast.east_head, "detail", finding.pk))

    assert "原定期限" in page and "2026年3月23日" in page and "3月30日" in page


def test_less_may_be_granted_than_was_asked_for(line: Line) -> None:
    finding = line.received()

    grant(line, now(ask(line, finding, until=LATEST)), until=LATER)

    assert again(finding).due_on == LATER


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (DUE, "新的期限须晚于现在的期限（2026年3月23日）"),
        (date(2026, 3, 28), "2026年3月28日是休息日"),
        (date(2026, 4, 6), "2026年4月6日是休息日"),
    ],
)
def test_the_new_day_is_a_later_working_day(line: Line, until: date, words: str) -> None:
    finding = line.received()

    with pytest.raises(Refused, match=words):
        ask(line, finding, until=until)


def test_nobody_grants_more_than_was_asked_for(line: Line) -> None:
    wish = now(ask(line, line.received()))

    with pytest.raises(Refused, match="不能晚于单位申请的日期"):
        grant(line, wish, until=LATEST)


def test_on_the_last_day_it_may_still_be_asked_and_on_the_next_no_more(line: Line) -> None:
    first, second = line.received(), line.received()

    ask(line, first, at=AT + timedelta(days=21))
    with pytest.raises(Refused, match="整改期限（2026年3月23日）已过，不能再申请延期"):
        ask(line, second, at=AT + timedelta(days=22))


def test_without_a_reason_it_is_not_asked(line: Line) -> None:
    with pytest.raises(Refused, match="请写明延期理由"):
        ask(line, line.received(), reason=" ")


def test_before_the_receipt_it_is_not_asked(line: Line) -> None:
    with pytest.raises(NotFromHere, match="请先签收"):
        ask(line, line.assigned())


def test_after_the_report_is_handed_in_there_is_nothing_to_extend(line: Line) -> None:
    with pytest.raises(Refused, match="没有计时"):
        ask(line, line.submitted())


def test_one_wish_waits_at_a_time(line: Line) -> None:
    finding = line.received()
    ask(line, finding)

    with pytest.raises(Refused, match="已有一份延期申请等待批复"):
        ask(line, again(finding))


def test_the_second_is_the_leaders_and_there_is_no_third(line: Line) -> None:
    finding = line.received()
    grant(line, now(ask(line, finding)))
    second = now(ask(line, again(finding), until=LATEST))

    with pytest.raises(Refused, match="第二次延期由分管领导批复"):
        grant(line, second, until=LATEST)
    grant(line, second, until=LATEST, by=line.cast.leader)

    assert (again(finding).due_on, again(finding).extensions) == (LATEST, 2)
    with pytest.raises(Refused, match="已经延期2次，不能再延"):
        ask(line, again(finding), until=LATEST + timedelta(days=7))


def test_a_refusal_leaves_the_deadline_and_does_not_use_up_the_first_time(line: Line) -> None:
    finding = line.received()
    wish = now(ask(line, finding))

    extensions.refuse(extension=wish, reason="现有期限足够。", by=line.cast.clerk, at=AT)

    assert (again(finding).due_on, again(finding).extensions) == (DUE, 0)
    assert ask(line, again(finding)).ordinal == 1


def test_a_decision_needs_a_reason(line: Line) -> None:
    wish = now(ask(line, line.received()))

    with pytest.raises(Refused, match="须写明理由"):
        extensions.refuse(extension=wish, reason="", by=line.cast.clerk, at=AT)


def test_what_is_decided_is_not_decided_again(line: Line) -> None:
    wish = now(ask(line, line.received()))
    stale = now(wish)
    grant(line, wish)

    with pytest.raises(NotFromHere):
        grant(line, now(wish))
    with pytest.raises(MovedMeanwhile):
        extensions.refuse(extension=stale, reason="不同意。", by=line.cast.clerk, at=AT)


def test_once_the_report_is_handed_in_nothing_is_granted(line: Line) -> None:
    finding = line.rectifying()
    wish = ask(line, finding)
    from tests.findings.test_terms import sign

    sign(line, again(finding))

    with pytest.raises(NotFromHere, match="已不在计时"):
        grant(line, now(wish))


@pytest.mark.parametrize("who", ["east_head", "east_liaison", "inspector", "reader", "west_head"])
def test_neither_the_unit_nor_others_decide(line: Line, who: str) -> None:
    wish = now(ask(line, line.received()))

    with pytest.raises(Forbidden):
        grant(line, wish, by=getattr(line.cast, who))


@pytest.mark.parametrize("who", ["east_liaison", "clerk", "west_head"])
def test_only_the_head_asks(line: Line, who: str) -> None:
    with pytest.raises(Forbidden):
        ask(line, line.received(), by=getattr(line.cast, who))


@pytest.mark.parametrize(
    "changes",
    [
        {"ordinal": 3},
        {"reason": ""},
        {"asked_for": DUE},
        {"state": "granted"},
        {"state": "refused"},
        {"granted_until": LATER},
    ],
)
def test_the_database_holds_what_a_wish_is(line: Line, changes: dict[str, object]) -> None:
    wish = ask(line, line.received())

    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=wish.pk).update(**changes)


def test_it_waits_on_the_desk_of_whose_turn_it_is(line: Line) -> None:
    finding = line.received()
    wish = ask(line, finding)

    def waits_for(user: User) -> list[date | None]:
        return [item.due_on for item in waiting.for_user(user) if item.verb == "批复延期申请"]

    assert waits_for(line.cast.clerk) == waits_for(line.cast.leader) == [wish.decide_by]
    assert waits_for(line.cast.east_head) == []
    grant(line, now(wish))
    ask(line, again(finding), until=LATEST)
    assert (waits_for(line.cast.clerk), len(waits_for(line.cast.leader))) == ([], 1)


def test_the_head_asks_and_the_office_answers_on_their_pages(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduct.clock.now", lambda: AT)
    finding = line.received()

    sent = post(line.cast.east_head, "extension_ask", finding.pk, until=LATER.isoformat(), reason=REASON)
    wish = Extension.objects.get()
    answered = post(line.cast.clerk, "extension", wish.pk, verdict="grant", until="", reason=ANSWER)

    assert (sent.status_code, answered.status_code) == (302, 302)
    page = text_of(get(line.cast.east_head, "detail", finding.pk))
    for words in (REASON, ANSWER, "准予延至2026年3月30日（周一）", "申请延期至2026年3月30日"):
        assert words in page, words


def test_what_was_typed_stays_beside_the_refusal(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduct.clock.now", lambda: AT)
    finding = line.received()

    answer = post(line.cast.east_head, "extension_ask", finding.pk, until="2026-03-28", reason=REASON)

    assert answer.status_code == 422
    assert REASON in text_of(answer) and "是休息日" in text_of(answer)


def test_too_late_the_head_is_told_before_typing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = line.received()
    monkeypatch.setattr("conduct.clock.now", lambda: AT + timedelta(days=22))

    answer = get(line.cast.east_head, "extension_ask", finding.pk)

    assert (answer.status_code, answer.url) == (302, reverse("findings:detail", args=[finding.pk]))
