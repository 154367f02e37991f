from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from people import access
from people.access import Asker
from people.roles import OFFICE_ROLES, Permission


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    def visible_to(self, user: Asker) -> CaseFileQuerySet:
        """Case files about units of the office's reach; units see none."""
        path = "finding__unit__path"
        return self.filter(access.within(user, Permission.MEASURE_VIEW, path_field=path, roles=OFFICE_ROLES))


class CaseFile(models.Model):
    """Everything about one finding, put together on a day (案卷): frozen facts, and their bytes once drawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="case_files")
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    # Empty until it is drawn.
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    renderer = models.CharField(max_length=60, blank=True)
    fonts = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField("页数", default=0)
    made_by = models.ForeignKey("people.User", models.PROTECT, related_name="case_files")
    made_at = models.DateTimeField()
    # One form makes one file.
    made_key = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey("conduct.JobRun", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_file_drawn_says_by_what",
                condition=Q(pdf_sha256="") | (~Q(renderer="") & ~Q(fonts="") & Q(pages__gt=0)),
            )
        ]
        indexes = [models.Index(fields=["finding", "-made_at"], name="case_file_of_finding")]

    def __str__(self) -> str:
        return f"案卷：{self.finding}"
