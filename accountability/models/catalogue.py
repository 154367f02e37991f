from __future__ import annotations

from django.db import models
from django.db.models import Q


class Catalogue(models.Model):
    """One published version of the measures there are; what was recorded keeps the version it was recorded by."""

    version = models.PositiveSmallIntegerField(unique=True)
    published_at = models.DateTimeField()
    basis = models.CharField("修改依据", max_length=200, blank=True)

    def __str__(self) -> str:
        return f"处理措施目录（第{self.version}版）"

    @property
    def title(self) -> str:
        """Within a sentence."""
        return f"处理措施目录第{self.version}版"


class MeasureKind(models.Model):
    """A measure as the catalogue tells of it: for whom, by which rule, and how long it has effect."""

    class Target(models.TextChoices):
        PARTY_ORGANISATION = "party_organisation", "党组织"
        UNIT = "unit", "单位"
        UNIT_HEAD = "unit_head", "单位主要负责人"
        PERSON = "person", "个人"
        PARTY_MEMBER = "party_member", "党员"
        PUBLIC_OFFICIAL = "public_official", "公职人员"

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="kinds")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("措施", max_length=40)
    target = models.CharField("适用对象", max_length=20, choices=Target)
    category = models.CharField("类别", max_length=20)
    # Three different things: not a term in months, none at all (0), so many.
    months = models.PositiveSmallIntegerField("影响期（月）", null=True, blank=True)
    most_months = models.PositiveSmallIntegerField("最长期限（月）", null=True, blank=True)
    no_post_months = models.PositiveSmallIntegerField("不得任职（月）", null=True, blank=True)
    probation = models.JSONField("察看期（月）", default=list, blank=True)
    is_permanent = models.BooleanField(default=False)
    is_configurable = models.BooleanField(default=False)
    basis = models.CharField("依据", max_length=200)
    effect = models.CharField("后果", max_length=200)
    forms = models.JSONField("四种形态", default=list, blank=True)
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="measure_kind_once"),
            models.CheckConstraint(name="measure_kind_has_basis", condition=~Q(basis="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_persons(self) -> bool:
        """Whether it is taken against a person."""
        return self.target not in (self.Target.PARTY_ORGANISATION, self.Target.UNIT)
