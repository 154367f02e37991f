"""The table behind the floor view: seven columns, one index, no relation."""

from __future__ import annotations

from django.db import models


class FloorRow(models.Model):
    """A row of the plainest list there is."""

    class State(models.TextChoices):
        OPEN = "open", "待整改"
        CLOSED = "closed", "已销号"

    class Grade(models.TextChoices):
        SLIGHT = "slight", "轻微"
        GRAVE = "grave", "严重"

    number = models.CharField(max_length=40)
    unit = models.CharField(max_length=60)
    facts = models.TextField()
    grade = models.CharField(max_length=10, choices=Grade)
    state = models.CharField(max_length=10, choices=State)
    found_at = models.DateTimeField(db_index=True)
    due_on = models.DateField()

    class Meta:
        managed = False  # made and dropped by the measurement, known to no migration
        db_table = "bench_floorrow"

    def __str__(self) -> str:
        return self.number
