"""A person is told once of one step of one matter, in the transaction of what it is about."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from conduct import messages
from conduct.messages import letters
from conduct.models import Message
from tests.factories.cast import AT, open_office

from .conftest import told

pytestmark = pytest.mark.django_db


def test_the_same_step_of_the_same_matter_is_told_each_person_once() -> None:
    told(1, 2)
    told(1, 2, 3, words="换了说法。")

    assert [(row.recipient, row.words) for row in Message.objects.order_by("recipient")] == [
        (1, "安督整〔2026〕1号整改通知书已发出，请签收。"),
        (2, "安督整〔2026〕1号整改通知书已发出，请签收。"),
        (3, "换了说法。"),
    ]


def test_another_step_and_another_matter_are_other_messages() -> None:
    told(1)
    told(1, step="returned:1")
    told(1, matter="tests.another")

    assert Message.objects.filter(recipient=1).count() == 3


def test_the_database_itself_refuses_a_second_one() -> None:
    [row] = told(1)
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            **{f.attname: getattr(row, f.attname) for f in Message._meta.concrete_fields if f.name != "id"}
        )


def test_whoever_acts_is_not_told_of_their_own_act() -> None:
    class Somebody:
        pk = 2

        def __str__(self) -> str:
            return "经办甲"

    assert [row.recipient for row in told(1, 2, by=Somebody())] == [1]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nobody_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"tests\.urgent"):
        told(1)


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_was_never_told() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(1)
        raise ZeroDivisionError

    assert not Message.objects.exists()


@pytest.mark.parametrize("changes", [{"words": ""}, {"path": ""}])
def test_a_message_says_something_and_leads_somewhere(changes: dict[str, str]) -> None:
    [row] = told(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(**changes)


def test_what_was_told_about_a_matter_is_found_for_its_timeline() -> None:
    office = open_office()
    told(1, matter=office)
    told(1, matter="tests.another")

    assert [row.matter_id for row in messages.about(office)] == ["1"]


def test_a_letter_says_what_which_unit_by_when_and_where(settings) -> None:
    settings.SITE_URL = "https://office.example.gov.cn/"
    [row] = told(1, due_on=date(2026, 3, 16), is_estimate=True)

    letter = letters.of_message(row, number=row.pk, house="安平市督查办公室")

    assert letter.subject == "【安平市督查办公室】签收提醒（东区）"
    lines = letter.text.splitlines()
    assert lines[:3] == [row.words, "单位：东区", "期限：2026年3月16日（周一）（估算）"]
    assert f"请登录办理：https://office.example.gov.cn{row.path}" in lines
    assert letter.message_id == f"<{row.pk}@office.example.gov.cn>"
    assert row.at == AT
