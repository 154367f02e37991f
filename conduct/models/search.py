from __future__ import annotations

from django.db import models


class SearchText(models.Model):
    """The text of one row of some floor, folded for comparison; what is found is read anew from that row.

    The key begins with the day (20261122 and seven digits), so that its order is the order of dates.
    """

    id = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=40)
    # Text of the row's key, a UUID without its hyphens.
    subject_id = models.CharField(max_length=36)
    # Between blanks: every person who may see the row holds one of these (see conduct.search.sources).
    keys = models.TextField()
    folded = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "subject_id"], name="search_text_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.subject_id}"


class SearchPending(models.Model):
    """A row whose text may have changed, written down in the business transaction; the job takes it from here."""

    source = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=36)

    class Meta:
        verbose_name_plural = "search pending"

    def __str__(self) -> str:
        return f"{self.source} {self.subject_id}"
