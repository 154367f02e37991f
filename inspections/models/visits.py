from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q, Value

from conduct.prepared import Prepared
from people import access
from people.access import Asker
from people.roles import OFFICE_ROLES, Permission

from .campaigns import Campaign, Team, TeamMember
from .methods import Method

NO_CAMPAIGN = Value(None, models.UUIDField())
# Campaigns a person answers for, teams they lead, teams they are on: (campaign, team, whether they lead, method).
INVOLVED = Prepared(
    lambda user: (
        Campaign.objects.filter(Q(author=user) | Q(approver=user) | Q(leader=user))
        .values_list("pk", Value(None, models.IntegerField()), Value(1), "method")
        .union(
            Team.objects.filter(leader=user).values_list(NO_CAMPAIGN, "pk", Value(1), "campaign__method"),
            TeamMember.objects.filter(user=user).values_list(
                NO_CAMPAIGN, "team", Value(0), "team__campaign__method"
            ),
        )
    ),
    user=models.IntegerField(),
)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Asker) -> VisitQuerySet:
        """Visits of the person's own team, and of their office's reach.

        Until a covert campaign starts, only its author, leaders and approver see its visits; a covert visit that
        has not left yet is seen by them alone.
        """
        if not user.is_authenticated:
            return self.none()
        has_left = Q(departed_at__isnull=False) | Q(is_historical=True)
        campaigns, known, hidden = _involved(user)
        seen = Q(campaign__in=campaigns) | Q(team__in=known) | (Q(team__in=hidden) & has_left)
        if access.reach(user, Permission.VISIT_VIEW, roles=OFFICE_ROLES):
            # Only here: a filter that names the campaign opens it, also where it can match nothing.
            office = access.within(
                user, Permission.VISIT_VIEW, path_field="campaign__office__path", roles=OFFICE_ROLES
            )
            seen |= office & (~Q(campaign__method=Method.COVERT) | has_left)
        return self.filter(seen)


def _involved(user: Asker) -> tuple[list[uuid.UUID], list[int], list[int]]:
    """The campaigns and teams whose every visit the person sees, and the teams whose visits they see once set out.

    Somebody of the field has few of them among very many: named one by one, an index finds their visits.
    """
    campaigns: list[uuid.UUID] = []
    known: list[int] = []
    hidden: list[int] = []
    for campaign, team, leads, method in INVOLVED(user=user.pk):
        if campaign is not None:
            campaigns.append(campaign)
        else:
            (known if leads or method != Method.COVERT else hidden).append(team)
    return campaigns, known, hidden


def seen_whole(user: Asker) -> Q:
    """Campaigns of which the person sees every visit, told of the campaign.

    Says no more than VisitQuerySet.visible_to, and lets a list of campaigns count without looking at each visit.
    """
    office = access.within(user, Permission.VISIT_VIEW, path_field="office__path", roles=OFFICE_ROLES)
    return Q(author=user.pk) | Q(approver=user.pk) | Q(leader=user.pk) | (office & ~Q(method=Method.COVERT))


class Visit(models.Model):
    """One team at one unit, from arrival to the locked record sheet."""

    class State(models.TextChoices):
        PLANNED = "planned", "待出发"
        DEPARTED = "departed", "已出发"
        ON_SITE = "on_site", "现场检查"
        RECORDED = "recorded", "待签名复核"
        REVIEWED = "reviewed", "待归档"
        LOCKED = "locked", "已归档"
        ABORTED = "aborted", "已中止"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made by the page or phone that files it: the same key twice is the same visit.
    client_key = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="visits")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="visits", verbose_name="被查单位")
    method = models.CharField("检查方式", max_length=12, choices=Method)
    visited_on = models.DateField("检查日期", null=True, blank=True)
    arrived_at = models.DateTimeField("到达时间", null=True, blank=True)
    left_at = models.DateTimeField("离开时间", null=True, blank=True)
    department = models.CharField("科室（窗口）", max_length=60, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    accompanied_by = models.CharField("单位在场人员（岗位）", max_length=120, blank=True)
    expected_count = models.PositiveSmallIntegerField("应到", null=True, blank=True)
    present_count = models.PositiveSmallIntegerField("实到", null=True, blank=True)
    leave_count = models.PositiveSmallIntegerField("请假", null=True, blank=True)
    official_out_count = models.PositiveSmallIntegerField("公出", null=True, blank=True)
    absent_count = models.PositiveSmallIntegerField("缺岗", null=True, blank=True)
    no_problem = models.BooleanField("未发现问题", default=False)
    unit_statement = models.TextField("单位当场说明", blank=True)
    unit_signature = models.CharField("单位签字情况", max_length=120, blank=True)
    recorder = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recorded_visits",
        verbose_name="记录人",
    )
    # Taken when the record is filed away: until then nothing counts a covert visit.
    number = models.CharField("编号", max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="reviewed_visits"
    )
    review_opinion = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    is_historical = models.BooleanField(default=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_leaves_after_arriving",
                condition=Q(left_at__isnull=True)
                | Q(arrived_at__isnull=True)
                | Q(left_at__gte=F("arrived_at")),
            ),
            models.CheckConstraint(
                name="visit_recorded_is_complete",
                condition=Q(is_historical=True)
                | Q(state__in=["planned", "departed", "on_site", "aborted"])
                | Q(
                    arrived_at__isnull=False,
                    left_at__isnull=False,
                    visited_on__isnull=False,
                    team__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="visit_reviewed_has_reviewer",
                condition=Q(is_historical=True)
                | ~Q(state__in=["reviewed", "locked"])
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="visit_begun_once",
                fields=["campaign", "team", "unit"],
                condition=Q(state__in=["planned", "departed", "on_site"]),
            ),
            models.UniqueConstraint(name="visit_number_once", fields=["number"], condition=~Q(number="")),
        ]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="visit_newest"),
            models.Index(fields=["visited_on"], name="visit_day"),
            models.Index(fields=["campaign", "state"], name="visit_campaign_state"),
            models.Index(fields=["state", "reviewed_at"], name="visit_state_reviewed"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}（{self.visited_on or '日期未记录'}）"


class VisitSignature(models.Model):
    """An inspector's name under the record as it stood at one version."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="signatures")
    user = models.ForeignKey("people.User", models.PROTECT, related_name="visit_signatures")
    visit_version = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "user", "visit_version"], name="visit_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.signed_at:%Y-%m-%d %H:%M}"
