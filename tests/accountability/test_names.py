"""The name of a person is sealed: not in the database, not on a page, and read by the few who need to know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accountability.actions import measures
from accountability.models import Measure
from accountability.queries import names
from conduct import clock, sealing
from conduct.errors import Refused
from conduct.models import ReadEntry
from findings.models import Finding
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.measures import NAME, entry, measure_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(cast: Cast, finding: Finding) -> Measure:
    return measure_on(cast, finding)


def test_the_database_does_not_hold_the_name(measure: Measure) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accountability_measure")
        [row] = cursor.fetchall()

    assert all(NAME.encode() not in bytes(value) for value in row if isinstance(value, bytes | memoryview))
    assert NAME not in str([value for value in row if isinstance(value, str)])


def test_the_name_can_be_opened(measure: Measure) -> None:
    measure.refresh_from_db()

    assert names.name_of(measure) == NAME


def test_a_sealed_name_opens_in_no_other_row(cast: Cast, finding: Finding, measure: Measure) -> None:
    other = measure_on(cast, finding, "P-TALK", name="戊某")
    other.name_sealed = measure.name_sealed

    with pytest.raises(sealing.Unreadable):
        names.name_of(other)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("leader", 200),
        ("second_clerk", 403),
        ("reader", 403),
        ("east_head", 403),
        ("east_liaison", 403),
        ("inspector", 403),
        ("system_admin", 403),
        ("security_admin", 403),
        ("auditor", 403),
    ],
)
def test_who_may_read_the_name(cast: Cast, measure: Measure, who: str, status: int) -> None:
    answer = signed_in(getattr(cast, who)).get(reverse("accountability:name", args=[measure.pk]))

    assert answer.status_code == status
    assert (NAME in answer.content.decode()) == (status == 200)


def test_reading_the_name_leaves_a_line_without_it(cast: Cast, measure: Measure) -> None:
    signed_in(cast.leader).get(reverse("accountability:name", args=[measure.pk]))

    line = ReadEntry.objects.get(label="查看处理对象姓名")
    assert (line.actor_name, line.subject_id) == ("分管领导甲", str(measure.pk))
    assert NAME not in str(vars(line))


def test_every_reading_of_a_name_is_a_line_of_its_own(
    cast: Cast, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second in range(3):
        monkeypatch.setattr(clock, "now", lambda second=second: AT + timedelta(seconds=second))
        signed_in(cast.leader).get(reverse("accountability:name", args=[measure.pk]))

    assert ReadEntry.objects.filter(label="查看处理对象姓名").count() == 3


@pytest.mark.parametrize("who", ["clerk", "leader"])
def test_no_other_page_shows_the_name(cast: Cast, measure: Measure, who: str) -> None:
    client = signed_in(getattr(cast, who))
    pages = [
        reverse("accountability:list"),
        reverse("accountability:detail", args=[measure.pk]),
        reverse("accountability:of_finding", args=[measure.finding_id]),
        reverse("accountability:correct", args=[measure.pk]),
        reverse("findings:detail", args=[measure.finding_id]),
        reverse("reports:home"),
    ]

    told = [address for address in pages if NAME in client.get(address).content.decode()]

    assert told == []


def test_where_only_the_post_is_recorded_there_is_no_page_of_the_name(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding, name="")

    assert signed_in(cast.leader).get(reverse("accountability:name", args=[measure.pk])).status_code == 404


def test_a_correction_keeps_the_name_it_is_not_given(cast: Cast, measure: Measure) -> None:
    new = measures.correct(
        measure=measure, entry=entry("Z-WARN", name=""), why="措施选错。", by=cast.second_clerk, at=AT
    )

    assert names.name_of(new) == NAME


class TestLostKey:
    """The key of the deployment was changed without keeping the old one."""

    @pytest.fixture(autouse=True)
    def another_key(self, measure: Measure, settings) -> None:
        settings.SECRET_KEY = "another-" * 10

    def test_the_page_says_what_to_do(self, cast: Cast, measure: Measure) -> None:
        answer = signed_in(cast.leader).get(reverse("accountability:name", args=[measure.pk]))

        assert answer.status_code == 422
        assert "密钥打不开" in answer.content.decode()

    def test_a_correction_asks_for_the_name(self, cast: Cast, measure: Measure) -> None:
        with pytest.raises(Refused, match="请重新填写姓名"):
            measures.correct(
                measure=measure, entry=entry("Z-WARN", name=""), why="措施选错。", by=cast.clerk, at=AT
            )
