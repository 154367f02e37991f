"""One of everything a URL can name: the matter of the East, and a row for each ground page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from conduct import clock
from conduct.calendar import seed
from conduct.models import Delivery, JobRun, Message
from findings.models import CoUnit, CoUnitFile, Finding, PlanItem, TransferRequest
from inspections.models import Visit
from people.models import Post, PostChange, Recovery
from reports.actions import bulletins, feeds, orders
from reports.rules.periods import AD_HOC, Period
from tests.factories.calendar import calendar_changed
from tests.factories.case_files import bound
from tests.factories.cast import AT, Cast, stand_up
from tests.factories.corrections import corrected
from tests.factories.findings import (
    Line,
    add_evidence,
    ask_extension,
    notice_of,
    object_to,
    report_of,
    upload,
)
from tests.factories.inspections import locked_visit, photo, seen_playing
from tests.factories.ledger import ready_export, saved_view
from tests.factories.measures import measure_on
from tests.factories.revisits import kept_by, put_side_by_side
from tests.factories.supervisions import signed_on

PERIOD = Period(date(2026, 1, 1), date(2026, 3, 1))
Arguments = dict[str, list[object]]


@dataclass(frozen=True)
class World:
    """The cast, and for every URL with arguments those of a row that is there."""

    cast: Cast
    arguments: Arguments


@contextlib.contextmanager
def standing(blocker: Any) -> Iterator[World]:
    """One world for several tests, each of which puts back what it did; gone when they are over.

    blocker: what keeps tests from the database that did not ask for it
    """
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(clock, "now", lambda: AT)
        yield build()
        transaction.set_rollback(True)


def build() -> World:
    """Visit, finding and bulletin of the East, of which nothing may be seen by the West."""
    cast = stand_up()
    seed.ship(at=AT)
    visit = locked_visit(cast, seen_playing(), photos=[photo()])
    finding = Line(cast).submitted(unit=cast.east, route="complex")
    arguments = (
        _of_people(cast)
        | _of_messages(cast)
        | _of_inspections(visit)
        | _of_findings(cast, finding)
        | _of_reports(cast)
        | _of_case_files(cast, finding)
        | _of_feeds(cast)
    )
    return World(cast, arguments | _of_accountability(cast, finding))


def _of_people(cast: Cast) -> Arguments:
    run = JobRun.objects.create(
        job="tests.none", label="试办", created_at=AT, state="failed", problem="磁盘已满。"
    )
    account, moved = [cast.east_liaison.pk], calendar_changed(by=cast.clerk)
    wish = Recovery.objects.create(
        user=cast.east_liaison, asked_by=cast.security_admin, asked_at=AT, reason="手机丢失。"
    )
    change = PostChange.objects.create(
        kind="give",
        user=cast.east_liaison,
        unit=cast.east,
        role="unit_head",
        since=AT.date(),
        reason="工作安排。",
        asked_by=cast.security_admin,
        asked_at=AT,
    )
    return {
        "people:unit_detail": [cast.east.pk],
        "people:unit_merge": [cast.west.pk],
        **dict.fromkeys(("people:account_detail", "people:account_switch", "people:account_reset"), account),
        "people:post_end": [Post.objects.get(user=cast.east_liaison).pk],
        "people:post_change": [change.pk],
        "people:post_change_decide": [change.pk, "confirm"],
        "people:calendar_year": [2026],
        **{f"people:calendar_{name}": [moved.pk] for name in ("change", "undo")},
        "people:recovery_detail": [wish.pk],
        "people:recovery_decide": [wish.pk, "confirm"],
        **{key: [run.pk] for key in ("people:job_detail", "people:job_retry")},
    }


def _of_messages(cast: Cast) -> Arguments:
    message = Message.objects.filter(recipient=cast.east_head.pk).first()
    assert message is not None
    dead = Delivery.objects.create(
        recipient=message.recipient,
        channel="mail",
        message=message,
        kind=message.kind,
        created_at=AT,
        ready_at=AT,
        given_up_at=AT,
        problem="邮件服务器拒收这个收件地址（550）",
    )
    return {"people:message": [message.pk], "people:delivery_retry": [dead.pk]}


def _of_inspections(visit: Visit) -> Arguments:
    campaign, evidence = [visit.campaign_id], [visit.evidence.get().pk]
    return {
        **dict.fromkeys(("inspections:campaign_detail", "inspections:campaign_edit"), campaign),
        "inspections:campaign_move": [*campaign, "report"],
        **{
            f"inspections:visit_{name}": [visit.pk] for name in ("detail", "edit", "sign", "correct", "sheet")
        },
        "inspections:visit_move": [visit.pk, "lock"],
        **dict.fromkeys(("inspections:visit_photo", "inspections:visit_thumb"), evidence),
        **{key: ["speech"] for key in ("inspections:standards_publish", "inspections:standards_export")},
    }


def _of_findings(cast: Cast, finding: Finding) -> Arguments:
    observation = finding.observations.get()
    evidence = add_evidence(cast, observation)
    notice, attachment = notice_of(finding), report_of(finding).files.get()
    wish, piece = ask_extension(cast, finding), object_to(cast, finding)
    steps = (
        *("detail", "lead", "triage", "split", "ask_statement", "statement", "hear", "liaison", "rectify"),
        *("rectification_sign", "review", "accept", "terms", "story", "plan", "plan_edit", "progress"),
        *("transfer_ask", "part_add"),
        *("extension_ask", "object"),
    )
    returned = TransferRequest.objects.create(
        finding=finding,
        notice=notice,
        unit=finding.unit,
        reason="不属本单位职责。",
        asked_by=cast.east_head,
        asked_at=AT,
        due_on=AT.date(),
    )
    part = CoUnit.objects.create(
        finding=finding,
        unit=cast.east_bureau,
        task="配合整改。",
        contact="督查一科",
        working_days=3,
        due_on=AT.date(),
        given_by=cast.clerk,
        given_at=AT,
    )
    held = CoUnitFile.objects.create(part=part, file=attachment.file, added_by=cast.east_head, added_at=AT)
    item = PlanItem.objects.filter(plan__finding=finding).order_by("ordinal")[0]
    PlanItem.objects.filter(pk=item.pk).update(
        done_on=AT.date(),
        done_by=cast.east_head,
        file=attachment.file,
    )
    export, view = ready_export(cast.clerk), saved_view(cast.clerk)
    pressed = signed_on(cast, finding)
    return {
        **{key: [view.pk] for key in ("findings:view", "findings:view_drop")},
        **{key: [export.pk] for key in ("findings:export", "findings:export_xlsx")},
        **{key: [pressed.pk] for key in ("findings:supervision", "findings:supervision_pdf")},
        "findings:supervision_move": [pressed.pk, "hold"],
        "findings:part": [part.pk],
        "findings:part_move": [part.pk, "release"],
        "findings:part_attachment": [held.pk],
        "findings:transfer": [returned.pk],
        "findings:transfer_move": [returned.pk, "decline"],
        "findings:plan_move": [finding.pk, "approve"],
        **{f"findings:{name}": [item.pk] for name in ("item_done", "item_attachment")},
        **{f"findings:{name}": [finding.pk] for name in steps},
        "findings:evidence": [finding.pk, evidence.pk],
        "findings:pair_photo": [finding.pk, put_side_by_side(cast, finding, evidence).pk],
        **{f"findings:{name}": [pk, *more] for name, pk, more in _second_look(cast, finding)},
        "findings:extension": [wish.pk],
        "findings:objection": [piece.objection_id],
        "findings:objection_evidence": [piece.pk],
        "findings:move": [finding.pk, "close"],
        **{key: [notice.pk] for key in ("findings:notice_detail", "findings:notice_pdf", "findings:receive")},
        **{key: [attachment.pk] for key in ("findings:attachment", "findings:attachment_remove")},
    }


def _of_accountability(cast: Cast, finding: Finding) -> Arguments:
    measure = measure_on(cast, finding, upload=upload("决定书.jpg"))
    return {
        **{key: [finding.pk] for key in ("accountability:of_finding", "accountability:record")},
        **{
            f"accountability:{name}": [measure.pk]
            for name in ("detail", "name", "attachment", "correct", "withdraw")
        },
    }


def _second_look(cast: Cast, finding: Finding) -> list[tuple[str, object, list[object]]]:
    """Kept by the clerk."""
    row = kept_by(cast.clerk, finding=finding, closed_by=cast.third_clerk)
    return [("revisit", row.pk, []), ("revisit_move", row.pk, ["entrust"])]


def _of_feeds(cast: Cast) -> Arguments:
    return {"reports:feed": [feeds.renew(by=cast.east_head, at=AT)]}


def _of_case_files(cast: Cast, finding: Finding) -> Arguments:
    made = bound(finding, by=cast.clerk)
    return {"reports:case_files": [finding.pk], "reports:case_file_pdf": [made.pk]}


def _of_reports(cast: Cast) -> Arguments:
    common = {"kind": AD_HOC, "office": cast.city, "period": PERIOD, "by": cast.clerk, "at": AT}
    bulletin = bulletins.draft(**common, made_key="world")
    run = orders.place(**common, made_key="world")
    correction = corrected(cast)
    return {
        **{key: [correction.pk] for key in ("reports:correction_detail", "reports:correction_pdf")},
        "reports:correction_move": [correction.pk, "hold"],
        "reports:corrections_of_notice": [correction.notice_id],
        **{key: [bulletin.pk] for key in ("reports:bulletin_detail", "reports:bulletin_pdf")},
        "reports:bulletin_move": [bulletin.pk, "submit"],
        **{key: [run.pk] for key in ("reports:job", "reports:job_retry")},
    }
