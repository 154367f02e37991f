from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import F, Q, Value

from people import access, tree
from people.access import Asker
from people.models import Unit
from people.roles import UNIT_ROLES, Permission, Role

from .route import Route

OFFICE_SIDE = frozenset(Role) - UNIT_ROLES


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: Asker) -> FindingQuerySet:
        """All findings of the office's reach; for a unit, its own once it has been asked or told about them."""
        ways = [of_branch(path) for path in access.reach(user, Permission.FINDING_VIEW, roles=OFFICE_SIDE)]
        if access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
            own = access.within(user, Permission.FINDING_VIEW, path_field="unit__path", roles=UNIT_ROLES)
            told = Q(notice__isnull=False) | Q(statement_asked_at__isnull=False)
            ways.append(own & told & Q(is_historical=False))
        return self.filter(reduce(or_, ways)) if ways else self.none()

    def under(self, unit: Unit) -> FindingQuerySet:
        """Findings of the unit and of all below it."""
        return self.of_branches([unit.path])

    def of_branches(self, paths: Iterable[str]) -> FindingQuerySet:
        """Findings of the units from these paths down; of no path, none."""
        ways = [of_branch(path) for path in paths]
        return self.filter(reduce(or_, ways)) if ways else self.none()


class InBranch(models.Func):
    """Whether a unit lies at or below a path, asked of each row in turn: unit, path, end of the branch.

    Written out, because an Exists takes longer to put together than the page's query takes to answer.
    """

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """Three arguments at their places."""
        (unit, of_unit), (first, of_first), (end, of_end) = map(compiler.compile, self.source_expressions)
        test = f"branch.id = {unit} AND branch.path >= {first} AND branch.path < {end}"
        sql = f"EXISTS(SELECT 1 FROM {Unit._meta.db_table} AS branch WHERE {test})"  # noqa: S608 of our own names
        return sql, (*of_unit, *of_first, *of_end)


def of_branch(path: str) -> Q:
    """Rows about the units from a path down, e.g. findings or notices.

    From a top unit down it is asked of each row in turn: joined, SQLite would start from the units and sort every
    row of the tree to show one page.
    """
    if len(path) > tree.STEP:
        return tree.below("unit__path", path)
    return Q(InBranch(F("unit"), Value(path), Value(tree.end_of(path))))


