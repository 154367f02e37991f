from __future__ import annotations

from django.db import models


class Office(models.Model):
    """The one organisation this deployment serves: its names and the words of its papers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField("单位名称", max_length=60)
    issuer = models.CharField("发文机关", max_length=60)
    bulletin_code = models.CharField("通报代字", max_length=20)
    notice_code = models.CharField("整改通知代字", max_length=20)
    contact = models.CharField("联系人及电话", max_length=100, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="office_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.name
