"""A query written once gives the rows an ordinary one gives, for each value anew."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, models
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from conduct.audit import SystemActor
from conduct.models import JobRun
from conduct.prepared import Many, Prepared
from findings.models import Finding
from people.models import Post, Sitting, Unit
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line

pytestmark = pytest.mark.django_db

posts_of = Prepared(
    lambda user, day: (
        Post.objects.held_on(day)
        .filter(user=user)
        .select_related("unit__parent", "user")
        .annotate(said=Value("在任"))
        .order_by("pk")
    ),
    user=models.IntegerField(),
    day=models.DateField(),
)


def test_the_rows_are_those_of_the_ordinary_query(cast: Cast) -> None:
    for person in (cast.clerk, cast.east_head, cast.auditor):
        ordinary = list(Post.objects.filter(user=person).order_by("pk"))

        assert posts_of(user=person.pk, day=AT.date()) == ordinary != []


def test_what_hangs_on_a_row_comes_with_it(cast: Cast) -> None:
    posts_of(user=cast.clerk.pk, day=AT.date())

    with CaptureQueriesContext(connection) as asked:
        post = posts_of(user=cast.east_head.pk, day=AT.date())[0]
        told = (post.unit.name, post.unit.parent.name, post.user.name, post.said)

    assert told == ("东区", "安平市", "东区负责人", "在任")
    assert len(asked) == 1


def test_a_value_that_stands_twice_is_put_in_both_places(cast: Cast) -> None:
    """A post is held from its first day to its last."""
    Post.objects.filter(user=cast.clerk).update(since=AT.date(), until=AT.date())
    day = timedelta(days=1)

    held = [len(posts_of(user=cast.clerk.pk, day=AT.date() + add)) for add in (-day, 0 * day, day)]

    assert held == [0, 1, 0]


def test_rows_of_plain_values_come_as_they_are(cast: Cast) -> None:
    names = Prepared(
        lambda parent: Unit.objects.filter(parent=parent).order_by("path").values_list("name", "kind"),
        parent=models.IntegerField(),
    )

    assert names(parent=cast.city.pk) == list(
        Unit.objects.filter(parent=cast.city).order_by("path").values_list("name", "kind")
    )


def test_keys_and_moments_are_prepared_as_the_engine_has_them() -> None:
    run = JobRun.objects.create(job="x", created_at=AT, started_by_name=str(SystemActor()))
    since = Prepared(
        lambda pk, at: JobRun.objects.filter(pk=pk, created_at__gte=at),
        pk=models.UUIDField(),
        at=models.DateTimeField(),
    )

    assert since(pk=run.pk, at=AT) == [run]
    assert since(pk=run.pk, at=AT + timedelta(microseconds=1)) == []
    assert since(pk=uuid4(), at=AT) == []


def test_a_column_of_small_numbers_is_asked_by_one_it_can_hold(cast: Cast) -> None:
    finding = Line(cast).new()
    by_occurrence = Prepared(
        lambda occurrence: Finding.objects.filter(occurrence=occurrence),
        occurrence=models.PositiveSmallIntegerField(),
    )

    assert by_occurrence(occurrence=finding.occurrence) == [finding]
    assert by_occurrence(occurrence=finding.occurrence + 1) == []


def test_a_list_is_asked_for_whatever_its_length(cast: Cast) -> None:
    named = Prepared(
        lambda ids: Unit.objects.filter(pk__in=ids).order_by("pk"), ids=Many(models.IntegerField())
    )
    units = [cast.city, cast.east, cast.west]

    for number in (3, 1, 2, 0, 2):
        assert named(ids=[unit.pk for unit in units[:number]]) == units[:number]


def test_a_part_that_decides_about_the_text_itself_is_refused(cast: Cast) -> None:
    odd = Prepared(lambda pk: Sitting.objects.order_by("pk")[: pk - 6_999_990], pk=models.IntegerField())
    unused = Prepared(lambda pk: Sitting.objects.all(), pk=models.IntegerField())

    for query in (odd, unused):
        with pytest.raises(LookupError, match="as a value"):
            query(pk=1)


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_a_text_of_its_own(cast: Cast) -> None:
    wrong: list[object] = []

    def ask(person: object) -> None:
        try:
            for _ in range(30):
                found = {post.user_id for post in posts_of(user=person.pk, day=AT.date())}
                wrong.extend(found ^ {person.pk})
        except Exception as fault:
            wrong.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(person,)) for person in (cast.clerk, cast.west_head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
