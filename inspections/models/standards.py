from __future__ import annotations

from django.db import models
from django.db.models import Q


class Taxonomy(models.Model):
    """One published version of a scheme of problem categories; a finding keeps the version it was filed under."""

    class Scheme(models.TextChoices):
        SPEECH = "speech", "机关作风四类问题"
        REPORT = "report", "政府工作作风五个问题"

    scheme = models.CharField(max_length=10, choices=Scheme)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "version"], name="taxonomy_version_once")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.version}版）"


class ProblemCategory(models.Model):
    """A node of a taxonomy: category, sub-problem, or indicator that is ticked on a visit."""

    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, related_name="categories")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    definition = models.TextField(blank=True)
    phrase = models.CharField(max_length=60, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    legal_basis = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # The code of the top category ("A", "R3"): what figures group by.
    top = models.CharField(max_length=4)
    is_leaf = models.BooleanField(default=False)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "problem categories"
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "code"], name="category_code_once"),
            models.CheckConstraint(name="category_level_1_to_3", condition=Q(level__gte=1, level__lte=3)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Crosswalk(models.Model):
    """A category of one scheme and its counterpart in another, within one published pair of versions."""

    source = models.ForeignKey(ProblemCategory, models.PROTECT, related_name="leads_to")
    target = models.ForeignKey(ProblemCategory, models.PROTECT, related_name="comes_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="crosswalk_pair_once")]

    def __str__(self) -> str:
        return f"{self.source.code}→{self.target.code}"


class Cause(models.Model):
    """Why problems arise: ticked on a finding and in the unit's rectification report."""

    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, related_name="causes")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    group = models.CharField(max_length=60, blank=True)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="cause_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RuleList(models.Model):
    """A list of bans or commitments issued at one level; ships empty until its official text is imported."""

    class Issuer(models.TextChoices):
        PROVINCE = "province", "省级"
        PREFECTURE = "prefecture", "上级市级"
        LOCAL = "local", "本级"

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=100)
    issuer_level = models.CharField(max_length=12, choices=Issuer)
    source = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rule_list_version_once")]

    def __str__(self) -> str:
        return self.name


class RuleItem(models.Model):
    """One article of a rule list, word for word."""

    rule_list = models.ForeignKey(RuleList, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_list", "number"], name="rule_item_once"),
            models.CheckConstraint(name="rule_item_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.rule_list.name}第{self.number}条"
