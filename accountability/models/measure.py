from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people import access
from people.access import Asker
from people.roles import Permission


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: Asker) -> MeasureQuerySet:
        """Measures about findings of the office's reach; nobody else sees one."""
        within = access.within(user, Permission.MEASURE_VIEW, path_field="finding__unit__path")
        return self.filter(within)

    def in_force(self) -> MeasureQuerySet:
        """Those that stand: recorded and not withdrawn."""
        return self.exclude(state=Measure.State.WITHDRAWN)


class Measure(models.Model):
    """What a competent body decided about one person or unit because of a finding; recorded, never decided here.

    Nothing of an entry is written over: a wrong one is withdrawn, and another entry says what is right.
    """

    class Target(models.TextChoices):
        PERSON = "person", "个人"
        UNIT = "unit", "单位（党组织）"

    class PersonKind(models.TextChoices):
        BOTH = "both", "公职人员，中共党员"
        OFFICIAL = "official", "公职人员，非中共党员"
        MEMBER = "member", "中共党员，非公职人员"
        OTHER = "other", "其他人员"

    class Level(models.TextChoices):
        DIRECT = "direct", "直接责任"
        MAIN_LEADER = "main_leader", "主要领导责任"
        IMPORTANT_LEADER = "important_leader", "重要领导责任"

    class LeaderSide(models.TextChoices):
        HELD = "held", "追究领导责任（另行登记对领导的处理）"
        NOT_HELD = "not_held", "不追究领导责任，理由如下"

    class Origin(models.TextChoices):
        OWN = "own", "本级检查"
        SUPERIOR = "superior", "上级检查"

    class State(models.TextChoices):
        IN_FORCE = "in_force", "影响期内"
        NO_PERIOD = "no_period", "无影响期"
        LASTING = "lasting", "长期有效"
        ENDED = "ended", "影响期已满"
        WITHDRAWN = "withdrawn", "已撤销登记"

    LEADERS = (Level.MAIN_LEADER, Level.IMPORTANT_LEADER)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey("findings.Finding", models.PROTECT, related_name="measures_taken")
    kind = models.ForeignKey("accountability.MeasureKind", models.PROTECT, related_name="measures")
    target = models.CharField("处理对象", max_length=10, choices=Target)
    # Whom it concerns, or where the person concerned serves.
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="measures", verbose_name="所在单位")
    person_post = models.CharField("岗位（职务）", max_length=60, blank=True)
    person_kind = models.CharField("身份", max_length=10, choices=PersonKind, blank=True)
    # Encrypted for the few who need to know (accountability.queries.names); empty where only the post is recorded.
    name_sealed = models.BinaryField(blank=True, default=bytes)
    name_alg = models.CharField(max_length=40, blank=True)
    level = models.CharField("责任", max_length=20, choices=Level)
    leader_side = models.CharField("领导责任", max_length=10, choices=LeaderSide, blank=True)
    leader_reason = models.TextField("不追究领导责任的理由", blank=True)
    origin = models.CharField("问题来源", max_length=10, choices=Origin)
    authority = models.CharField("决定机关", max_length=100)
    decided_on = models.DateField("决定日期")
    decision_number = models.CharField("决定文号", max_length=60)
    heard_on = models.DateField("听取陈述申辩日期", null=True, blank=True)
    probation_months = models.PositiveSmallIntegerField("察看期（月）", null=True, blank=True)
    decided_months = models.PositiveSmallIntegerField("决定书另定的期限（月）", null=True, blank=True)
    merged = models.PositiveSmallIntegerField("合并处理的处分个数", default=1)
    attachment = models.ForeignKey(
        "conduct.StoredFile", models.PROTECT, null=True, blank=True, related_name="measures"
    )
    # As computed when recorded: a later catalogue changes nothing here.
    effect_first_on = models.DateField("影响期首日", null=True, blank=True)
    effect_last_on = models.DateField("影响期末日", null=True, blank=True)
    effect_how = models.TextField("影响期怎样计算")
    # [{code, text}] as shown to whoever recorded it all the same, and why they did.
    cautions = models.JSONField(default=list, blank=True)
    is_cautioned = models.BooleanField(default=False)
    cautions_reason = models.TextField("对提醒的说明", blank=True)
    state = models.CharField(max_length=10, choices=State)
    version = models.PositiveIntegerField(default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    withdrawn_reason = models.TextField("撤销理由", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recorded_measures"
    )
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of the form it was sent by: sent twice, it is recorded once.
    made_key = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="measure_person_by_post",
                condition=Q(target="unit", person_post="", person_kind="", name_alg="")
                | (Q(target="person") & ~Q(person_post="") & ~Q(person_kind="")),
            ),
            models.CheckConstraint(
                name="measure_leader_side_answered",
                condition=(Q(level="direct") & ~Q(leader_side="")) | (~Q(level="direct") & Q(leader_side="")),
            ),
            models.CheckConstraint(
                name="measure_leader_not_held_says_why",
                condition=(Q(leader_side="not_held") & ~Q(leader_reason=""))
                | (~Q(leader_side="not_held") & Q(leader_reason="")),
            ),
            models.CheckConstraint(
                name="measure_cautions_answered", condition=Q(is_cautioned=False) | ~Q(cautions_reason="")
            ),
            models.CheckConstraint(
                name="measure_period_by_state",
                condition=Q(state="withdrawn")
                | Q(
                    state__in=["in_force", "ended"],
                    effect_first_on__isnull=False,
                    effect_last_on__isnull=False,
                )
                | Q(state="lasting", effect_first_on__isnull=False, effect_last_on__isnull=True)
                | Q(state="no_period", effect_first_on__isnull=True, effect_last_on__isnull=True),
            ),
            models.CheckConstraint(
                name="measure_period_runs_forward",
                condition=Q(effect_last_on__isnull=True) | Q(effect_last_on__gte=F("effect_first_on")),
            ),
            models.CheckConstraint(
                name="measure_withdrawn_says_why",
                condition=(Q(state="withdrawn") & ~Q(withdrawn_reason=""))
                | (~Q(state="withdrawn") & Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(name="measure_of_one_at_least", condition=Q(merged__gte=1)),
        ]
        indexes = [
            models.Index(fields=["-decided_on", "id"], name="measure_newest"),
            models.Index(fields=["finding", "recorded_at"], name="measure_of_finding"),
            models.Index(
                fields=["effect_last_on", "id"], name="measure_ending", condition=Q(state="in_force")
            ),
            models.Index(fields=["-ended_at", "id"], name="measure_ended", condition=Q(state="ended")),
            models.Index(
                fields=["recorded_at", "id"], name="measure_leaders_held", condition=Q(leader_side="held")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.name}（{self.who}）"

    @property
    def who(self) -> str:
        """Whom it concerns, without a name."""
        return f"{self.unit.name} {self.person_post}" if self.person_post else self.unit.name

    @property
    def has_name(self) -> bool:
        """Whether the name of the person is kept."""
        return bool(self.name_alg)
