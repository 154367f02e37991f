from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from people import access
from people.access import Asker
from people.roles import OFFICE_ROLES, Permission


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Asker) -> BulletinQuerySet:
        """All bulletins of the office's reach; a reading leader sees the issued ones."""
        office = access.within(user, Permission.BULLETIN_VIEW, path_field="office__path", roles=OFFICE_ROLES)
        reader = access.within(user, Permission.BULLETIN_VIEW, path_field="office__path")
        return self.filter(office | (reader & Q(state=Bulletin.State.ISSUED)))


class Bulletin(models.Model):
    """A periodic circular (情况通报): figures frozen for a period, drafted, approved, numbered, printed."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly", "周报"
        MONTHLY = "monthly", "月报"
        AD_HOC = "ad_hoc", "专期"

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        SUBMITTED = "submitted", "待审签"
        RETURNED = "returned", "退回修改"
        ISSUED = "issued", "已印发"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    office = models.ForeignKey("people.Unit", models.PROTECT, related_name="bulletins")
    period_from = models.DateField("起始日期")
    period_to = models.DateField("截止日期")
    title = models.CharField("标题", max_length=120)
    # The frozen facts as plain JSON: the paper without number and date of issue.
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    narrative = models.TextField("情况说明", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # None: drafted by the schedule.
    author = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="authored_bulletins"
    )
    drafted_at = models.DateTimeField()
    # When the figures and cases were counted; once drafted, anew each time somebody asks.
    gathered_at = models.DateTimeField()
    # Who sent it for signing, when that is somebody else.
    sent_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="sent_bulletins"
    )
    approver = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="signed_bulletins"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    paper = models.OneToOneField(
        "conduct.IssuedPaper", models.PROTECT, null=True, blank=True, related_name="bulletin"
    )
    # The run that made it, or the click: the same key twice is one bulletin.
    made_key = models.CharField(max_length=100, unique=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bulletin_period_in_order", condition=Q(period_to__gte=F("period_from"))
            ),
            models.CheckConstraint(
                name="bulletin_issued_is_signed",
                condition=(
                    Q(state="issued", approver__isnull=False, issued_at__isnull=False, paper__isnull=False)
                    | (~Q(state="issued") & Q(paper__isnull=True, issued_at__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="bulletin_signer_is_not_author",
                condition=Q(approver__isnull=True) | Q(author__isnull=True) | ~Q(approver=F("author")),
            ),
            models.CheckConstraint(
                name="bulletin_signer_is_not_sender",
                condition=Q(approver__isnull=True) | Q(sent_by__isnull=True) | ~Q(approver=F("sent_by")),
            ),
            models.UniqueConstraint(
                fields=["kind", "office", "period_from", "period_to"],
                name="bulletin_period_once",
                condition=~Q(kind="ad_hoc"),
            ),
        ]
        indexes = [models.Index(fields=["-drafted_at", "id"], name="bulletin_newest")]

    def __str__(self) -> str:
        return self.title
