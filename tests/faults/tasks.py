"""Jobs to break: each leaves one audit row a time its work is done, so doubled work shows."""

from __future__ import annotations

import time

from conduct import clock, jobs
from conduct.audit import SystemActor, record
from conduct.errors import Refused
from conduct.models import JobRun


@jobs.job("faults.mark", label="试办任务")
def mark(*, run: JobRun) -> None:
    """Leave a mark."""
    record(at=clock.now(), by=SystemActor(), verb="faults.marked", subject=run)


@jobs.job("faults.linger", label="试办耗时任务")
def linger(*, run: JobRun, seconds: float) -> None:
    """Take a while the first time, none when it is done again, then leave a mark."""
    if run.tries == 1:
        time.sleep(seconds)
    record(at=clock.now(), by=SystemActor(), verb="faults.marked", subject=run)


@jobs.job("faults.refuse", label="试办被拒任务")
def refuse(*, run: JobRun) -> None:
    """Say no, as the house says it."""
    raise Refused("没有可汇总的数据。请先填报走访。")


@jobs.job("faults.break", label="试办出错任务")
def fall(*, run: JobRun) -> None:
    """Fail as a program fails."""
    raise ZeroDivisionError("除数为零")
