import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("conduct", "0010_job_failed"),
        ("findings", "0012_terms_held"),
        ("people", "0008_held_pages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("published_at", models.DateTimeField()),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="修改依据")),
            ],
        ),
        migrations.CreateModel(
            name="MeasureKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="编码")),
                ("name", models.CharField(max_length=40, verbose_name="措施")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("party_organisation", "党组织"),
                            ("unit", "单位"),
                            ("unit_head", "单位主要负责人"),
                            ("person", "个人"),
                            ("party_member", "党员"),
                            ("public_official", "公职人员"),
                        ],
                        max_length=20,
                        verbose_name="适用对象",
                    ),
                ),
                ("category", models.CharField(max_length=20, verbose_name="类别")),
                (
                    "months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="影响期（月）"),
                ),
                (
                    "most_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最长期限（月）"),
                ),
                (
                    "no_post_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="不得任职（月）"),
                ),
                ("probation", models.JSONField(blank=True, default=list, verbose_name="察看期（月）")),
                ("is_permanent", models.BooleanField(default=False)),
                ("is_configurable", models.BooleanField(default=False)),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("effect", models.CharField(max_length=200, verbose_name="后果")),
                ("forms", models.JSONField(blank=True, default=list, verbose_name="四种形态")),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "catalogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kinds",
                        to="accountability.catalogue",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[("person", "个人"), ("unit", "单位（党组织）")],
                        max_length=10,
                        verbose_name="处理对象",
                    ),
                ),
                ("person_post", models.CharField(blank=True, max_length=60, verbose_name="岗位（职务）")),
                (
                    "person_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("both", "公职人员，中共党员"),
                            ("official", "公职人员，非中共党员"),
                            ("member", "中共党员，非公职人员"),
                            ("other", "其他人员"),
                        ],
                        max_length=10,
                        verbose_name="身份",
                    ),
                ),
                ("name_sealed", models.BinaryField(blank=True, default=bytes)),
                ("name_alg", models.CharField(blank=True, max_length=40)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("direct", "直接责任"),
                            ("main_leader", "主要领导责任"),
                            ("important_leader", "重要领导责任"),
                        ],
                        max_length=20,
                        verbose_name="责任",
                    ),
                ),
                (
                    "leader_side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("held", "追究领导责任（另行登记对领导的处理）"),
                            ("not_held", "不追究领导责任，理由如下"),
                        ],
                        max_length=10,
                        verbose_name="领导责任",
                    ),
                ),
                ("leader_reason", models.TextField(blank=True, verbose_name="不追究领导责任的理由")),
                (
                    "origin",
                    models.CharField(
                        choices=[("own", "本级检查"), ("superior", "上级检查")],
                        max_length=10,
                        verbose_name="问题来源",
                    ),
                ),
                ("authority", models.CharField(max_length=100, verbose_name="决定机关")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("decision_number", models.CharField(max_length=60, verbose_name="决定文号")),
                ("heard_on", models.DateField(blank=True, null=True, verbose_name="听取陈述申辩日期")),
                (
                    "probation_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="察看期（月）"),
                ),
                (
                    "decided_months",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="决定书另定的期限（月）"
                    ),
                ),
                ("merged", models.PositiveSmallIntegerField(default=1, verbose_name="合并处理的处分个数")),
                ("effect_first_on", models.DateField(blank=True, null=True, verbose_name="影响期首日")),
                ("effect_last_on", models.DateField(blank=True, null=True, verbose_name="影响期末日")),
                ("effect_how", models.TextField(verbose_name="影响期怎样计算")),
                ("cautions", models.JSONField(blank=True, default=list)),
                ("is_cautioned", models.BooleanField(default=False)),
                ("cautions_reason", models.TextField(blank=True, verbose_name="对提醒的说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_force", "影响期内"),
                            ("no_period", "无影响期"),
                            ("lasting", "长期有效"),
                            ("ended", "影响期已满"),
                            ("withdrawn", "已撤销登记"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("withdrawn_reason", models.TextField(blank=True, verbose_name="撤销理由")),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("made_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="conduct.storedfile",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="accountability.measure",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures_taken",
                        to="findings.finding",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recorded_measures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="people.unit",
                        verbose_name="所在单位",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="accountability.measurekind",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="measurekind",
            constraint=models.UniqueConstraint(fields=("catalogue", "code"), name="measure_kind_once"),
        ),
        migrations.AddConstraint(
            model_name="measurekind",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="measure_kind_has_basis"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["-decided_on", "id"], name="measure_newest"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["finding", "recorded_at"], name="measure_of_finding"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("state", "in_force")),
                fields=["effect_last_on", "id"],
                name="measure_ending",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("state", "ended")), fields=["-ended_at", "id"], name="measure_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("leader_side", "held")),
                fields=["recorded_at", "id"],
                name="measure_leaders_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_alg", ""), ("person_kind", ""), ("person_post", ""), ("target", "unit")),
                    models.Q(
                        ("target", "person"),
                        models.Q(("person_post", ""), _negated=True),
                        models.Q(("person_kind", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="measure_person_by_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "direct"), models.Q(("leader_side", ""), _negated=True)),
                    models.Q(models.Q(("level", "direct"), _negated=True), ("leader_side", "")),
                    _connector="OR",
                ),
                name="measure_leader_side_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("leader_side", "not_held"), models.Q(("leader_reason", ""), _negated=True)),
                    models.Q(models.Q(("leader_side", "not_held"), _negated=True), ("leader_reason", "")),
                    _connector="OR",
                ),
                name="measure_leader_not_held_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_cautioned", False), models.Q(("cautions_reason", ""), _negated=True), _connector="OR"
                ),
                name="measure_cautions_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "withdrawn"),
                    models.Q(
                        ("effect_first_on__isnull", False),
                        ("effect_last_on__isnull", False),
                        ("state__in", ["in_force", "ended"]),
                    ),
                    models.Q(
                        ("effect_first_on__isnull", False),
                        ("effect_last_on__isnull", True),
                        ("state", "lasting"),
                    ),
                    models.Q(
                        ("effect_first_on__isnull", True),
                        ("effect_last_on__isnull", True),
                        ("state", "no_period"),
                    ),
                    _connector="OR",
                ),
                name="measure_period_by_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effect_last_on__isnull", True),
                    ("effect_last_on__gte", models.F("effect_first_on")),
                    _connector="OR",
                ),
                name="measure_period_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), models.Q(("withdrawn_reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_reason", "")),
                    _connector="OR",
                ),
                name="measure_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged__gte", 1)), name="measure_of_one_at_least"
            ),
        ),
    ]
