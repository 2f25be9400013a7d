"""Trials of judges on held-out labels, and approvals; a trial is never changed."""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0008_shared_items_and_repeats'),
        ('judging', '0007_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('seed', models.BigIntegerField()),
                ('held_percent', models.PositiveSmallIntegerField()),
                ('prompt_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='judging.judge')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='annotation.study')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('judge_digest', models.CharField(max_length=64)),
                ('rubric_digest', models.CharField(max_length=64)),
                ('finding', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('approved_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revoked_because', models.TextField(blank=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='judging.judge')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='judging.trial')),
            ],
            options={
                'ordering': ['-approved_at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(fields=('judge', 'study'), name='one_trial_per_judge_and_study'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('held_percent__gte', 10), ('held_percent__lte', 90)), name='trial_holds_out_a_part'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('judge',), name='one_standing_approval'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_because', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_because', ''), _negated=True)), _connector='OR'), name='revoked_approval_says_why'),
        ),
        freeze("judging_trial", message="A trial is never changed."),
    ]
