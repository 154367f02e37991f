from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.roles import ROLE_NAMES


class PostChange(models.Model):
    """The wish to give or end one post, put by a security administrator and decided by a second person."""

    class Kind(models.TextChoices):
        GIVE = "give", "授予"
        END = "end", "终止"

    class State(models.TextChoices):
        ASKED = "asked", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("变动", max_length=10, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="post_changes")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    role = models.CharField(
        "角色", max_length=20, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    # As asked for; people.actions.posts.begins_on says from which day it is given.
    since = models.DateField("起始日")
    until = models.DateField("最后一天", null=True, blank=True)
    post = models.ForeignKey("people.Post", models.PROTECT, null=True, blank=True, related_name="changes")
    reason = models.TextField("理由")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why it was refused: the one who asked reads no audit.
    refusal = models.TextField("不同意的理由", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="post_change_open_once", condition=Q(state="asked")
            ),
            models.CheckConstraint(name="post_change_not_by_oneself", condition=~Q(asked_by=F("user"))),
            models.CheckConstraint(
                name="post_change_second_person",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
            ),
            models.CheckConstraint(
                name="post_change_decided_by_someone",
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(state__in=("confirmed", "refused"), decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="post_change_of_a_post",
                condition=Q(kind="end", post__isnull=False)
                | Q(kind="give", state="confirmed", post__isnull=False)
                | (Q(kind="give", post__isnull=True) & ~Q(state="confirmed")),
            ),
            models.CheckConstraint(
                name="post_change_has_reason",
                condition=~Q(reason="") & (~Q(state="refused") | ~Q(refusal="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-asked_at", "-id"], name="post_change_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.user} {self.get_role_display()}（{self.unit}）"
