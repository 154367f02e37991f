"""The inbox of each person, how they want to be told, and letters that did not arrive."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from conduct import clock, messages
from conduct.audit import SystemActor
from conduct.errors import Forbidden, Refused
from conduct.messages import delivering, ways
from conduct.models import AuditEntry, ChannelStanding, Delivery, Message, MessageSettings
from findings.actions import occasions
from people import menu
from people.actions import messages as acts
from people.middleware import sittings
from people.models import Sitting, User
from people.queries import messages as queries
from tests.factories.cast import AT, Cast, make_user, signed_in

pytestmark = pytest.mark.django_db
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def told(*users: User, step: str = "issued", **changes: Any) -> Message:
    """A message to these people; returns that of the first."""
    given: dict[str, Any] = {
        "matter": "tests.matter",
        "words": "安督整〔2026〕1号整改通知书已发出，请单位主要负责人签收。",
        "unit": "东区",
        "due_on": AT.date() + timedelta(days=1),
        "url_name": "reports:home",
        "by": SystemActor(),
        "at": AT,
    }
    kind = changes.pop("kind", occasions.NOTICE)
    with transaction.atomic():
        messages.tell(kind, to=[user.pk for user in users], step=step, **given | changes)
    return Message.objects.get(recipient=users[0].pk, step=step)


def page(user: User, name: str = "people:messages", *args: object, **query: object) -> str:
    answer = signed_in(user).get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def badge(text: str) -> str:
    """The number in the top bar."""
    found = re.search(r'id="inbox-count"[^>]*>消息(?:<span class="count">([^<]*))?', text)
    assert found
    return found[1] or ""


def test_the_inbox_says_what_which_unit_and_by_when(cast: Cast) -> None:
    row = told(cast.east_head)

    text = page(cast.east_head)

    assert row.words in text and "东区" in text and "3月3日（周二）" in text
    assert "1 条消息未读" in text


def test_nobody_reads_what_another_was_told(cast: Cast) -> None:
    row = told(cast.east_head)

    assert row.words not in page(cast.west_head)
    for user in (cast.west_head, cast.clerk, cast.system_admin):
        assert signed_in(user).get(reverse("people:message", args=[row.pk])).status_code == 404


def test_the_top_bar_of_every_page_tells_how_many_are_unread(cast: Cast) -> None:
    told(cast.clerk), told(cast.clerk, step="two")

    assert badge(page(cast.clerk, "findings:list")) == "2"
    assert badge(page(cast.clerk, "people:message_count")) == "2"
    assert badge(page(cast.leader, "findings:list")) == ""


def test_somebody_without_a_post_has_an_inbox_too(cast: Cast) -> None:
    newcomer = make_user("newcomer", "新人")
    told(newcomer)

    assert badge(page(newcomer)) == "1"


def test_more_than_anybody_counts_are_not_counted(cast: Cast) -> None:
    Message.objects.bulk_create(
        Message(recipient=cast.clerk.pk, kind="x", step=f"{n}", matter_type="m", words="某", path="/", at=AT)
        for n in range(130)
    )

    assert badge(page(cast.clerk)) == "100+"


def test_the_count_that_asks_by_itself_keeps_nobody_signed_in(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(sittings, "SEEN_EVERY", timedelta(0))
    client = signed_in(cast.clerk)
    client.get(reverse("people:messages"))
    before = Sitting.objects.get().seen_at

    client.get(reverse("people:message_count"), headers={"HX-Request": "true", "HX-Trigger": "inbox-count"})

    assert Sitting.objects.get().seen_at == before


def test_opening_a_message_reads_it_and_shows_the_way(cast: Cast) -> None:
    row = told(cast.east_head)

    text = page(cast.east_head, "people:message", row.pk)

    assert f'href="{row.path}"' in text
    assert badge(text) == ""
    assert Message.objects.get().read_at == AT


def test_opened_again_it_was_read_when_it_was_read_first(cast: Cast, monkeypatch) -> None:
    row = told(cast.east_head)
    page(cast.east_head, "people:message", row.pk)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(minutes=5))

    page(cast.east_head, "people:message", row.pk)

    assert Message.objects.get().read_at == AT


def test_the_list_is_narrowed_to_unread_and_to_one_kind(cast: Cast) -> None:
    told(cast.clerk, words="已读的。")
    Message.objects.update(read_at=AT)
    told(cast.clerk, step="two", words="未读的。")
    told(cast.clerk, step="three", kind=occasions.HANDED_IN, words="待审核的。")

    assert "已读的。" not in page(cast.clerk, unread="1")
    narrowed = page(cast.clerk, kind=occasions.HANDED_IN.key)
    assert "待审核的。" in narrowed and "未读的。" not in narrowed


def test_a_filter_nobody_offers_is_said(cast: Cast) -> None:
    assert signed_in(cast.clerk).get(reverse("people:messages"), {"kind": "x"}).status_code == 422


def test_an_empty_inbox_says_what_will_come(cast: Cast) -> None:
    assert "还没有消息" in page(cast.clerk)
    assert "没有符合条件的消息" in page(cast.clerk, unread="1")


def test_ticked_messages_are_marked_as_read_and_the_audit_knows(cast: Cast) -> None:
    row = told(cast.clerk)
    told(cast.clerk, step="two")

    signed_in(cast.clerk).post(reverse("people:messages_read"), {"message": [str(row.pk), "x", "\0"]})

    assert list(Message.objects.filter(read_at=AT)) == [row]
    entry = AuditEntry.objects.get(verb="people.messages_read")
    assert (entry.actor_id, entry.details) == (str(cast.clerk.pk), {"count": 1})


def test_all_messages_are_marked_at_once(cast: Cast) -> None:
    told(cast.clerk, cast.leader), told(cast.clerk, step="two")

    signed_in(cast.clerk).post(reverse("people:messages_read"), {"all": "1"})

    assert Message.objects.filter(read_at__isnull=True).get().recipient == cast.leader.pk


def test_another_persons_message_is_not_marked(cast: Cast) -> None:
    row = told(cast.leader)

    answer = signed_in(cast.clerk).post(
        reverse("people:messages_read"), {"message": [str(row.pk)]}, follow=True
    )

    assert "没有未读的消息要标记" in answer.content.decode()
    assert Message.objects.get().read_at is None
    assert not AuditEntry.objects.filter(verb="people.messages_read").exists()


# ---- how people want to be told


@pytest.fixture
def outside(settings) -> None:
    """A deployment that has mail and the robots of WeCom."""
    settings.MESSAGE_MAIL, settings.WECOM_ROBOT_URL = True, WECOM


def saved(user: User, **given: object) -> Any:
    row = queries.settings_of(user)
    return signed_in(user).post(reverse("people:message_settings"), {"version": row.version, **given})


def test_without_channels_the_page_says_so_and_offers_none(cast: Cast) -> None:
    text = page(cast.clerk, "people:message_settings")

    assert "没有开通邮件或群机器人" in text
    assert "mail_address" not in text


def test_the_floors_are_named_and_cannot_be_ticked(cast: Cast, outside: None) -> None:
    text = page(cast.clerk, "people:message_settings")

    for kind in (occasions.NOTICE, occasions.REMINDER, occasions.RETURNED, occasions.STATEMENT):
        assert kind.label in text and f'value="{kind.key}"' not in text
    assert f'value="{occasions.CLOSED.key}"' in text


def test_a_floor_sent_all_the_same_is_refused(cast: Cast, outside: None) -> None:
    answer = saved(cast.clerk, muted=[occasions.REMINDER.key])

    assert answer.status_code == 422
    acts.save_settings(wish=acts.Wish(muted=[occasions.REMINDER.key]), expected=0, by=cast.clerk, at=AT)
    assert MessageSettings.objects.get().muted == []


def test_what_was_chosen_is_kept_and_the_audit_knows(cast: Cast, outside: None) -> None:
    answer = saved(
        cast.clerk,
        is_mail_on="on",
        mail_address="a@example.gov.cn",
        is_daily="1",
        muted=[occasions.CLOSED.key],
    )

    row = MessageSettings.objects.get()
    assert answer.status_code == 302
    assert (row.person, row.mail_address, row.is_daily) == (cast.clerk.pk, "a@example.gov.cn", True)
    assert row.muted == [occasions.CLOSED.key]
    entry = AuditEntry.objects.get(verb="people.message_settings")
    assert "a@example.gov.cn" not in str(entry.details)


def test_mail_without_an_address_is_refused_and_nothing_is_lost(cast: Cast, outside: None) -> None:
    answer = saved(cast.clerk, is_mail_on="on", is_daily="1")

    assert answer.status_code == 422
    assert "开启邮件须填写邮箱地址" in answer.content.decode()
    assert answer.context["form"]["is_daily"].value() == "1"


def test_a_robots_keys_are_sealed_and_never_shown_again(cast: Cast, outside: None) -> None:
    saved(cast.clerk, robot="wecom", robot_address=f"{WECOM}?key={TOKEN}", signing_key="SEC-geheim")

    row = MessageSettings.objects.get()
    assert TOKEN.encode() not in bytes(row.robot_keys) and b"SEC-geheim" not in bytes(row.robot_keys)
    assert ways.keys_of(row) == ways.Keys(TOKEN, "SEC-geheim")
    text = page(cast.clerk, "people:message_settings")
    assert TOKEN not in text and "SEC-geheim" not in text


def test_keys_left_blank_stay(cast: Cast, outside: None) -> None:
    saved(cast.clerk, robot="wecom", robot_address=f"{WECOM}?key={TOKEN}", signing_key="SEC-geheim")

    saved(cast.clerk, robot="wecom", is_daily="1")

    assert ways.keys_of(MessageSettings.objects.get()) == ways.Keys(TOKEN, "SEC-geheim")


def test_a_robot_given_up_leaves_no_keys(cast: Cast, outside: None) -> None:
    saved(cast.clerk, robot="wecom", robot_address=f"{WECOM}?key={TOKEN}")

    saved(cast.clerk, robot="")

    assert bytes(MessageSettings.objects.get().robot_keys) == b""


@pytest.mark.parametrize(
    ("address", "words"),
    [("", "使用群机器人须填写它的地址"), ("http://127.0.0.1/x?key=" + TOKEN, "不是企业微信群机器人的地址")],
)
def test_a_robot_without_its_own_address_is_refused(
    cast: Cast, outside: None, address: str, words: str
) -> None:
    answer = saved(cast.clerk, robot="wecom", robot_address=address)

    assert answer.status_code == 422 and words in answer.content.decode()


def test_two_windows_do_not_overwrite_each_other(cast: Cast, outside: None) -> None:
    saved(cast.clerk, is_daily="1")

    answer = signed_in(cast.clerk).post(reverse("people:message_settings"), {"version": 0, "is_daily": ""})

    assert answer.status_code == 409
    assert MessageSettings.objects.get().is_daily


def test_a_trial_goes_out_once_a_minute(cast: Cast, outside: None) -> None:
    saved(cast.clerk, is_mail_on="on", mail_address="a@example.gov.cn")
    client = signed_in(cast.clerk)

    for _ in range(2):
        assert client.post(reverse("people:message_trial")).status_code == 302
    delivering.work_off(now=lambda: AT)

    assert [letter.to for letter in mail.outbox] == [["a@example.gov.cn"]]
    assert "送达" in page(cast.clerk, "people:message_settings")


def test_a_trial_without_a_way_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有开启邮件或群机器人"):
        acts.send_trial(by=cast.clerk, at=AT)


# ---- letters that did not arrive


@pytest.fixture
def dead(cast: Cast) -> Delivery:
    row = told(cast.east_head)
    return Delivery.objects.create(
        recipient=row.recipient,
        channel="mail",
        message=row,
        kind=row.kind,
        created_at=AT,
        ready_at=AT,
        tries=3,
        given_up_at=AT,
        problem="邮件服务器拒收这个收件地址（550）",
    )


def test_the_system_administrator_reads_kind_channel_and_problem_and_no_more(
    cast: Cast, dead: Delivery
) -> None:
    text = page(cast.system_admin, "people:deliveries")

    assert dead.message is not None
    assert "整改通知书待签收" in text and "邮件" in text and "550" in text
    for word in (dead.message.words, "安督整", "东区", cast.east_head.name):
        assert word not in text


def test_the_menu_of_the_system_administrator_counts_them(cast: Cast, dead: Delivery) -> None:
    [line] = [item for item in menu.menu(user=cast.system_admin, path="/") if item.label == "消息投递"]

    assert line.badge == 1


def test_a_provider_that_fails_is_seen_on_the_page_and_in_the_menu(cast: Cast, outside: None) -> None:
    ChannelStanding.objects.create(
        channel="mail",
        failing_since=AT,
        tries=2,
        next_at=AT,
        problem="邮件服务器连不上（ConnectionRefusedError）",
    )

    text = page(cast.system_admin, "people:deliveries")

    assert "不通" in text and "邮件服务器连不上" in text and "未开通" in text
    [line] = [item for item in menu.menu(user=cast.system_admin, path="/") if item.label == "消息投递"]
    assert line.badge == 1


def test_a_letter_is_tried_again_by_button(cast: Cast, dead: Delivery) -> None:
    signed_in(cast.system_admin).post(reverse("people:delivery_retry", args=[dead.pk]))

    again = Delivery.objects.get()
    assert (again.pk, again.given_up_at, again.tries, again.ready_at) == (dead.pk, None, 0, AT)
    assert AuditEntry.objects.get(verb="people.delivery_retried").actor_id == str(cast.system_admin.pk)


def test_nobody_else_tries_it_again(cast: Cast, dead: Delivery) -> None:
    with pytest.raises(Forbidden):
        acts.retry(delivery=dead, by=cast.clerk, at=AT)


def test_a_letter_that_waits_already_is_not_put_in_twice(cast: Cast, dead: Delivery) -> None:
    acts.retry(delivery=dead, by=cast.system_admin, at=AT)

    with pytest.raises(Refused, match="已不在"):
        acts.retry(delivery=dead, by=cast.system_admin, at=AT)
