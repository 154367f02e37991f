from __future__ import annotations

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from findings.rules.ladder import NAMES
from people import access
from people.access import Asker
from people.roles import UNIT_ROLES, Permission

from .finding import OFFICE_SIDE, of_branch


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def visible_to(self, user: Asker) -> SupervisionQuerySet:
        """All steps of the office's reach; for a unit, the signed papers it was sent."""
        ways = [of_branch(path) for path in access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_SIDE)]
        for path in access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
            ways.append(of_branch(path) & Q(state__in=Supervision.ISSUED))
        return self.filter(reduce(or_, ways)) if ways else self.none()


class Supervision(models.Model):
    """One step of pressing a unit about one finding (督办): a reminder, a paper to be signed, or a proposal."""

    class State(models.TextChoices):
        DONE = "done", "已提醒"
        PROPOSED = "proposed", "已提出建议"
        DRAFTED = "drafted", "待签发"
        HELD = "held", "暂缓签发"
        SIGNED = "signed", "已签发"
        RECORDED = "recorded", "已约谈"
        SKIPPED = "skipped", "已越过"
        MOOT = "moot", "不再需要"

    class Cause(models.TextChoices):
        TERM = "term", "整改期限"
        RETURNED = "returned", "整改报告再次退回"

    WAITING = (State.DRAFTED, State.HELD)
    ISSUED = (State.SIGNED, State.RECORDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="supervisions")
    # Who answered for the finding then.
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="supervisions")
    step = models.PositiveSmallIntegerField("督办步骤", choices=[(int(step), NAMES[step]) for step in NAMES])
    cause = models.CharField(max_length=8, choices=Cause, default=Cause.TERM)
    # The term the step belongs to, and how many working days were past on the day it was made.
    due_on = models.DateField("整改期限")
    overdue_days = models.PositiveSmallIntegerField("逾期工作日", default=0)
    made_at = models.DateTimeField()
    made_on = models.DateField()
    state = models.CharField(max_length=8, choices=State)
    version = models.PositiveIntegerField(default=1)
    # Why it waits, or why it is needed no more.
    why = models.TextField("理由", blank=True)
    paper = models.OneToOneField(
        "conduct.IssuedPaper", models.PROTECT, null=True, blank=True, related_name="supervision"
    )
    number = models.CharField(max_length=60, blank=True)
    signed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="signed_supervisions"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    talk_on = models.DateField("约谈日期", null=True, blank=True)
    talk_place = models.CharField("约谈地点", max_length=120, blank=True)
    talk_record = models.TextField("约谈记录", blank=True)
    recorded_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="recorded_talks"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            # What became needless may be drafted anew; everything else is once.
            models.UniqueConstraint(
                fields=["finding", "unit", "due_on", "step", "cause"],
                name="supervision_step_once_a_term",
                condition=~Q(state="moot"),
            ),
            models.CheckConstraint(
                name="supervision_signed_has_paper",
                condition=(
                    Q(state__in=["signed", "recorded"])
                    & Q(paper__isnull=False, signed_by__isnull=False, signed_at__isnull=False)
                    & ~Q(number="")
                )
                | (~Q(state__in=["signed", "recorded"]) & Q(paper__isnull=True, number="")),
            ),
            models.CheckConstraint(
                name="supervision_held_says_why", condition=~Q(state__in=["held", "moot"]) | ~Q(why="")
            ),
            models.CheckConstraint(
                name="supervision_talk_recorded",
                condition=~Q(state="recorded") | (Q(recorded_by__isnull=False) & ~Q(talk_record="")),
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "id"], name="supervision_newest"),
            models.Index(fields=["state", "-made_at", "id"], name="supervision_state_newest"),
            models.Index(fields=["unit", "-made_at", "id"], name="supervision_unit_newest"),
            models.Index(fields=["made_on", "state"], name="supervision_made_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.number}".strip()
