from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class HeldForm(models.Model):
    """A form that was posted and could not be carried out yet, sealed for its author and offered to them again."""

    class Why(models.TextChoices):
        ENDED = "ended", "提交时登录已失效"
        STALE = "stale", "提交时页面已过期"
        CODE = "code", "等待输入动态口令"
        FIRST = "first", "提交时须先改密码或绑定动态口令"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="held_forms")
    why = models.CharField(max_length=10, choices=Why)
    what = models.CharField(max_length=60)
    alg = models.CharField(max_length=40)
    body = models.BinaryField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    # Files too big to keep: their author is told to choose them again.
    files_left_out = models.PositiveSmallIntegerField(default=0)
    # Digest of sitting and address, for a page that waits for a code; empty for what somebody typed.
    page_key = models.CharField(max_length=64, blank=True)
    # Set while the form is being carried out; only one request can set it.
    taken_at = models.DateTimeField(null=True, blank=True)
    # For a page to be had: when the code for it was given, and from then on once.
    allowed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="held_of_user")]

    def __str__(self) -> str:
        return self.what


class HeldFile(models.Model):
    """One file of a held form, sealed like it."""

    form = models.ForeignKey(HeldForm, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="held_file_once")]

    def __str__(self) -> str:
        return f"附件{self.number}"
