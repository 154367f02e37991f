"""A clock that jumps an hour or a year: people are refused cleanly, nothing is done twice and nothing stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conduct import audit, clock, jobs
from conduct.audit import SystemActor
from conduct.chain import anchoring, sealing, verification
from conduct.models import AuditEntry, AuditSeal, JobRun
from people import menu
from people.models import User
from tests.factories.cast import PASSWORD, Cast, signed_in
from tests.factories.findings import Line

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LONG = timedelta(days=400)
JUMPS = pytest.mark.parametrize("jump", [-HOUR, HOUR, LONG], ids=["hour back", "hour on", "400 days on"])
Put = Callable[[timedelta], None]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Put the clock of the server forward or back, seen from the true time."""
    really = timezone.now

    def by(jump: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: really() + jump)

    return by


def addresses(user: User) -> list[str]:
    return [item.url for item in menu.menu(user=user, path="/")]


def statuses(client: Client, user: User) -> dict[str, int]:
    return {url: client.get(url).status_code for url in addresses(user)}


@JUMPS
@pytest.mark.parametrize("person", ["clerk", "inspector", "east_head", "system_admin", "auditor"])
def test_every_page_of_a_person_at_work_answers_or_asks_to_sign_in(
    cast: Cast, put: Put, person: str, jump: timedelta
) -> None:
    user = getattr(cast, person)
    client = signed_in(user)

    put(jump)

    assert set(statuses(client, user).values()) <= {200, 302}


@JUMPS
def test_after_the_jump_one_signs_in_and_works(cast: Cast, put: Put, jump: timedelta) -> None:
    Line(cast).confirmed()
    put(jump)
    client = Client()

    entered = client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert entered.status_code == 302
    assert set(statuses(client, cast.clerk).values()) == {200}


def test_a_sitting_is_over_when_the_clock_says_so_and_stays_over_when_it_is_put_back(
    cast: Cast, put: Put
) -> None:
    client, page = signed_in(cast.clerk), reverse("findings:list")
    assert client.get(page).status_code == 200
    put(LONG)
    assert client.get(page).status_code == 302

    put(timedelta(0))

    assert client.get(page).status_code == 302


def test_in_a_year_whose_holidays_nobody_knows_terms_are_said_to_be_estimates(cast: Cast, put: Put) -> None:
    put(LONG)
    client = signed_in(cast.clerk)

    page = client.get(reverse("reports:home")).content.decode()

    year = clock.day_of(clock.now()).year
    assert f"{year} 年" in page
    assert "都标“估算”" in page


@pytest.fixture
def run(cast: Cast) -> JobRun:
    return jobs.start("faults.mark", by=SystemActor(), at=clock.now())


def marks() -> int:
    return AuditEntry.objects.filter(verb="faults.marked").count()


@JUMPS
def test_a_run_sent_before_the_jump_is_done_once(run: JobRun, put: Put, jump: timedelta) -> None:
    jobs.take_to_send(at=clock.now())
    put(jump)
    jobs.take_to_send(at=clock.now())

    # The bell of before the jump and the one after it both ring.
    jobs.perform(str(run.pk))
    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (run.state, marks()) == (JobRun.State.DONE, 1)


@JUMPS
def test_a_worker_that_died_before_the_jump_is_missed_within_a_lease(
    run: JobRun, put: Put, jump: timedelta
) -> None:
    put(timedelta(0))
    JobRun.objects.update(state=JobRun.State.RUNNING, tries=1, lease_until=clock.now() + jobs.LEASE)

    put(jump)

    assert jobs.take_to_send(at=clock.now() + jobs.LEASE + timedelta(seconds=1)) == [run]


@JUMPS
def test_a_run_that_pauses_does_not_wait_for_a_clock_put_back(run: JobRun, put: Put, jump: timedelta) -> None:
    JobRun.objects.update(ready_at=clock.now() + timedelta(seconds=45), problem="磁盘已满")

    put(jump)

    assert jobs.take_to_send(at=clock.now() + timedelta(seconds=46)) == [run]


def test_the_longest_pause_and_every_lease_are_nearer_than_what_a_jump_makes() -> None:
    longest = timedelta(seconds=5 * 3 ** (jobs.MOST_TRIES - 2))

    assert max(longest, jobs.LEASE, jobs.RESEND) < jobs.FARTHEST < HOUR


@JUMPS
def test_the_chain_goes_on_over_the_jump_and_verifies(
    cast: Cast, run: JobRun, put: Put, jump: timedelta
) -> None:
    for moved in (timedelta(0), jump):
        put(moved)
        audit.record(at=clock.now(), by=SystemActor(), verb="faults.marked", subject=run)
        sealing.keep_up(at=clock.now())
        anchoring.cast_if_due(at=clock.now())

    JobRun.objects.update(state=JobRun.State.DONE)  # what is not done for a year is rightly told
    report = verification.verify(by=SystemActor(), now=clock.now)

    assert AuditSeal.objects.count() >= 2
    assert report.is_clean, report.first_fault
