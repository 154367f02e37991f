"""What the ground itself verifies: triggers, both chains, anchors, originals, papers, numbers and jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Q

from conduct import files, guards, verifying
from conduct.models import (
    WAITING_SINCE,
    AnchorDelivery,
    AuditAnchor,
    AuditEntry,
    AuditSeal,
    IssuedPaper,
    JobRun,
    NumberSeries,
    StoredFile,
)
from conduct.verifying import Checked, Step

from . import anchoring, books, channels, outside, papers, proof

SEALED_WITHIN = timedelta(minutes=10)
WAITED_TOO_LONG = timedelta(minutes=30)
LEASE_OVERDUE = timedelta(minutes=10)


def register() -> None:
    """Add the checks of the ground to the register, in the order in which they are run."""
    verifying.register("guards", name="防改触发器", check=check_guards)
    for chain, name in proof.NAMES.items():
        verifying.register(f"chain.{chain}", name=f"{name}链", check=_chain_check(chain))
    verifying.register("anchors", name="锚点", check=check_anchors)
    verifying.register("files", name="证据原件", check=check_files)
    verifying.register("papers", name="印发的文书", check=papers.check)
    verifying.register("numbers", name="文书编号", check=check_numbers)
    verifying.register("jobs", name="后台任务", check=check_jobs)


def check_guards(*, at: datetime, on_step: Step) -> Checked:
    """Every trigger that refuses changes stands and still refuses."""
    missing = guards.guards_missing(connection)
    fault = f"数据库的防改触发器不全：缺 {missing[0]}。" if missing else ""
    return Checked(f"核对 {len(guards.GUARDED)} 张表", fault)


def _chain_check(chain: str) -> verifying.Check:
    def check(*, at: datetime, on_step: Step) -> Checked:
        last = books.newest(chain)
        total = AuditSeal.objects.filter(chain=chain).aggregate(all=Max("high"))["all"] or 0
        try:
            walked = proof.walk(
                chain=chain,
                rows=books.rows(chain),
                seals=books.seals(chain, up_to=last.seq if last else 0),
                on_step=lambda done: on_step(done, total),
            )
        except proof.Broken as fault:
            return Checked(f"核对{proof.NAMES[chain]}", str(fault))
        looked_at = f"核对 {walked.rows} 条、{walked.seals} 个封存"
        return Checked(looked_at, _silence(chain, walked, last, at=at), _tail(walked))

    return check


def _silence(chain: str, walked: proof.Walked, last: AuditSeal | None, *, at: datetime) -> str:
    if last is None or not walked.unsealed or at - last.at < SEALED_WITHIN:
        return ""
    minutes = int((at - last.at).total_seconds() // 60)
    return f"{proof.NAMES[chain]}有 {walked.unsealed} 条尚未封存，最近一次封存在 {minutes} 分钟以前：封存程序停了。"


def _tail(walked: proof.Walked) -> tuple[str, ...]:
    return (f"另有 {walked.unsealed} 条尚未封存。",) if walked.unsealed else ()


def check_anchors(*, at: datetime, on_step: Step) -> Checked:
    """Anchors in the database and outside it name heads the chains still have."""
    heads = proof.Heads(books.head_of, books.ends())
    # Deliveries first: an anchor brought out meanwhile then is missed nowhere.
    done = AnchorDelivery.objects.filter(is_done=True).order_by("anchor_no", "channel")
    delivered = list(done.values_list("anchor_no", "channel"))
    count, kept, filed = 0, dict[int, str](), set[str]()
    try:
        for anchor in AuditAnchor.objects.order_by("no").iterator():
            proof.hold_to_anchor(anchoring.told(anchor), where="库内", heads=heads)
            kept[anchor.no], count = anchor.digest, count + 1
        for line in outside.lines():
            proof.hold_to_anchor(line, where="库外", heads=heads)
            filed.add(line["digest"])
            count += 1
        _hold_stamps()
        _hold_delivered(delivered, kept, filed)
    except (proof.Broken, outside.Unreadable) as fault:
        return Checked(f"核对锚点 {count} 个", str(fault))
    return Checked(f"核对锚点 {count} 个", "", _undelivered())


def _hold_delivered(delivered: list[tuple[int, str]], kept: dict[int, str], filed: set[str]) -> None:
    """What was brought out still has its anchor, and what was brought to the file is still there."""
    for no, place in delivered:
        if no not in kept:
            raise proof.Broken(
                f"第{no}号锚点有送出记录（{channels.names().get(place, place)}）而没有锚点：库中的锚点被删去。"
                "请用留在库外的锚点核验，查清被截去的记录。"
            )
        if place == "file" and kept[no] not in filed:
            raise proof.Broken(f"第{no}号锚点已送到锚点文件，但文件里没有：{outside.advice()}")


def _hold_stamps() -> None:
    stamped = AnchorDelivery.objects.filter(channel="tsa", is_done=True).order_by("anchor_no")
    for delivery in stamped.iterator():
        anchor = AuditAnchor.objects.filter(no=delivery.anchor_no).first()
        line = proof.anchor_line(anchoring.told(anchor)) if anchor else ""
        if problem := channels.stamp_problem(line, delivery.stamp):
            raise proof.Broken(f"第{delivery.anchor_no}号锚点的可信时间戳对不上：{problem}。")


def _undelivered() -> tuple[str, ...]:
    anchor = anchoring.newest()
    places = anchoring.standing(anchor) if anchor else []
    left = [place.name for place in places if not place.is_done]
    return (f"最近一个锚点尚未送到：{'、'.join(left)}。",) if left else ()


def check_files(*, at: datetime, on_step: Step) -> Checked:
    """Every original still hashes to what was received, and to what the audit says was received."""
    total, count = StoredFile.objects.count(), 0
    try:
        _hold_received()
        for file in StoredFile.objects.order_by("received_at", "pk").iterator():
            proof.hold_file(name=file.original_name, sha256=file.sha256, path=files.original_path(file))
            for sha256 in (file.shown_sha256, file.thumb_sha256):
                if sha256 and proof.file_digest(files.made_path(sha256)) != sha256:
                    raise proof.Broken(f"照片“{file.original_name}”供查看的图片不见了或被改动。")
            count += 1
            on_step(count, total)
    except proof.Broken as fault:
        return Checked(f"重算原件 {count} 个", str(fault))
    return Checked(f"重算原件 {count} 个")


def _hold_received() -> None:
    """The register of files against the audit, which is sealed: a swapped digest shows."""
    known = {str(pk): sha256 for pk, sha256 in StoredFile.objects.values_list("pk", "sha256").iterator()}
    entries = AuditEntry.objects.filter(subject_type="conduct.storedfile", verb=proof.FILE_RECEIVED).order_by(
        "id"
    )
    told = entries.values_list("subject_id", "subject_name", "details")
    for pk, name, details in told.iterator(chunk_size=books.CHUNK):
        proof.hold_received(name=name, received=details["sha256"], registered=known.get(pk))


def check_numbers(*, at: datetime, on_step: Step) -> Checked:
    """Papers of each series and year are numbered from one without a gap."""
    issued = IssuedPaper.objects.filter(seq__isnull=False).values("series", "year")
    rows = issued.annotate(count=Count("pk"), most=Max("seq")).order_by("year", "series")
    given = {(row.series, row.year): row.last for row in NumberSeries.objects.all()}
    looked_at = 0
    for row in rows:
        looked_at += row["count"]
        series, year = row["series"], row["year"] or 0
        if row["count"] != max(row["most"], given.get((series, year), 0)):
            missing = _first_missing(series, year)
            return Checked(f"核对编号 {looked_at} 个", f"{series}{year}年第{missing}号缺号，文书不在库中。")
    return Checked(f"核对编号 {looked_at} 个")


def _first_missing(series: str, year: int) -> int:
    taken = IssuedPaper.objects.filter(series=series, year=year, seq__isnull=False).order_by("seq")
    wanted = 1
    for seq in taken.values_list("seq", flat=True).iterator():
        if seq != wanted:
            break
        wanted += 1
    return wanted


def check_jobs(*, at: datetime, on_step: Step) -> Checked:
    """No run waits or stands still for longer than it should."""
    State = JobRun.State
    waiting = Q(state__in=[State.WAITING, State.SENT], since__lt=at - WAITED_TOO_LONG)
    silent = Q(state__in=[State.SENT, State.RUNNING], lease_until__lt=at - LEASE_OVERDUE)
    unfinished = JobRun.objects.filter(state__in=[State.WAITING, State.SENT, State.RUNNING])
    stuck = unfinished.alias(since=WAITING_SINCE).filter(waiting | silent).order_by("since").first()
    failed = JobRun.objects.filter(state=State.FAILED).count()
    notes = (f"有 {failed} 项任务未办成，系统管理员可在后台任务页查看原因。",) if failed else ()
    if stuck is None:
        return Checked(f"核对未办结任务 {unfinished.count()} 项", "", notes)
    minutes = int((at - stuck.waiting_since).total_seconds() // 60)
    fault = f"后台任务“{stuck.label or stuck.job}”（{stuck.pk}）{minutes} 分钟没有办完：任务没有人在办。"
    return Checked(f"核对未办结任务 {unfinished.count()} 项", fault, notes)
