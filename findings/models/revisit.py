from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from inspections.models import Campaign
from people import access
from people.access import Asker
from people.models import Post
from people.roles import OFFICE_ROLES, Permission, Role

from .finding import Finding


class RevisitQuerySet(models.QuerySet["Revisit"]):
    def visible_to(self, user: Asker) -> RevisitQuerySet:
        """Second looks the person needs to know of: as keeper, or because they see the plan made for it.

        Until its visit sets out, that plan is a covert one. Where the keeper left the office, its leaders see it.
        """
        if not user.is_authenticated:
            return self.none()
        in_post = Post.objects.held_on(access.today()).filter(user=OuterRef("keeper"), role__in=OFFICE_ROLES)
        leads = access.within(
            user, Permission.FINDING_CLOSE, path_field="finding__unit__path", roles=[Role.OFFICE_LEADER]
        )
        known = (
            Q(keeper=user.pk) | Q(campaign__in=Campaign.objects.visible_to(user)) | (leads & ~Exists(in_post))
        )
        return self.filter(known, finding__in=Finding.objects.visible_to(user))


class Revisit(models.Model):
    """The second look (回头看) at a closed finding: whether what was put right has lasted."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "待安排"
        ARRANGED = "arranged", "已安排"
        HOLDS = "holds", "整改巩固"
        INCONCLUSIVE = "inconclusive", "未能确认"
        RELAPSED = "relapsed", "问题反弹"

    OPEN = (State.SCHEDULED, State.ARRANGED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="revisits")
    # Of the finding that was closed, and which look at that closing this is.
    occurrence = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=1)
    closed_on = models.DateField()
    closed_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    on_day = models.DateField("回头看日期")
    keeper = models.ForeignKey(
        "people.User", models.PROTECT, related_name="kept_revisits", verbose_name="承办人"
    )
    campaign = models.ForeignKey(
        "inspections.Campaign", models.PROTECT, null=True, blank=True, related_name="revisits"
    )
    # The visit that was made; known with the outcome.
    visit = models.OneToOneField(
        "inspections.Visit", models.PROTECT, null=True, blank=True, related_name="revisit"
    )
    state = models.CharField(max_length=12, choices=State, default=State.SCHEDULED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="decided_revisits"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField("结论依据", blank=True)

    objects = RevisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "occurrence", "turn"], name="revisit_turn_once"),
            models.CheckConstraint(
                name="revisit_arranged_has_plan",
                condition=Q(state="scheduled") | Q(campaign__isnull=False),
            ),
            models.CheckConstraint(
                name="revisit_outcome_has_visit_and_judge",
                condition=Q(state__in=["scheduled", "arranged"])
                | (
                    Q(visit__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(opinion="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["keeper", "state", "on_day"], name="revisit_of_keeper"),
            models.Index(fields=["created_at"], name="revisit_arranged", condition=Q(state="arranged")),
        ]

    def __str__(self) -> str:
        return f"回头看：{self.finding}"
