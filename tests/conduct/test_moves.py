"""Only moves change state, each once, with its line of history."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from conduct import audit, moves
from conduct.errors import MovedMeanwhile, NotFromHere, Refused
from conduct.models import AuditEntry, SearchPending
from conduct.search.sources import key_of
from findings.moves.finding import START_VERIFYING
from inspections.models import Campaign, Taxonomy
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line

pytestmark = pytest.mark.django_db
S = Campaign.State
HAND_IN = moves.Move("hand_in", frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, "campaign_plan", "报送方案")
SEND_BACK = moves.Move(
    "send_back", frozenset({S.SUBMITTED}), S.RETURNED, "campaign_approve", "退回方案", needs_reason=True
)


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    taxonomy = Taxonomy.objects.create(scheme="speech", version=90, title="试用分类", published_at=AT)
    draft = Campaign(
        title="窗口纪律检查",
        content="在岗情况",
        objects_text="各窗口",
        scope="市直",
        method="open",
        starts_on=date(2026, 3, 2),
        ends_on=date(2026, 3, 6),
        office=cast.city,
        leader=cast.team_leader,
        author=cast.clerk,
        taxonomy=taxonomy,
        created_at=AT,
    )
    return moves.born(draft, state=S.DRAFT, by=cast.clerk, at=AT, label="草拟方案")


def test_a_row_is_born_with_its_first_line_of_history(campaign: Campaign, cast: Cast) -> None:
    entry = audit.history_of(subject=campaign).get()

    assert (entry.label, entry.after, entry.actor_name) == ("草拟方案", "draft", "经办甲")


def test_a_move_changes_state_version_and_columns_and_writes_history(campaign: Campaign, cast: Cast) -> None:
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT, submitted_at=AT)

    campaign.refresh_from_db()
    entry = audit.history_of(subject=campaign).last()
    assert (campaign.state, campaign.version, campaign.submitted_at) == (S.SUBMITTED, 2, AT)
    assert entry is not None
    assert (entry.verb, entry.before, entry.after) == ("inspections.hand_in", "draft", "submitted")
    assert (entry.at, entry.actor_id, entry.subject_name) == (AT, str(cast.clerk.pk), "窗口纪律检查")


def test_the_row_in_hand_is_as_the_one_stored_after_a_move(campaign: Campaign, cast: Cast) -> None:
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT, submitted_at=AT, scope="乡镇")

    stored = Campaign.objects.get(pk=campaign.pk)
    for name in ("state", "version", "submitted_at", "scope"):
        assert getattr(campaign, name) == getattr(stored, name)


def test_a_move_tells_its_button_its_details_and_no_reason_where_none_was_given(
    campaign: Campaign, cast: Cast
) -> None:
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT, details={"unit": "东区"})

    entry = audit.history_of(subject=campaign).last()
    assert entry is not None
    assert (entry.label, entry.details, entry.reason) == ("报送方案", {"unit": "东区"}, "")


def test_a_move_leaves_every_other_row_where_it_is(campaign: Campaign, cast: Cast) -> None:
    other = copied(campaign)

    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)

    other.refresh_from_db()
    assert (other.state, other.version) == (S.DRAFT, 1)


@pytest.mark.parametrize("change", [{"state": S.RETURNED}, {"version": 9}])
def test_what_changed_meanwhile_stops_the_move_whatever_it_was(
    campaign: Campaign, cast: Cast, change: dict[str, object]
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(**change)

    with pytest.raises(MovedMeanwhile):
        moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)


def test_a_move_from_the_wrong_state_is_refused_and_writes_nothing(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(NotFromHere, match="当前状态是“草拟”，不能退回方案"):
        moves.carry_out(campaign, SEND_BACK, by=cast.leader, at=AT, reason="缺日期")

    assert audit.history_of(subject=campaign).count() == 1


def test_a_stale_copy_loses_and_writes_nothing(campaign: Campaign, cast: Cast) -> None:
    stale = Campaign.objects.get(pk=campaign.pk)
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)

    with pytest.raises(MovedMeanwhile, match="刚被别人办理过"):
        moves.carry_out(stale, HAND_IN, by=cast.clerk, at=AT)

    assert audit.history_of(subject=campaign).count() == 2


def test_a_move_that_needs_a_reason_is_refused_without_one(campaign: Campaign, cast: Cast) -> None:
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)

    with pytest.raises(Refused, match="退回方案须写明理由"):
        moves.carry_out(campaign, SEND_BACK, by=cast.leader, at=AT, reason="  ")

    campaign.refresh_from_db()
    assert campaign.state == S.SUBMITTED


def test_the_reason_is_kept_in_the_words_of_the_person(campaign: Campaign, cast: Cast) -> None:
    moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)
    moves.carry_out(campaign, SEND_BACK, by=cast.leader, at=AT, reason="检查范围写得太宽")

    assert audit.history_of(subject=campaign).last().reason == "检查范围写得太宽"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_move_outside_a_transaction_is_a_fault(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="need one transaction"):
        moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)


def test_a_rolled_back_move_leaves_no_history(campaign: Campaign, cast: Cast) -> None:
    class Abandoned(Exception):
        pass

    with pytest.raises(Abandoned), transaction.atomic():
        moves.carry_out(campaign, HAND_IN, by=cast.clerk, at=AT)
        raise Abandoned

    assert AuditEntry.objects.filter(verb="inspections.hand_in").count() == 0


def test_a_save_over_someone_elses_save_is_refused(campaign: Campaign, cast: Cast) -> None:
    both_saw = campaign.version
    mine = Campaign.objects.get(pk=campaign.pk)
    moves.revise(
        campaign, expected=both_saw, by=cast.clerk, at=AT, verb="edit", label="修改方案", scope="县（市、区）"
    )

    with pytest.raises(MovedMeanwhile, match="在您填写期间被别人改过"):
        moves.revise(
            mine, expected=both_saw, by=cast.second_clerk, at=AT, verb="edit", label="修改方案", scope="乡镇"
        )

    campaign.refresh_from_db()
    assert campaign.scope == "县（市、区）"


def test_a_save_is_written_to_the_row_alone_and_to_its_history(campaign: Campaign, cast: Cast) -> None:
    other = copied(campaign)

    moves.revise(
        campaign, expected=1, by=cast.clerk, at=AT, verb="edit", label="修改方案", title="改题", scope="乡镇"
    )

    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.title, stored.scope, stored.version, stored.state) == ("改题", "乡镇", 2, S.DRAFT)
    assert (campaign.title, campaign.scope, campaign.version) == ("改题", "乡镇", 2)
    other.refresh_from_db()
    assert (other.title, other.version) == ("窗口纪律检查", 1)
    entry = audit.history_of(subject=campaign).last()
    assert entry is not None
    assert (entry.verb, entry.label, entry.at) == ("inspections.edit", "修改方案", AT)
    assert (entry.details, entry.actor_name) == ({"fields": ["scope", "title"]}, "经办甲")


def test_a_save_over_someone_elses_says_what_to_do_now(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(MovedMeanwhile) as refused:
        moves.revise(campaign, expected=2, by=cast.clerk, at=AT, verb="edit", label="修改方案", scope="乡镇")

    assert str(refused.value) == (
        "这条记录在您填写期间被别人改过。您填的内容仍在页面上，请核对最新内容后再保存。"
    )


def copied(campaign: Campaign) -> Campaign:
    """Another campaign, as new as the first."""
    return Campaign.objects.create(
        **{
            field.attname: getattr(campaign, field.attname)
            for field in Campaign._meta.concrete_fields
            if not field.primary_key
        }
    )


def test_a_row_that_is_there_already_is_not_born_again(campaign: Campaign, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        moves.born(campaign, state=S.RETURNED, by=cast.clerk, at=AT, label="草拟方案")

    campaign.refresh_from_db()
    assert campaign.state == S.DRAFT


def test_a_row_born_later_on_says_why_and_any_other_gives_no_reason(campaign: Campaign, cast: Cast) -> None:
    first = audit.history_of(subject=campaign).get()
    campaign.pk = None
    campaign._state.adding = True

    later = moves.born(campaign, state=S.RETURNED, by=cast.clerk, at=AT, label="补录", reason="按旧档补录")

    assert (first.verb, first.before, first.reason) == ("inspections.born_campaign", "", "")
    entry = audit.history_of(subject=later).get()
    assert (entry.after, entry.reason) == ("returned", "按旧档补录")


def test_every_change_of_a_row_with_words_is_noted_for_the_search(cast: Cast) -> None:
    def is_noted() -> bool:
        notes = SearchPending.objects.filter(source="findings.finding", subject_id=key_of(finding.pk))
        return bool(notes.delete()[0])

    finding = Line(cast).new()
    assert is_noted()
    moves.carry_out(finding, START_VERIFYING, by=cast.clerk, at=AT)
    assert is_noted()
    moves.revise(finding, expected=2, by=cast.clerk, at=AT, verb="edit", label="修改", title="窗口空岗")
    assert is_noted()


def test_open_moves_are_those_that_start_from_the_state(campaign: Campaign) -> None:
    assert moves.open_moves(campaign, (HAND_IN, SEND_BACK)) == [HAND_IN]
