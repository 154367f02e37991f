from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class LedgerView(models.Model):
    """A list somebody has named to come back to: its filters and columns, never its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("people.User", models.CASCADE, related_name="ledger_views")
    name = models.CharField("名称", max_length=30)
    # The filters as the address has them.
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list, blank=True)
    # Whether whoever is given the link may open it; they find the rows they see themselves.
    is_shared = models.BooleanField("可凭链接打开", default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="ledger_view_named_once"),
            models.CheckConstraint(name="ledger_view_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerExport(models.Model):
    """A workbook of the ledger somebody asked for: theirs alone, and only for some days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("people.User", models.CASCADE, related_name="ledger_exports")
    title = models.CharField(max_length=31)
    # The filters as the address has them, and in words.
    query = models.TextField(blank=True)
    told = models.CharField(max_length=300, blank=True)
    columns = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    # Over which units the person saw findings when it was made: whoever sees less by now asks anew.
    reach = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # The file is gone, the row stays to say so.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_export_ready_has_file",
                condition=Q(ready_at__isnull=True, sha256="", expires_at__isnull=True)
                | (Q(ready_at__isnull=False, expires_at__isnull=False) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="ledger_export_dropped_was_ready",
                condition=Q(dropped_at__isnull=True) | Q(ready_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="ledger_export_to_drop",
                condition=Q(dropped_at__isnull=True, ready_at__isnull=False),
            ),
            models.Index(fields=["sha256"], name="ledger_export_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.told}）"


class LedgerEntry(models.Model):
    """What a unit's own ledger says of a problem of the past, as it was taken in; nothing of it was done here."""

    finding = models.OneToOneField("findings.Finding", models.PROTECT, related_name="ledger_entry")
    # Of unit, day, problem and category: the same line is taken in once, whichever file it comes in.
    fingerprint = models.CharField(max_length=64, unique=True)
    file_sha256 = models.CharField(max_length=64)
    source = models.CharField("问题来源", max_length=60, blank=True)
    leader = models.CharField("责任领导", max_length=60, blank=True)
    owner = models.CharField("责任人", max_length=60, blank=True)
    measures = models.TextField("整改措施", blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    progress = models.TextField("进展", blank=True)
    result = models.TextField("完成情况", blank=True)
    proof = models.CharField("佐证材料", max_length=200, blank=True)
    accepted_by = models.CharField("验收人", max_length=60, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    is_closed = models.BooleanField("是否销号", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    extensions = models.PositiveSmallIntegerField("延期次数", null=True, blank=True)
    light = models.CharField("亮灯状态", max_length=30, blank=True)
    taken_in_by = models.ForeignKey("people.User", models.PROTECT, related_name="ledger_entries")
    taken_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_entry_has_fingerprint", condition=~Q(fingerprint="")),
            models.CheckConstraint(
                name="ledger_entry_closed_on_is_closed",
                condition=Q(closed_on__isnull=True) | Q(is_closed=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（台账原记录）"
