from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class RectificationPlan(models.Model):
    """How a unit means to put a longer matter right (整改方案): due with the notice, judged by the office.

    One for each notice of a finding: whoever the finding is given to anew makes a plan of their own. When the problem
    comes back, another is made for the same notice.
    """

    class State(models.TextChoices):
        DUE = "due", "待提交"
        SUBMITTED = "submitted", "已提交待审"
        RETURNED = "returned", "退回修改"
        APPROVED = "approved", "审核同意"

    # On the unit's desk.
    OWED = (State.DUE, State.RETURNED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="plans")
    notice = models.ForeignKey("findings.Notice", models.PROTECT, related_name="plans")
    occurrence = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField("方案期限")
    due_is_estimate = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=200, blank=True)
    approach = models.TextField("整改目标和总体安排", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    version = models.PositiveIntegerField(default=1)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    handed_in_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="handed_in_plans"
    )
    handed_in_at = models.DateTimeField(null=True, blank=True)
    # Of the first time: what came late is late however often it is returned.
    first_handed_in_on = models.DateField(null=True, blank=True)
    judged_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="judged_plans"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    judgement = models.TextField("审核意见", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "notice", "occurrence"], name="plan_once_a_notice"),
            models.CheckConstraint(
                name="plan_handed_in_is_signed",
                condition=Q(state="due")
                | Q(handed_in_by__isnull=False, handed_in_at__isnull=False, first_handed_in_on__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_verdict_has_judge",
                condition=~Q(state__in=["returned", "approved"])
                | (Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judgement="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="plan_to_judge", condition=Q(state="submitted")),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（整改方案）"


class PlanItem(models.Model):
    """One measure of a plan (整改措施): who, by when, and the proof once it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(RectificationPlan, models.PROTECT, related_name="items")
    ordinal = models.PositiveSmallIntegerField()
    what = models.CharField("措施", max_length=300)
    owner = models.CharField("责任人（岗位）", max_length=60)
    due_on = models.DateField("完成时限")
    version = models.PositiveIntegerField(default=1)
    done_on = models.DateField("完成日期", null=True, blank=True)
    done_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="done_plan_items"
    )
    file = models.ForeignKey(
        "conduct.StoredFile", models.PROTECT, null=True, blank=True, related_name="plan_items"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "ordinal"], name="plan_item_once"),
            models.CheckConstraint(name="plan_item_says_what_and_who", condition=~Q(what="") & ~Q(owner="")),
            models.CheckConstraint(
                name="plan_item_done_is_proved",
                condition=Q(done_on__isnull=True, done_by__isnull=True, file__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False, file__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Progress(models.Model):
    """A monthly report on a matter that runs longer than thirty days (进度报告)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="progress")
    notice = models.ForeignKey("findings.Notice", models.PROTECT, related_name="progress")
    occurrence = models.PositiveSmallIntegerField(default=1)
    # Which of the thirty days since the notice it speaks of, and by when it was to come.
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField("应报日期")
    done = models.TextField("已完成")
    remaining = models.TextField("未完成事项和下一步安排")
    reported_on = models.DateField("报告日期")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey("people.User", models.PROTECT, related_name="progress_reports")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "notice", "occurrence", "number"], name="progress_once_a_month"
            ),
            models.CheckConstraint(name="progress_says_something", condition=~Q(done="") & ~Q(remaining="")),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（第{self.number}次进度报告）"

    @property
    def is_late(self) -> bool:
        """Whether it came after its day."""
        return self.reported_on > self.due_on
