"""Reports that are kept with the digest of what they were computed from."""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0008_shared_items_and_repeats"),
        ("generation", "0007_one_keeper_per_host"),
        ("judging", "0006_verdicts_of_every_kind"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=gate.identity.new_id,
                        editable=False,
                        max_length=22,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("claimed_by", models.CharField(blank=True, max_length=80)),
                ("lease_expires_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("study", "Agreement in a study"),
                            ("validation", "A judge beside a study's raters"),
                            ("comparison", "Two runs compared"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("input_digest", models.CharField(blank=True, max_length=64)),
                ("computed_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(null=True)),
                ("figures", models.JSONField(default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="judging.judge",
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="judging.panel",
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotation.rubric",
                    ),
                ),
                (
                    "run_a",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="generation.run",
                    ),
                ),
                (
                    "run_b",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="generation.run",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="annotation.study",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "running"])),
                        fields=["asked_at"],
                        name="report_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "study"), ("study__isnull", False)),
                            models.Q(
                                ("judge__isnull", False),
                                ("kind", "validation"),
                                ("study__isnull", False),
                            ),
                            models.Q(
                                ("kind", "comparison"),
                                ("run_a__isnull", False),
                                ("run_b__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_has_its_subjects",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("computed_at__isnull", True), ("result__isnull", True)),
                            models.Q(("computed_at__isnull", False), ("result__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_has_result_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "running"),
                                ("lease_expires_at__isnull", False),
                                models.Q(("claimed_by", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "running"), _negated=True),
                                ("claimed_by", ""),
                                ("lease_expires_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_running_is_leased",
                    ),
                ],
            },
        ),
    ]
