import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from conduct.calendar.rules import WorkCalendar
from findings.rules.plan import progress_due

OPEN = ("assigned", "received", "rectifying", "submitted", "awaiting_acceptance")


def ask_for_progress(apps, schema_editor):
    """Matters that run already report from their next thirty days on; rest days by the plain week."""
    rows = apps.get_model("findings", "Finding").objects.filter(state__in=OPEN, issued_on__isnull=False)
    for day in rows.order_by().values_list("issued_on", flat=True).distinct():
        due = progress_due(issued_on=day, number=1, book=WorkCalendar()).day
        rows.filter(issued_on=day).update(progress_due_on=due, progress_is_estimate=True)


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0010_job_failed"),
        ("findings", "0012_terms_held"),
        ("inspections", "0009_visit_state_reviewed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonsDealt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("criticism", "批评教育"),
                            ("talk", "提醒谈话"),
                            ("self_criticism", "责令检查"),
                            ("circular", "通报批评"),
                            ("admonishment", "诫勉"),
                            ("organizational", "组织调整或组织处理"),
                            ("sanction", "党纪政务处分"),
                            ("transferred", "移送有关机关"),
                        ],
                        max_length=16,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="人数")),
            ],
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=300, verbose_name="措施")),
                ("owner", models.CharField(max_length=60, verbose_name="责任人（岗位）")),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("version", models.PositiveIntegerField(default=1)),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
            ],
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField(verbose_name="应报日期")),
                ("done", models.TextField(verbose_name="已完成")),
                ("remaining", models.TextField(verbose_name="未完成事项和下一步安排")),
                ("reported_on", models.DateField(verbose_name="报告日期")),
                ("reported_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RectificationPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("due_on", models.DateField(verbose_name="方案期限")),
                ("due_is_estimate", models.BooleanField(default=False)),
                ("calendar_version", models.CharField(blank=True, max_length=200)),
                ("approach", models.TextField(blank=True, verbose_name="整改目标和总体安排")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "待提交"),
                            ("submitted", "已提交待审"),
                            ("returned", "退回修改"),
                            ("approved", "审核同意"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("returns", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("first_handed_in_on", models.DateField(blank=True, null=True)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("judgement", models.TextField(blank=True, verbose_name="审核意见")),
            ],
        ),
        migrations.CreateModel(
            name="RuleBuilt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120, verbose_name="制度名称")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
            ],
        ),
        migrations.AddField(
            model_name="finding",
            name="needs_plan",
            field=models.BooleanField(default=False, verbose_name="须提交整改方案"),
        ),
        migrations.AddField(
            model_name="finding",
            name="progress_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="进度报告期限"),
        ),
        migrations.AddField(
            model_name="finding",
            name="progress_is_estimate",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="finding",
            name="progress_made",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="已报进度"),
        ),
        migrations.AddField(
            model_name="rectification",
            name="money_returned",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="清退金额（元）"
            ),
        ),
        migrations.AddField(
            model_name="rectification",
            name="places_checked",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="举一反三排查处数"),
        ),
        migrations.AddField(
            model_name="rectification",
            name="places_found",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="其中发现同类问题处数"),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("places_found__isnull", True),
                    ("places_found__lte", models.F("places_checked")),
                    _connector="OR",
                ),
                name="rectification_found_among_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("money_returned__isnull", True), ("money_returned__gte", 0), _connector="OR"
                ),
                name="rectification_money_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="personsdealt",
            name="rectification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dealt", to="findings.rectification"
            ),
        ),
        migrations.AddField(
            model_name="planitem",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="done_plan_items",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="planitem",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_items",
                to="conduct.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="progress", to="findings.finding"
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="progress", to="findings.notice"
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="reported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="progress_reports",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rectificationplan",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="findings.finding"
            ),
        ),
        migrations.AddField(
            model_name="rectificationplan",
            name="handed_in_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handed_in_plans",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rectificationplan",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="judged_plans",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rectificationplan",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="findings.notice"
            ),
        ),
        migrations.AddField(
            model_name="planitem",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="findings.rectificationplan",
            ),
        ),
        migrations.AddField(
            model_name="rulebuilt",
            name="rectification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="findings.rectification"
            ),
        ),
        migrations.AddConstraint(
            model_name="personsdealt",
            constraint=models.UniqueConstraint(
                fields=("rectification", "kind"), name="persons_dealt_once_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="personsdealt",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="persons_dealt_at_least_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.UniqueConstraint(
                fields=("finding", "notice", "number"), name="progress_once_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done", ""), _negated=True), models.Q(("remaining", ""), _negated=True)
                ),
                name="progress_says_something",
            ),
        ),
        migrations.AddIndex(
            model_name="rectificationplan",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["due_on"], name="plan_to_judge"
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationplan",
            constraint=models.UniqueConstraint(fields=("finding", "notice"), name="plan_once_a_notice"),
        ),
        migrations.AddConstraint(
            model_name="rectificationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "due"),
                    models.Q(
                        ("first_handed_in_on__isnull", False),
                        ("handed_in_at__isnull", False),
                        ("handed_in_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="plan_handed_in_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["returned", "approved"]), _negated=True),
                    models.Q(
                        ("judged_at__isnull", False),
                        ("judged_by__isnull", False),
                        models.Q(("judgement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="plan_verdict_has_judge",
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.UniqueConstraint(fields=("plan", "ordinal"), name="plan_item_once"),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what", ""), _negated=True), models.Q(("owner", ""), _negated=True)
                ),
                name="plan_item_says_what_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_by__isnull", True), ("done_on__isnull", True), ("file__isnull", True)),
                    models.Q(("done_by__isnull", False), ("done_on__isnull", False), ("file__isnull", False)),
                    _connector="OR",
                ),
                name="plan_item_done_is_proved",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulebuilt",
            constraint=models.UniqueConstraint(fields=("rectification", "ordinal"), name="rule_built_once"),
        ),
        migrations.AddConstraint(
            model_name="rulebuilt",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="rule_built_has_title"
            ),
        ),
        migrations.RunPython(ask_for_progress, migrations.RunPython.noop),
    ]
