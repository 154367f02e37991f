from __future__ import annotations

import uuid

from django.db import models


class StoredFile(models.Model):
    """A file handed in: the original kept read-only under its own digest, and what people are shown."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "照片"
        DOCUMENT = "document", "文件"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    original_name = models.CharField(max_length=255)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    shown_sha256 = models.CharField(max_length=64, blank=True)
    thumb_sha256 = models.CharField(max_length=64, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    received_from_id = models.CharField(max_length=64)
    received_from_name = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="file_sha256")]
        constraints = [
            models.CheckConstraint(name="file_not_empty", condition=models.Q(size__gt=0)),
            models.CheckConstraint(
                name="file_photo_has_derivative",
                condition=~models.Q(kind="photo") | ~models.Q(shown_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
