"""Background work of the ground: anchors are brought out, and every night everything is verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from . import clock, jobs
from .audit import SystemActor
from .chain import anchoring, verification
from .errors import Refused
from .jobs import Slot
from .messages import delivering
from .models import JobRun, Office
from .search import filling

BRING_OUT = "conduct.bring_out_anchor"
FILL_SEARCH = "conduct.fill_search"
REREAD_SEARCH = "conduct.reread_search"
DELIVER = "conduct.deliver_messages"
VERIFY_HOUR = 3


@jobs.job(BRING_OUT, label="送出审计锚点")
def bring_out_anchor(*, run: JobRun, no: int) -> None:
    """Bring one anchor to the places it has not reached. Raises: Refused, naming those that did not take it"""
    problems = anchoring.bring_out(no, at=clock.now())
    if problems:
        raise Refused(f"第{no}号锚点没有全部送到。{'；'.join(problems)}。业务照常，系统会自动再送。")


@jobs.job(verification.JOB, label="核验审计链与证据", minutes=240)
def verify(*, run: JobRun, by_id: str = "", by_name: str = "") -> None:
    """Run every check and keep what they came to; a fault found is a result, not a failure of the job.

    by_id, by_name: who asked; the house itself when nobody did
    """
    by = verification.Asker(by_id, by_name) if by_id else SystemActor()
    verification.verify(by=by, now=clock.now, on_step=lambda done, total, note: _tell(run, done, total, note))


@jobs.job(FILL_SEARCH, label="更新搜索")
def fill_search(*, run: JobRun) -> None:
    """Read anew what changed since the last run."""
    filling.work_off()


@jobs.job(REREAD_SEARCH, label="重读搜索内容")
def reread_search(*, run: JobRun) -> None:
    """Note every row anew, after something changed on which many hang."""
    filling.note_everything()


@jobs.job(DELIVER, label="投递消息", minutes=30)
def deliver_messages(*, run: JobRun) -> None:
    """Bring out what is due; doing it twice sends nothing twice."""
    delivering.work_off(now=clock.now, on_step=lambda done: _tell(run, done, 0, ""))


@jobs.schedule
def anchors_due(at: datetime) -> Iterator[Slot]:
    """The newest anchor, while it has not reached every place."""
    due = anchoring.to_bring_out(at=at)
    if due is not None:
        no, tries = due
        yield Slot(job=BRING_OUT, key=f"{no}:{tries}", kwargs={"no": no})


@jobs.schedule
def verification_due(at: datetime) -> Iterator[Slot]:
    """One verification a night, made up for when the house was shut."""
    local = at.astimezone(clock.SHANGHAI)
    if local.hour >= VERIFY_HOUR and Office.objects.filter(opened_at__lt=at).exists():
        yield Slot(job=verification.JOB, key=local.date().isoformat(), kwargs={})


@jobs.schedule
def search_due(at: datetime) -> Iterator[Slot]:
    """One run for all notes there are; one that fails is tried again once a minute, or when something new is noted."""
    latest = filling.latest_note()
    if latest is not None and not jobs.is_under_way(FILL_SEARCH):
        yield Slot(job=FILL_SEARCH, key=f"{at:%Y%m%d%H%M}:{latest}", kwargs={})


@jobs.schedule
def messages_due(at: datetime) -> Iterator[Slot]:
    """One run for all there is to bring out; none while none is due."""
    if not jobs.is_under_way(DELIVER) and delivering.has_work(at=at):
        yield Slot(job=DELIVER, key=f"{at:%Y%m%d%H%M%S}", kwargs={})


def _tell(run: JobRun, done: int, total: int, note: str) -> None:
    jobs.report_progress(run, done=done, total=total, note=note)
