from __future__ import annotations

from django.db import models


class FeedToken(models.Model):
    """What opens the calendar feed of one person without signing in; only its digest is kept."""

    user = models.OneToOneField("people.User", models.CASCADE, related_name="feed_token")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # How often it was asked for in the minute that began then.
    minute = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user}的日历订阅"
