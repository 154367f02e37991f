"""Letters through a real mail server: taken once, and resent only as long as nobody confirmed them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conduct.messages import delivering
from conduct.models import ChannelStanding, Delivery
from tests.factories.cast import AT

from .conftest import by_mail, mail_through, only, told, worked_off
from .servers import closed_port, post_office, silent_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
LATER = AT + timedelta(hours=1, minutes=1)


def test_a_letter_arrives_with_its_words_and_its_number(settings) -> None:
    by_mail(7)
    told(7)
    with post_office() as post:
        mail_through(settings, post.port)
        worked_off()

    [letter] = post.seen
    assert letter["To"] == "person7@example.gov.cn"
    assert letter["Subject"].strip() == "【安平市督查办公室】签收提醒（东区）"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "安督整〔2026〕1号整改通知书已发出，请签收。" in letter.get_content()
    assert post.numbers == [f"<{only().pk}@office.example.gov.cn>"]
    assert only().confirmed_at == AT


def test_what_the_server_confirmed_is_never_sent_again(settings) -> None:
    by_mail(7)
    told(7)
    with post_office() as post:
        mail_through(settings, post.port)
        for hours in range(4):
            worked_off(AT + timedelta(hours=hours))

    assert len(post.seen) == 1


def test_a_server_that_answers_twice_confirms_each_letter_for_itself(settings) -> None:
    for person in (7, 8, 9):
        by_mail(person)
    told(7, 8, 9)
    with post_office(twice=True) as post:
        mail_through(settings, post.port)
        worked_off()
        worked_off(LATER)

    assert sorted(str(letter["To"]) for letter in post.seen) == [
        f"person{n}@example.gov.cn" for n in (7, 8, 9)
    ]
    assert not Delivery.objects.filter(confirmed_at__isnull=True).exists()


def test_a_letter_that_ended_in_silence_is_sent_again_under_the_same_number(settings) -> None:
    by_mail(7)
    told(7)
    with post_office(at_data=None) as post:
        mail_through(settings, post.port)
        worked_off()
        unsure = only()
        post.at_data = "250 taken"
        worked_off(LATER)

    assert unsure.is_unsure and unsure.confirmed_at is None
    assert "可能已经送达" in unsure.problem
    assert len(post.numbers) == 2 and len(set(post.numbers)) == 1
    assert only().confirmed_at == LATER and not only().is_unsure


def test_a_server_that_hangs_is_waited_for_no_longer_than_its_time(settings) -> None:
    by_mail(7)
    told(7)
    with silent_port() as port:
        mail_through(settings, port)
        worked_off()

    assert only().tries == 1
    assert "邮件服务器连不上" in only().problem


def test_an_address_that_does_not_exist_is_given_up_at_once(settings) -> None:
    by_mail(7)
    told(7)
    with post_office(at_rcpt="550 no such user person7@example.gov.cn") as post:
        mail_through(settings, post.port)
        worked_off()

    assert only().given_up_at == AT
    assert only().problem == "邮件服务器拒收这个收件地址（550）"


@pytest.mark.parametrize("answers", [{"at_rcpt": "451 later"}, {"at_data": "452 full"}])
def test_a_server_that_asks_to_come_again_is_come_to_again(settings, answers: dict[str, str]) -> None:
    by_mail(7)
    told(7)
    with post_office(**answers) as post:
        mail_through(settings, post.port)
        worked_off()
        worked_off(AT + timedelta(seconds=59))
        first = only()
        post.at_rcpt, post.at_data = "250 ok", "250 taken"
        worked_off(AT + timedelta(seconds=61))

    assert (first.tries, first.ready_at) == (1, AT + timedelta(minutes=1))
    assert "暂不接收" in first.problem
    assert only().confirmed_at == AT + timedelta(seconds=61)
    assert not ChannelStanding.objects.get().failing_since


def test_a_server_that_is_away_is_left_alone_for_a_while_and_the_rest_waits(settings) -> None:
    for person in range(20):
        by_mail(person)
    told(*range(20))
    mail_through(settings, closed_port())

    tried = worked_off()
    again = worked_off(AT + timedelta(seconds=30))

    assert (tried, again) == (1, 0)
    standing = ChannelStanding.objects.get()
    assert (standing.channel, standing.failing_since) == ("mail", AT)
    assert "邮件服务器连不上" in standing.problem
    assert Delivery.objects.filter(tries=0).count() == 19


def test_when_the_server_is_back_everything_waiting_goes_out(settings) -> None:
    for person in range(5):
        by_mail(person)
    told(*range(5))
    mail_through(settings, closed_port())
    worked_off()

    with post_office() as post:
        mail_through(settings, post.port)
        worked_off(LATER)

    assert len(post.seen) == 5
    assert ChannelStanding.objects.get().failing_since is None


def test_after_the_last_try_a_letter_is_left_to_people(settings) -> None:
    by_mail(7)
    told(7)
    mail_through(settings, closed_port())

    for hours in range(delivering.MOST_TRIES + 3):
        worked_off(AT + hours * timedelta(hours=2))

    assert only().tries == delivering.MOST_TRIES
    assert only().given_up_at is not None


def test_a_letter_taken_up_again_keeps_its_number(settings) -> None:
    by_mail(7)
    told(7)
    with post_office(at_rcpt="550 no") as post:
        mail_through(settings, post.port)
        worked_off()
        number = only().pk
        post.at_rcpt = "250 ok"
        assert delivering.give_another_chance(only(), at=LATER)
        assert not delivering.give_another_chance(only(), at=LATER)
        worked_off(LATER)

    assert post.numbers == [f"<{number}@office.example.gov.cn>"]
    assert only().confirmed_at == LATER


def test_only_one_of_two_workers_takes_a_letter_in_hand(settings) -> None:
    settings.MESSAGE_MAIL = True
    by_mail(7)
    told(7)
    delivering.spreading.spread(at=AT)
    mine, yours = Delivery.objects.get(), Delivery.objects.get()

    assert delivering.claim(mine, at=AT)
    assert not delivering.claim(yours, at=AT)


def test_a_worker_that_died_with_a_letter_in_hand_is_followed_by_another(settings) -> None:
    by_mail(7)
    told(7)
    with post_office() as post:
        mail_through(settings, post.port)
        delivering.spreading.spread(at=AT)
        delivering.claim(only(), at=AT)
        worked_off(AT + timedelta(minutes=4))
        early = len(post.seen)
        worked_off(AT + timedelta(minutes=6))

    assert (early, len(post.seen)) == (0, 1)


def test_a_clock_put_forward_and_back_holds_no_letter_for_long(settings) -> None:
    by_mail(7)
    told(7)
    with post_office() as post:
        mail_through(settings, closed_port())
        worked_off(AT + timedelta(days=400))
        mail_through(settings, post.port)
        worked_off(AT + timedelta(minutes=1))

    assert len(post.seen) == 1


def test_pauses_grow_up_to_an_hour() -> None:
    assert [delivering.pause(tries) // timedelta(minutes=1) for tries in (1, 2, 3, 4, 7, 12, 999)] == [
        *(1, 2, 4, 8, 60, 60, 60)
    ]