class Finding(models.Model):
    """A problem the office answers for: one unit, one category, one lifecycle."""

    class State(models.TextChoices):
        NEW = "new", "待研判"
        VERIFYING = "verifying", "核实中"
        CONFIRMED = "confirmed", "属实待交办"
        PARTLY = "partly", "部分属实待交办"
        DISMISSED = "dismissed", "不属实"
        MERGED = "merged", "已并入其他问题"
        ASSIGNED = "assigned", "已交办待签收"
        RECEIVED = "received", "已签收"
        RECTIFYING = "rectifying", "整改中"
        SUBMITTED = "submitted", "整改报告待审"
        AWAITING_ACCEPTANCE = "awaiting_acceptance", "待验收"
        CLOSED = "closed", "已销号"
        ON_RECORD = "on_record", "历史存档"

    class Grade(models.IntegerChoices):
        SLIGHT = 1, "轻微"
        ORDINARY = 2, "一般"
        FAIRLY_SERIOUS = 3, "较重"
        SERIOUS = 4, "严重"
        VERY_SERIOUS = 5, "特别严重"

    # On the unit's or the office's desk with a deadline running.
    OPEN = (State.ASSIGNED, State.RECEIVED, State.RECTIFYING, State.SUBMITTED, State.AWAITING_ACCEPTANCE)
    # The unit has the matter in hand, and its term runs unless it is stopped.
    WITH_UNIT = (State.ASSIGNED, State.RECEIVED, State.RECTIFYING)
    # The facts stand: what bulletins and figures count as a problem.
    STANDING = (State.CONFIRMED, State.PARTLY, *OPEN, State.CLOSED, State.ON_RECORD)
    BEFORE_NOTICE = (State.NEW, State.VERIFYING, State.CONFIRMED, State.PARTLY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="findings", verbose_name="责任单位")
    department = models.CharField("科室（窗口）", max_length=60, blank=True)
    title = models.CharField("问题标题", max_length=80)
    facts = models.TextField("问题事实")
    # What was held against the unit before only part of it was confirmed; kept from that verdict on.
    earlier_facts = models.TextField("认定前的表述", blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    category = models.ForeignKey(
        "inspections.ProblemCategory", models.PROTECT, related_name="findings", verbose_name="问题分类"
    )
    top = models.CharField(max_length=4)
    grade = models.PositiveSmallIntegerField("情节", choices=Grade, null=True, blank=True)
    rule_item = models.ForeignKey(
        "inspections.RuleItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name="所涉规定",
    )
    causes = models.ManyToManyField("inspections.Cause", blank=True, related_name="findings")
    person_post = models.CharField("涉及人员（岗位）", max_length=60, blank=True)
    persons = models.PositiveSmallIntegerField("涉及人数", default=0)
    count = models.PositiveSmallIntegerField("起数", default=1)
    names_person = models.BooleanField("指向具体人员", default=False)
    visited_on = models.DateField("检查日期")
    # First day of the month of the visit: what figures group by.
    month = models.DateField()
    route = models.ForeignKey(Route, models.PROTECT, null=True, blank=True, related_name="findings")
    requirement = models.TextField("整改要求", blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    version = models.PositiveIntegerField(default=1)
    raised_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="raised_findings")
    raised_at = models.DateTimeField()
    # Where this finding went when several were made one.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    statement_asked_at = models.DateTimeField(null=True, blank=True)
    statement_due_on = models.DateField(null=True, blank=True)
    statement_due_is_estimate = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="confirmed_findings"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    verdict_reason = models.TextField("认定理由", blank=True)
    notice = models.ForeignKey(
        "findings.Notice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name="整改通知书",
    )
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    # The term as it was first given; it stays when the term is moved.
    first_due_on = models.DateField("原定期限", null=True, blank=True)
    # When what the term now runs against the unit ends: nothing before the notice, while the report lies with the
    # office, while an objection stops the clock, and after closing. Everything overdue is told by this column.
    runs_until = models.DateField(null=True, blank=True)
    handed_in_on = models.DateField("报送日期", null=True, blank=True)
    paused_on = models.DateField("暂停计时", null=True, blank=True)
    # The highest step of the ladder taken in this term; and from when overdue days count, where the clock stood still
    # after the term had ended.
    rung = models.PositiveSmallIntegerField("督办已到步骤", default=0)
    ladder_from = models.DateField("督办起算", null=True, blank=True)
    due_is_estimate = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=200, blank=True)
    needs_plan = models.BooleanField("须提交整改方案", default=False)
    # Units that have had a part in it beside the one that leads.
    co_units = models.PositiveSmallIntegerField("协办单位数", default=0)
    # How often a unit returned it as not its own, and since when the present unit has it, if it was another's before.
    transfer_requests = models.PositiveSmallIntegerField("退回改派次数", default=0)
    taken_over_at = models.DateTimeField("改派时间", null=True, blank=True)
    # By when the next progress report is to come, should the matter still run then.
    progress_due_on = models.DateField("进度报告期限", null=True, blank=True)
    progress_is_estimate = models.BooleanField(default=False)
    # How many of the thirty days have been reported on; what was missed before counts as told.
    progress_made = models.PositiveSmallIntegerField("已报进度", default=0)
    liaison = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="liaison_findings",
        verbose_name="联络员",
    )
    reviewed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="reviewed_findings"
    )
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    # How often it has come up: a relapse at the second look reopens it and weighs more.
    occurrence = models.PositiveSmallIntegerField("第几次", default=1)
    factor = models.PositiveSmallIntegerField("反弹系数", default=1)
    reopened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="closed_findings"
    )
    # Working days from notice to closing, kept with the calendar it was counted by.
    days_to_close = models.PositiveSmallIntegerField(null=True, blank=True)
    is_historical = models.BooleanField(default=False)
    observations = models.ManyToManyField(
        "inspections.Observation", through="findings.FindingObservation", related_name="findings"
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="finding_verdict_has_judge",
                condition=~Q(state__in=["confirmed", "partly", "dismissed"])
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_issued_has_notice_and_deadline",
                condition=~Q(
                    state__in=[
                        "assigned",
                        "received",
                        "rectifying",
                        "submitted",
                        "awaiting_acceptance",
                        "closed",
                    ]
                )
                | Q(notice__isnull=False, due_on__isnull=False, issued_on__isnull=False, route__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_closed_has_time",
                condition=(
                    Q(
                        state="closed",
                        closed_at__isnull=False,
                        closed_by__isnull=False,
                        closed_on__isnull=False,
                    )
                    | (~Q(state="closed") & Q(closed_at__isnull=True, closed_on__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="finding_on_record_is_history",
                condition=(
                    Q(state="on_record", is_historical=True)
                    | (~Q(state="on_record") & Q(is_historical=False))
                ),
            ),
            models.CheckConstraint(
                name="finding_merged_says_where",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="finding_term_runs_with_unit",
                condition=Q(runs_until__isnull=True)
                | Q(
                    state__in=["assigned", "received", "rectifying"],
                    paused_on__isnull=True,
                    runs_until=F("due_on"),
                ),
            ),
            models.CheckConstraint(
                name="finding_with_unit_has_running_term",
                condition=~Q(state__in=["assigned", "received", "rectifying"])
                | Q(runs_until__isnull=False)
                | Q(paused_on__isnull=False),
            ),
            models.CheckConstraint(name="finding_counts", condition=Q(count__gte=1)),
            models.CheckConstraint(
                name="finding_relapsed_weighs_more",
                condition=Q(occurrence=1, factor=1, reopened_at__isnull=True)
                | Q(occurrence__gt=1, factor=2, reopened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_grade_known",
                condition=Q(grade__isnull=True) | Q(grade__gte=1, grade__lte=5),
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at", "id"], name="finding_newest"),
            models.Index(fields=["unit", "-raised_at", "id"], name="finding_unit_newest"),
            models.Index(fields=["state", "-raised_at", "id"], name="finding_state_newest"),
            models.Index(fields=["top", "-raised_at", "id"], name="finding_top_newest"),
            # With the unit, so that findings of a branch are counted without opening each of them.
            models.Index(
                fields=["due_on", "id", "unit"],
                name="finding_open_by_due",
                condition=Q(
                    state__in=["assigned", "received", "rectifying", "submitted", "awaiting_acceptance"]
                ),
            ),
            models.Index(
                fields=["runs_until", "id", "unit"],
                name="finding_running",
                condition=Q(runs_until__isnull=False),
            ),
            # Reports on the office's desk, by the day they came.
            models.Index(
                fields=["handed_in_on", "id", "unit"],
                name="finding_reported",
                condition=Q(state__in=["submitted", "awaiting_acceptance"]),
            ),
            # What the office has still to judge or to hand over, the oldest first.
            models.Index(
                fields=["raised_at", "id", "unit"],
                name="finding_before_notice",
                condition=Q(state__in=["new", "verifying", "confirmed", "partly"]),
            ),
            models.Index(
                fields=["statement_due_on", "id"],
                name="finding_statement_due",
                condition=Q(statement_due_on__isnull=False),
            ),
            # The ladder asks step by step and route by route, and reads only those whose day has come.
            models.Index(
                fields=["rung", "route", "runs_until"],
                name="finding_ladder",
                condition=Q(runs_until__isnull=False),
            ),
            models.Index(fields=["month", "top", "state"], name="finding_month_top_state"),
            models.Index(fields=["visited_on"], name="finding_visited_on"),
            models.Index(
                fields=["merged_into"], name="finding_merged_into", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["issued_on"], name="finding_issued_on", condition=Q(issued_on__isnull=False)
            ),
            models.Index(
                fields=["closed_on"], name="finding_closed_on", condition=Q(closed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_partly(self) -> bool:
        """Whether only part of what was held against the unit has been confirmed."""
        return bool(self.earlier_facts)


class FindingObservation(models.Model):
    """Which observations a finding rests on: several may make one, and one may be split over several."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="links")
    observation = models.ForeignKey("inspections.Observation", models.PROTECT, related_name="finding_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "observation"], name="finding_observation_once")
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}←{self.observation_id}"


class SetAside(models.Model):
    """An observation the office decided not to take up, and why."""

    observation = models.OneToOneField("inspections.Observation", models.PROTECT, related_name="set_aside")
    reason = models.TextField("理由")
    by = models.ForeignKey("people.User", models.PROTECT, related_name="set_asides")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="set_aside_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return self.reason[:40]
