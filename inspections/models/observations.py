from __future__ import annotations

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from .standards import ProblemCategory, RuleItem
from .visits import Visit


class Observation(models.Model):
    """One thing seen on a visit, raw: the office decides later what it amounts to.

    is_draft: begun and not finished, without an indicator or without facts; no complete record holds one.
    """

    class Kind(models.TextChoices):
        PROBLEM = "problem", "问题"
        GOOD = "good", "好的做法"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="observations")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROBLEM)
    category = models.ForeignKey(
        ProblemCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name="问题指标",
    )
    facts = models.TextField("事实经过", blank=True)
    is_draft = models.BooleanField(default=False)
    seen_at = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    person_post = models.CharField("涉及人员（岗位）", max_length=60, blank=True)
    persons = models.PositiveSmallIntegerField("涉及人数", default=0)
    # 历史补录 may state several like cases in one line: the problem counts as often.
    count = models.PositiveSmallIntegerField("起数", default=1)
    rule_item = models.ForeignKey(
        RuleItem, models.PROTECT, null=True, blank=True, related_name="observations", verbose_name="所涉规定"
    )
    handled_on_spot = models.CharField("当场处置", max_length=200, blank=True)
    unit_said = models.TextField("单位（当事人）当场说明", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "ordinal"], name="observation_ordinal_once"),
            models.CheckConstraint(
                name="observation_says_what",
                condition=Q(is_draft=True) | (Q(category__isnull=False) & ~Q(facts="")),
            ),
            models.CheckConstraint(name="observation_counts", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.category.code if self.category else ''} {self.facts[:30]}".strip()

    @property
    def indicator(self) -> ProblemCategory:
        """The indicator of a finished observation.

        Raises: LookupError for a draft that has none, which no complete record holds
        """
        if self.category is None:
            raise LookupError(f"observation {self.pk} is a draft without an indicator")
        return self.category


class Evidence(models.Model):
    """A photo or document that shows what was seen, tied to a visit and, where it can be, to one observation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    observation = models.ForeignKey(
        Observation, models.SET_NULL, null=True, blank=True, related_name="evidence"
    )
    file = models.ForeignKey("conduct.StoredFile", models.PROTECT, related_name="evidence")
    caption = models.CharField("说明", max_length=80, blank=True)
    added_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="added_evidence")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [models.UniqueConstraint(fields=["visit", "file"], name="evidence_file_once")]

    def __str__(self) -> str:
        return self.caption or str(self.file)


class HeldPhoto(models.Model):
    """A photo handed in with a form that was not taken; it waits for the next saving of whoever chose it.

    photo: what the store knows of it. It is received, and told to the audit, only when a record takes it in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)
    photo = models.JSONField(encoder=DjangoJSONEncoder)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="held_photos")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.photo["original_name"])


class CorrectionNote(models.Model):
    """The only thing that can be added to a locked record: what was wrong, and what is right."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="corrections")
    text = models.TextField("更正内容")
    by = models.ForeignKey("people.User", models.PROTECT, related_name="correction_notes")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="correction_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:40]
