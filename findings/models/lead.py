"""The lead channel's own tables (DESIGN §2.2): nothing that a unit or a clerk reads is changed by a row of theirs.

Nobody else's row names them, and no general audit, search or count holds anything of them.
"""

from __future__ import annotations

import uuid

from django.db import models

from people import access
from people.access import Asker
from people.roles import Permission


class LeadMarkQuerySet(models.QuerySet["LeadMark"]):
    def visible_to(self, user: Asker) -> LeadMarkQuerySet:
        """Marks on findings of the units over which the person works the lead channel."""
        return access.visible(self, user, Permission.LEAD_MARK, path_field="finding__unit__path")


class LeadMark(models.Model):
    """A finding behind which the office's leader suspects a violation (问题线索); what was written is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.OneToOneField("findings.Finding", models.PROTECT, related_name="+")
    alg = models.CharField(max_length=40)
    basis_sealed = models.BinaryField()
    marked_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    objects = LeadMarkQuerySet.as_manager()

    def __str__(self) -> str:
        return "问题线索"


class LeadEntry(models.Model):
    """One thing done to a mark, or one look at it; each row holds the digest of the row before. No foreign keys."""

    class Verb(models.TextChoices):
        MARK = "mark", "标记问题线索"
        READ = "read", "查看问题线索"

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=100)
    verb = models.CharField(max_length=10, choices=Verb)
    lead_id = models.CharField(max_length=64)
    # Who, what and in which half hour: the same look again is the same row.
    slot = models.CharField(max_length=64, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.lead_id}"
