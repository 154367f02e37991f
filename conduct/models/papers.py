from __future__ import annotations

import uuid

from django.db import models


class NumberSeries(models.Model):
    """The last number given in one series of one year; taken inside the issuing transaction, so no gaps."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="series_year_once")]

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.last}号"


class IssuedPaper(models.Model):
    """An issued paper as it left the house: its frozen facts, and the bytes drawn from them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    series = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    seq = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    renderer = models.CharField(max_length=40)
    fonts = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by_id = models.CharField(max_length=64)
    issued_by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "seq"],
                name="paper_number_once",
                condition=models.Q(seq__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
