from __future__ import annotations

from django.db import models
from django.db.models import Q

from people import tree


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and all below it, by an index range."""
        return self.filter(tree.below("path", unit.path))


class Unit(models.Model):
    """A body in the tree of city, counties and bureaus that is inspected, inspects, or both."""

    class Kind(models.TextChoices):
        PARTY = "party", "党委部门"
        GOVERNMENT = "government", "政府部门"
        AREA = "area", "县（市、区）"
        TOWNSHIP = "township", "乡镇（街道）"
        HALL = "hall", "政务服务大厅"
        ENTERPRISE = "enterprise", "公共企事业单位"
        OTHER = "other", "其他"

    code = models.CharField("单位代码", max_length=30, unique=True)
    name = models.CharField("单位名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    # All names in full pinyin, parted by blanks.
    pinyin = models.CharField(max_length=600, blank=True)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.GOVERNMENT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Digits only, four a level: a range on it is an index search under any collation.
    path = models.CharField(max_length=60, unique=True)
    # Stands in where a historical source does not say which unit it was.
    is_unrecorded = models.BooleanField(default=False)
    is_active = models.BooleanField("启用", default=True)
    # Of a unit that was merged or closed: who took over what was open there, and since when.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_here", verbose_name="承接单位"
    )
    closed_on = models.DateField("撤并日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_per_parent"),
            models.UniqueConstraint(
                fields=["name"], name="unit_top_name_once", condition=Q(parent__isnull=True)
            ),
            models.CheckConstraint(
                name="unit_merged_is_closed",
                condition=Q(successor__isnull=True, closed_on__isnull=True)
                | Q(successor__isnull=False, closed_on__isnull=False, is_active=False),
            ),
            models.CheckConstraint(name="unit_has_path", condition=~Q(path="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> int:
        return len(self.path) // tree.STEP
