from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from people.roles import ROLE_NAMES


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date) -> PostQuerySet:
        """Posts in force on a day; `until` is the last day."""
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day), is_revoked=False)

    def not_over(self, day: date) -> PostQuerySet:
        """Posts in force on a day or later."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), is_revoked=False)


class Post(models.Model):
    """A role held at a unit from one day to another; it reaches that unit and everything below it."""

    user = models.ForeignKey("people.User", models.PROTECT, related_name="posts")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="posts")
    role = models.CharField(
        "角色", max_length=20, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    since = models.DateField("起始日")
    until = models.DateField("终止日", null=True, blank=True)
    # Taken back on the very day it began, so that it was never held.
    is_revoked = models.BooleanField(default=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="post_open_once", condition=Q(until__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="post_unit_role")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}（{self.unit}）"
