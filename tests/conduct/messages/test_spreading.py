"""Which ways a message takes: those the person turned on, at once or with the news of the day; floors always."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail

from conduct.calendar import seed
from conduct.clock import SHANGHAI
from conduct.messages import spreading
from conduct.models import Delivery, Message
from conduct.tasks import messages_due
from tests.factories.cast import AT

from .conftest import CALM, URGENT, by_mail, told, worked_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
EIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def with_mail(settings) -> None:
    settings.MESSAGE_MAIL = True
    seed.ship(at=AT)


def test_who_chose_nothing_has_the_inbox_alone() -> None:
    told(7)

    worked_off()

    assert not Delivery.objects.exists()
    assert Message.objects.get().is_spread


def test_a_channel_this_deployment_does_not_have_is_not_used(settings) -> None:
    settings.MESSAGE_MAIL = False
    by_mail(7)
    told(7)

    worked_off()

    assert not Delivery.objects.exists()


def test_a_muted_kind_stays_in_the_inbox() -> None:
    by_mail(7, muted=[CALM.key])
    told(7, kind=CALM)

    worked_off()

    assert mail.outbox == []


def test_a_floor_comes_although_somebody_muted_it() -> None:
    by_mail(7, muted=[URGENT.key, CALM.key])
    told(7, kind=URGENT)

    worked_off()

    assert len(mail.outbox) == 1


def test_a_kind_nobody_knows_any_more_comes() -> None:
    by_mail(7, muted=[CALM.key], is_daily=True)
    [row] = told(7, kind=CALM)
    Message.objects.filter(pk=row.pk).update(kind="tests.gone")

    worked_off()

    assert len(mail.outbox) == 1


def test_news_of_a_day_comes_in_one_letter_the_next_working_morning() -> None:
    by_mail(7, is_daily=True)
    told(7, kind=CALM, step="one")
    told(7, kind=CALM, step="two", words="第二件事。")

    worked_off()
    before = len(mail.outbox)
    worked_off(EIGHT - timedelta(minutes=1))
    still = len(mail.outbox)
    worked_off(EIGHT)
    worked_off(EIGHT + timedelta(hours=2))

    assert (before, still, len(mail.outbox)) == (0, 0, 1)
    [letter] = mail.outbox
    assert letter.subject == "【安平市督查办公室】每日消息汇总（2 条）"
    assert "第二件事。" in letter.body


def test_a_floor_does_not_wait_for_the_morning() -> None:
    by_mail(7, is_daily=True)
    told(7, kind=URGENT)

    worked_off()

    assert len(mail.outbox) == 1


def test_news_of_a_friday_comes_on_monday() -> None:
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=SHANGHAI)
    by_mail(7, is_daily=True)
    told(7, kind=CALM)

    spreading.spread(at=friday)

    assert Delivery.objects.get().digest_on.isoformat() == "2026-03-09"


def test_news_shortly_before_the_digest_waits_for_the_next() -> None:
    by_mail(7, is_daily=True)
    told(7, kind=CALM, step="early")
    spreading.spread(at=datetime(2026, 3, 3, 7, 30, tzinfo=SHANGHAI))
    told(7, kind=CALM, step="late")
    spreading.spread(at=datetime(2026, 3, 3, 7, 55, tzinfo=SHANGHAI))

    days = Delivery.objects.order_by("digest_on").values_list("digest_on", flat=True)
    assert [day.isoformat() for day in days] == ["2026-03-03", "2026-03-04"]


def test_a_digest_without_news_is_no_letter() -> None:
    by_mail(7, is_daily=True)
    told(7, kind=CALM)
    spreading.spread(at=AT)
    Message.objects.update(digest_on="2026-03-04")

    worked_off(EIGHT)

    assert mail.outbox == [] and not Delivery.objects.exists()


def test_spreading_twice_makes_no_second_letter() -> None:
    by_mail(7)
    told(7)
    spreading.spread(at=AT)
    Message.objects.update(is_spread=False)

    spreading.spread(at=AT)

    assert Delivery.objects.count() == 1


def test_who_turned_a_channel_off_since_gets_nothing_by_it() -> None:
    wish = by_mail(7)
    told(7)
    spreading.spread(at=AT)
    wish.is_mail_on = False
    wish.save()

    worked_off()

    assert mail.outbox == []
    assert not Delivery.objects.exists()


def test_the_job_is_asked_for_while_there_is_something_to_bring_out() -> None:
    by_mail(7)
    assert list(messages_due(AT)) == []
    told(7)

    [slot] = messages_due(AT)

    assert slot.job == "conduct.deliver_messages"
    worked_off()
    assert list(messages_due(AT)) == []


def test_five_hundred_people_are_told_in_one_run(django_assert_max_num_queries) -> None:
    told(*range(1200))

    with django_assert_max_num_queries(40):
        worked_off()

    assert not Message.objects.filter(is_spread=False).exists()
