"""A full disk: the person is told in plain words, nothing is half stored, and work waits until there is room.

The disk is really full. Root mounts one of a few pages; for anyone the system itself refuses to let a file grow.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from conduct import clock, files, jobs
from conduct.audit import SystemActor
from conduct.models import JobRun, StoredFile
from inspections.models import Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in
from tests.inspections.test_pages import new_url, typed

pytestmark = pytest.mark.django_db

ROOM = 256 * 1024
Fill = Callable[[Path], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def tiny_disk(folder: Path) -> Iterator[None]:
    """A disk of its own with hardly any room, mounted on the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextlib.contextmanager
def no_growth(folder: Path) -> Iterator[None]:
    """No file of this process grows any larger than this: the kernel refuses the write, as a quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * files.MEGABYTE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def can_mount() -> bool:
    """Only root may, and not in every container."""
    tool = shutil.which("unshare")
    if os.getuid() != 0 or tool is None:
        return False
    probe = [tool, "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


FULL: list[Fill] = [no_growth, *([tiny_disk] if can_mount() else [])]


@pytest.fixture(params=FULL, ids=lambda fill: fill.__name__)
def full(request: Any, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The folder of the evidence, on a disk that is full for all but the smallest files."""
    store = tmp_path / "store"
    settings.EVIDENCE_ROOT, settings.MEDIA_ROOT = store / "evidence", store / "media"
    with request.param(store):
        yield store


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def large_photo() -> Any:
    """Larger than any of the full disks has room for, and a photo all the same."""
    photo = made.photo("大.jpg")
    photo.seek(0, 2)
    photo.write(b"\0" * (17 * files.MEGABYTE))
    photo.size = photo.tell()
    photo.seek(0)
    return photo


def browser(cast: Cast) -> Client:
    """One that gets the page a person would get, not the fault."""
    client = signed_in(cast.inspector)
    client.raise_request_exception = False
    return client


def filing(client: Client, cast: Cast, **extra: Any) -> HttpResponse:
    return client.post(
        new_url(made.approved_campaign(cast), cast), {**typed({"facts": "无人值守。"}), **extra}
    )  # type: ignore[return-value]


def assert_told(answer: HttpResponse) -> None:
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "磁盘已满，这次提交没有保存" in page
    assert "请通知系统管理员清理磁盘" in page


def test_a_photo_there_is_no_room_for_is_told_and_leaves_nothing_behind(cast: Cast, full: Path) -> None:
    answer = filing(browser(cast), cast, photos=large_photo())

    assert_told(answer)
    assert not Visit.objects.exists()
    assert not StoredFile.objects.exists()
    assert [path for path in full.rglob("*") if path.is_file() and "incoming" in path.parts] == []
    assert all(path.stat().st_size < ROOM for path in full.rglob("*") if path.is_file())


def test_when_there_is_room_again_the_same_form_goes_through(cast: Cast, full: Path) -> None:
    client = browser(cast)
    data = {**typed({"facts": "无人值守。"}), "photos": large_photo()}
    url = new_url(made.approved_campaign(cast), cast)
    client.post(url, data)

    answer = client.post(url, {**data, "photos": made.photo()})

    assert answer.status_code == 302
    assert [files.is_intact(file) for file in StoredFile.objects.all()] == [True]


def test_a_paper_there_is_no_room_for_is_tried_again_and_says_why(full: Path, monkeypatch: Any) -> None:
    paper = os.urandom(17 * files.MEGABYTE)
    work = jobs.Job("tests.paper", "印制文书", lambda *, run: files.keep_bytes(paper))
    monkeypatch.setitem(jobs.JOBS, "tests.paper", work)
    run = jobs.start("tests.paper", by=SystemActor(), at=clock.now())
    jobs.take_to_send(at=clock.now())

    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (run.state, run.tries) == (JobRun.State.WAITING, 1)
    assert run.problem == "第1次没有办成（磁盘已满），5秒后自动重试。"
    assert run.ready_at == clock.now() + timedelta(seconds=5)
    assert [path for path in full.rglob("*") if path.is_file()] == []


@contextlib.contextmanager
def full_database() -> Iterator[None]:
    """The database has no room for one more visit."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA page_count")
            before = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {before}")
            yield
            cursor.execute("PRAGMA max_page_count = 1073741823")
            return
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER is_full BEFORE INSERT ON inspections_visit EXECUTE FUNCTION pg_temp.full()"
        )
        yield
        cursor.execute("DROP TRIGGER is_full ON inspections_visit")


@pytest.mark.django_db(transaction=True)
def test_a_database_without_room_is_told_and_keeps_no_half_of_a_visit(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), browser(cast)
    facts = "无人值守。" * 300
    with full_database():
        statuses, page = [], ""
        # Free pages inside the file are used up first.
        for unit in (cast.east_bureau, cast.west):
            url = f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={unit.pk}"
            answer = client.post(url, typed(*([{"facts": facts}] * 20)))
            statuses.append(answer.status_code)
            page = answer.content.decode()

    assert statuses[-1] == 507, statuses
    assert "磁盘已满，这次提交没有保存" in page
    assert Visit.objects.count() == statuses.count(302)
