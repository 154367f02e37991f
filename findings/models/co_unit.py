from __future__ import annotations

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from people import access, tree
from people.access import Asker
from people.roles import UNIT_ROLES, Permission

from .finding import OFFICE_SIDE


class CoUnitQuerySet(models.QuerySet["CoUnit"]):
    def visible_to(self, user: Asker) -> CoUnitQuerySet:
        """Parts of matters of the office's reach, or of the unit that leads; for a co-unit, its own alone."""
        ways = [
            tree.below("finding__unit__path", path)
            for path in access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_SIDE)
        ]
        for path in access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
            ways += [tree.below("unit__path", path), tree.below("finding__unit__path", path)]
        return self.filter(reduce(or_, ways)) if ways else self.none()


class CoUnit(models.Model):
    """The part another unit has in a matter (协办单位): its task, its term and its head's answer."""

    class State(models.TextChoices):
        OPEN = "open", "协办中"
        ANSWERED = "answered", "已答复"
        RELEASED = "released", "不再协办"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="parts")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="parts")
    task = models.TextField("协办事项")
    contact = models.CharField("联系人及电话", max_length=100)
    working_days = models.PositiveSmallIntegerField("时限（工作日）")
    due_on = models.DateField("协办期限")
    due_is_estimate = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey("people.User", models.PROTECT, related_name="given_parts")
    given_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    returned_reason = models.TextField("退回理由", blank=True)
    answer = models.TextField("协办答复", blank=True)
    answered_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="answered_parts"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # Of the first time; what came late is late however often it is returned.
    first_answered_on = models.DateField(null=True, blank=True)

    objects = CoUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "unit"], condition=~Q(state="released"), name="co_unit_once_a_finding"
            ),
            models.CheckConstraint(name="co_unit_has_task", condition=~Q(task="")),
            models.CheckConstraint(
                name="co_unit_answer_is_signed",
                condition=~Q(state="answered")
                | (
                    Q(answered_by__isnull=False, answered_at__isnull=False, first_answered_on__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-given_at"], name="co_unit_newest"),
            models.Index(fields=["due_on"], name="co_unit_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（{self.unit}协办）"


class CoUnitFile(models.Model):
    """Material a co-unit handed in with its answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    part = models.ForeignKey(CoUnit, models.PROTECT, related_name="files")
    file = models.ForeignKey("conduct.StoredFile", models.PROTECT, related_name="co_unit_files")
    added_by = models.ForeignKey("people.User", models.PROTECT, related_name="added_co_unit_files")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "file"], name="co_unit_file_once")]

    def __str__(self) -> str:
        return str(self.file)
