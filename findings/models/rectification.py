from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Rectification(models.Model):
    """One attempt of the unit to put a finding right: its report, from draft to the office's verdict."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "已提交待审"
        RETURNED = "returned", "退回重办"
        PASSED = "passed", "审核通过"
        LAID_ASIDE = "laid_aside", "改派搁置"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="rectifications")
    round = models.PositiveSmallIntegerField(default=1)
    problem_summary = models.TextField("问题概述", blank=True)
    investigation = models.TextField("调查核实情况", blank=True)
    cause_analysis = models.TextField("原因分析（思想、管理、制度）", blank=True)
    causes = models.ManyToManyField("inspections.Cause", blank=True, related_name="rectifications")
    measures = models.TextField("已采取措施", blank=True)
    persons_handled = models.TextField("责任人处理", blank=True)
    rules_built = models.TextField("建章立制", blank=True)
    self_extension = models.TextField("举一反三排查", blank=True)
    unfinished = models.TextField("未完成事项及时限", blank=True)
    # What came of it, as figures count it; None is 未记录.
    places_checked = models.PositiveIntegerField("举一反三排查处数", null=True, blank=True)
    places_found = models.PositiveIntegerField("其中发现同类问题处数", null=True, blank=True)
    money_returned = models.DecimalField(
        "清退金额（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    # Why the leading unit handed in while another unit's part was open.
    without_parts = models.TextField("协办未答复即提交的说明", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey("people.User", models.PROTECT, related_name="drafted_rectifications")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="signed_rectifications"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="reviewed_rectifications"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_opinion = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "round"], name="rectification_round_once"),
            models.CheckConstraint(
                name="rectification_submitted_is_signed",
                condition=Q(state__in=["draft", "laid_aside"])
                | Q(signed_by__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rectification_verdict_has_reviewer",
                condition=~Q(state__in=["returned", "passed"])
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rectification_found_among_checked",
                condition=Q(places_found__isnull=True) | Q(places_found__lte=F("places_checked")),
            ),
            models.CheckConstraint(
                name="rectification_money_not_negative",
                condition=Q(money_returned__isnull=True) | Q(money_returned__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}（第{self.round}次整改报告）"


class RectificationFile(models.Model):
    """Supporting material handed in with a rectification report."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="files")
    file = models.ForeignKey("conduct.StoredFile", models.PROTECT, related_name="rectification_files")
    caption = models.CharField("说明", max_length=80, blank=True)
    added_by = models.ForeignKey("people.User", models.PROTECT, related_name="added_rectification_files")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rectification", "file"], name="rectification_file_once")
        ]

    def __str__(self) -> str:
        return self.caption or str(self.file)


class RuleBuilt(models.Model):
    """A rule the unit made or changed because of a finding (建章立制), as its report names it."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="rules")
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField("制度名称", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rectification", "ordinal"], name="rule_built_once"),
            models.CheckConstraint(name="rule_built_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》{self.number}"


class PersonsDealt(models.Model):
    """How many people of the unit were dealt with in one way, as its report says; never who."""

    class Kind(models.TextChoices):
        CRITICISM = "criticism", "批评教育"
        TALK = "talk", "提醒谈话"
        SELF_CRITICISM = "self_criticism", "责令检查"
        CIRCULAR = "circular", "通报批评"
        ADMONISHMENT = "admonishment", "诫勉"
        ORGANIZATIONAL = "organizational", "组织调整或组织处理"
        SANCTION = "sanction", "党纪政务处分"
        TRANSFERRED = "transferred", "移送有关机关"

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="dealt")
    kind = models.CharField(max_length=16, choices=Kind)
    number = models.PositiveSmallIntegerField("人数")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rectification", "kind"], name="persons_dealt_once_a_kind"),
            models.CheckConstraint(name="persons_dealt_at_least_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} 人"
