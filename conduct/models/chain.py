from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReadEntry(models.Model):
    """One look at, or one copy taken of, what names persons or is evidence. No foreign keys, as in the audit."""

    class Verb(models.TextChoices):
        READ = "read", "查阅"
        EXPORT = "export", "导出"

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=100)
    verb = models.CharField(max_length=10, choices=Verb)
    label = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=200, blank=True)
    # What of it: the id of a photo or document, empty for the whole.
    part = models.CharField(max_length=64, blank=True)
    # Who, what and in which half hour: the same look again is the same row.
    slot = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="read_at"),
            models.Index(fields=["actor_id", "at", "id"], name="read_actor"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="read_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_id}"


class AuditSeal(models.Model):
    """A link of a chain: digests of the rows it covers and of the link before (conduct/chain/proof.py)."""

    chain = models.CharField(max_length=10)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    alg = models.CharField(max_length=10)
    previous = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()
    high = models.BigIntegerField()
    waiting = models.JSONField(default=list)
    has_paper = models.BooleanField(default=False)
    members = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        # Two sealers at once: one of them writes this number.
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="seal_once")]
        indexes = [models.Index(fields=["chain", "seq"], name="seal_paper", condition=Q(has_paper=True))]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class AuditAnchor(models.Model):
    """The heads of all chains at one moment, to be kept where nobody of this house can change them."""

    class Reason(models.TextChoices):
        TIME = "time", "到时"
        SEALS = "seals", "满百次封存"
        PAPER = "paper", "文书印发"

    no = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason)
    alg = models.CharField(max_length=10)
    # {chain: [number of its last seal, digest]}
    heads = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"第{self.no}号锚点"


class AnchorDelivery(models.Model):
    """One try to bring an anchor to one place outside, and what came of it."""

    anchor_no = models.PositiveBigIntegerField()
    channel = models.CharField(max_length=10)
    at = models.DateTimeField()
    is_done = models.BooleanField()
    problem = models.CharField(max_length=200, blank=True)
    # The answer of a time stamping authority, base64.
    stamp = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anchor_no", "channel"], name="anchor_delivered_once", condition=Q(is_done=True)
            ),
            models.CheckConstraint(
                name="anchor_undelivered_says_why", condition=Q(is_done=True) | ~Q(problem="")
            ),
        ]
        indexes = [models.Index(fields=["anchor_no", "channel"], name="anchor_tries")]

    def __str__(self) -> str:
        return f"{self.anchor_no} {self.channel}"


class VerifyReport(models.Model):
    """What one verification came to: every check, and the first bad item."""

    at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by_id = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=100)
    is_clean = models.BooleanField()
    first_fault = models.TextField(blank=True)
    # [{key, name, looked_at, fault, notes}] in the order of the register
    outcomes = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verify_fault_is_named",
                condition=Q(is_clean=True, first_fault="") | (Q(is_clean=False) & ~Q(first_fault="")),
            )
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="verify_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {'无误' if self.is_clean else '有误'}"
