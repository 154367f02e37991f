"""Eight people at once: one wins, the others are told, and history has one line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from conduct.errors import MovedMeanwhile, NotFromHere
from conduct.models import AuditEntry, NumberSeries
from findings.actions import acceptances, findings, notices, reviews
from findings.models import Finding, Notice
from people.actions import post_changes
from people.models import Post, User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again, observe, particulars, routes

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8
ROUNDS = 50
S = Finding.State
VERDICTS = (findings.confirm, findings.confirm_partly, findings.dismiss)


def at_once(*steps: Callable[[], object]) -> list[BaseException | None]:
    """What came of each step when all begin together, each on a connection of its own."""
    gate = threading.Barrier(len(steps))
    outcomes: list[BaseException | None] = [None] * len(steps)

    def run(place: int, step: Callable[[], object]) -> None:
        try:
            gate.wait(30)
            step()
        except BaseException as fault:
            outcomes[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_the_last_two_auditors_are_not_both_ended_at_once(cast: Cast) -> None:
    for turn in range(10):
        pair = [make_user(f"auditor{turn}{side}", "审计员乙", home=cast.bureau) for side in "ab"]
        held = [give_post(user, cast.city, Role.AUDITOR) for user in pair]
        Post.objects.filter(role=Role.AUDITOR).exclude(pk__in=[post.pk for post in held]).update(
            is_revoked=True
        )
        wishes = [
            post_changes.ask_to_end(post=post, reason="调离", by=cast.security_admin, at=AT) for post in held
        ]

        outcomes = at_once(
            *(partial(post_changes.confirm, wish=wish, by=cast.system_admin, at=AT) for wish in wishes)
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"], outcomes


def test_of_eight_verdicts_on_one_finding_exactly_one_stands(cast: Cast) -> None:
    line = Line(cast)
    finding = line.verifying()

    for turn in range(ROUNDS):
        stale = [again(finding) for _ in range(PEOPLE)]
        outcomes = at_once(*(verdict_of(place, row, cast.clerk) for place, row in enumerate(stale)))

        losers = [outcome for outcome in outcomes if outcome is not None]
        assert [type(loser) for loser in losers] == [MovedMeanwhile] * (PEOPLE - 1), f"round {turn}: {losers}"
        assert verdicts_on(finding) == turn + 1
        reopen(finding)


def verdict_of(place: int, row: Finding, by: User) -> Callable[[], object]:
    verdict = VERDICTS[place % len(VERDICTS)]
    return lambda: verdict(finding=row, by=by, at=AT, reason="核实。")


def verdicts_on(finding: Finding) -> int:
    verbs = [f"findings.{verdict.__name__}" for verdict in VERDICTS]
    return AuditEntry.objects.filter(verb__in=verbs, subject_id=str(finding.pk)).count()


def reopen(finding: Finding) -> None:
    """Back to the start of the round, which no move of the product does."""
    Finding.objects.filter(pk=finding.pk).update(state=S.VERIFYING)


def test_eight_notices_at_once_take_eight_numbers_without_a_gap(cast: Cast) -> None:
    line = Line(cast)
    rows = [line.confirmed() for _ in range(PEOPLE)]
    way = routes()["limited"]

    outcomes = at_once(*(lambda row=row: issue(row, way, cast.clerk) for row in rows))  # type: ignore[misc]

    assert outcomes == [None] * PEOPLE
    taken = sorted(Notice.objects.values_list("paper__seq", flat=True))
    assert taken == list(range(1, PEOPLE + 1))


def test_one_finding_in_eight_notices_goes_out_once(cast: Cast) -> None:
    finding = Line(cast).confirmed()
    way = routes()["limited"]
    stale = [again(finding) for _ in range(PEOPLE)]

    outcomes = at_once(*(lambda row=row: issue(row, way, cast.clerk) for row in stale))  # type: ignore[misc]

    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome} == {MovedMeanwhile}
    assert Notice.objects.count() == 1
    assert NumberSeries.objects.get(series=notices.SERIES).last == 1


def issue(row: Finding, way: object, by: User) -> object:
    demand = notices.Demand(finding=row, route=way, requirement="整改。")  # type: ignore[arg-type]
    return notices.issue(demands=[demand], contact="督查一科", by=by, at=AT)


def test_one_observation_is_taken_up_once(cast: Cast) -> None:
    seen = observe(cast)

    outcomes = at_once(*([lambda: raise_from(seen, cast.clerk)] * PEOPLE))

    assert sum(outcome is None for outcome in outcomes) == 1
    assert Finding.objects.count() == 1


def raise_from(seen: object, by: User) -> object:
    return findings.raise_from(observations=[seen], particulars=particulars(), by=by, at=AT)  # type: ignore[list-item]


def test_two_accepters_at_once_do_not_lose_a_verdict(cast: Cast) -> None:
    finding = Line(cast).awaiting()
    first, second = again(finding), again(finding)

    outcomes = at_once(
        lambda: acceptances.accept(finding=first, by=cast.third_clerk, at=AT, opinion="到位。"),
        lambda: acceptances.accept(finding=second, by=cast.fourth_clerk, at=AT, opinion="到位。"),
    )

    assert sum(outcome is None for outcome in outcomes) == finding.acceptances.count() == 1


def test_of_two_reviewers_at_the_same_second_one_decides_and_the_other_is_told(cast: Cast) -> None:
    finding = Line(cast).submitted()
    first, second = again(finding), again(finding)

    outcomes = at_once(
        lambda: reviews.pass_on(finding=first, by=cast.second_clerk, at=AT, reason="报告完整。"),
        lambda: reviews.send_back(finding=second, by=cast.third_clerk, at=AT, reason="措施不具体。"),
    )

    [loser] = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(loser, MovedMeanwhile | NotFromHere)
    assert str(loser).endswith(
        ("请刷新页面看最新情况后再办。", "请刷新页面看最新情况。", "没有等待审核的整改报告。")
    )
    now = again(finding)
    assert now.state == (S.RECTIFYING if outcomes[0] else S.AWAITING_ACCEPTANCE)
    assert finding.rectifications.filter(round=1, reviewed_by__isnull=False).count() == 1
    verbs = ("findings.pass_on", "findings.send_back")
    assert AuditEntry.objects.filter(verb__in=verbs, subject_id=str(finding.pk)).count() == 1


def test_one_closes(cast: Cast) -> None:
    finding = Line(cast).accepted()
    stale = [again(finding) for _ in range(PEOPLE)]

    outcomes = at_once(
        *(
            lambda row=row: acceptances.close(finding=row, by=cast.third_clerk, at=AT + timedelta(days=1))  # type: ignore[misc]
            for row in stale
        )
    )

    assert sum(outcome is None for outcome in outcomes) == 1
    assert AuditEntry.objects.filter(verb="findings.close").count() == 1
