from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from people import access
from people.access import Asker
from people.roles import OFFICE_ROLES, UNIT_ROLES, Permission


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Asker) -> CorrectionQuerySet:
        """All of the office's reach; once issued also for a reading leader, and for the unit that was wronged."""
        office = access.within(user, Permission.BULLETIN_VIEW, path_field="unit__path", roles=OFFICE_ROLES)
        reader = access.within(user, Permission.BULLETIN_VIEW, path_field="unit__path")
        wronged = access.within(user, Permission.FINDING_VIEW, path_field="concerned__path", roles=UNIT_ROLES)
        return self.filter(office | ((reader | wronged) & Q(state=Correction.State.ISSUED)))


class Correction(models.Model):
    """An issued paper that an objection has shown to be wrong, and the notice that puts it right (更正通知)."""

    class State(models.TextChoices):
        OPEN = "open", "待更正"
        HELD = "held", "暂缓更正"
        ISSUED = "issued", "已更正"

    # Still on the office's list.
    PENDING = (State.OPEN, State.HELD)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    objection = models.ForeignKey("findings.Objection", models.PROTECT, related_name="+")
    # The paper to be corrected is one of these two.
    notice = models.ForeignKey("findings.Notice", models.PROTECT, null=True, blank=True, related_name="+")
    bulletin = models.ForeignKey(
        "reports.Bulletin", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # Whoever reaches this unit puts the paper right: of a notice its addressee, of a bulletin the office behind it.
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    concerned = models.ForeignKey(
        "people.Unit", models.PROTECT, related_name="corrections", verbose_name="涉及单位"
    )
    # A bulletin that counts the finding without printing it has its numbers corrected alone.
    is_printed = models.BooleanField(default=True)
    statement = models.TextField("更正内容")
    reason = models.TextField("更正理由")
    clearing = models.TextField("澄清", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    due_on = models.DateField("更正期限")
    due_is_estimate = models.BooleanField(default=False)
    # Who wrote the text last; none as long as it is the house's own.
    author = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    held_reason = models.TextField("暂缓理由", blank=True)
    signed_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    paper = models.OneToOneField(
        "conduct.IssuedPaper", models.PROTECT, null=True, blank=True, related_name="correction"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "notice"], name="correction_once_a_notice"),
            models.UniqueConstraint(fields=["objection", "bulletin"], name="correction_once_a_bulletin"),
            models.CheckConstraint(
                name="correction_is_of_one_paper",
                condition=Q(notice__isnull=False, bulletin__isnull=True)
                | Q(notice__isnull=True, bulletin__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_held_says_why", condition=~Q(state="held") | ~Q(held_reason="")
            ),
            models.CheckConstraint(
                name="correction_issued_is_signed",
                condition=Q(
                    state="issued", signed_by__isnull=False, issued_at__isnull=False, paper__isnull=False
                )
                | (
                    ~Q(state="issued") & Q(signed_by__isnull=True, issued_at__isnull=True, paper__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="correction_signer_is_not_author",
                condition=Q(signed_by__isnull=True) | Q(author__isnull=True) | ~Q(signed_by=F("author")),
            ),
            # What was published is cleared in public.
            models.CheckConstraint(
                name="correction_of_a_bulletin_clears",
                condition=Q(bulletin__isnull=True) | ~Q(state="issued") | ~Q(clearing=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="correction_pending", condition=Q(state__in=["open", "held"])
            ),
            models.Index(fields=["-created_at", "id"], name="correction_newest"),
        ]

    def __str__(self) -> str:
        return f"更正{self.corrected}"

    @property
    def corrected(self) -> str:
        """The paper that is corrected, as people name it."""
        return str(self.notice) if self.notice else str(self.bulletin)
