"""The tables."""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.tables import Tables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_frozen_rows'),
        ('exports', '0002_frozen_rows'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='TaskRun',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('cancel_requested_at', models.DateTimeField(null=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('last_error', models.TextField(blank=True)),
                    ('state', models.CharField(default='pending', max_length=10)),
                    ('bell', models.CharField(blank=True, default='', max_length=22)),
                    ('rung_at', models.DateTimeField(null=True)),
                    ('host', models.CharField(blank=True, max_length=120)),
                    ('claimed_by', models.CharField(blank=True, max_length=80)),
                    ('lease_expires_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('seen_at', models.DateTimeField(null=True)),
                    ('log_tail', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_runs', to='generation.languagemodel')),
                    ('condition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='task_runs', to='generation.condition')),
                    ('tasks', models.JSONField()),
                    ('mode', models.CharField(choices=[('completion', 'Plain text, without a chat template'), ('template', 'Plain text within the chat template'), ('chat', 'Conversation')], max_length=12)),
                    ('tokenizer', models.CharField(blank=True, max_length=500)),
                    ('task_folder', models.CharField(blank=True, max_length=500)),
                    ('limit', models.PositiveIntegerField(null=True)),
                    ('n_shots', models.PositiveSmallIntegerField(null=True)),
                    ('harness_version', models.CharField(blank=True, max_length=40)),
                    ('results', models.JSONField(null=True)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'running', 'done', 'failed', 'cancelled'])), name='task_run_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), models.Q(models.Q(('state', 'running'), _negated=True), ('claimed_by', ''), ('lease_expires_at__isnull', True)), _connector='OR'), name='task_run_running_is_leased'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'failed', 'cancelled']), ('finished_at__isnull', False)), models.Q(models.Q(('state__in', ['done', 'failed', 'cancelled']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='task_run_ended_has_when'), models.CheckConstraint(condition=models.Q(('mode__in', ['completion', 'template', 'chat'])), name='task_run_mode_known'), models.CheckConstraint(condition=models.Q(('limit__isnull', True), ('limit__gte', 1), _connector='OR'), name='task_run_limit_positive'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('results__isnull', False), _connector='OR'), name='task_run_done_has_results')],
                },
            ),
            migrations.CreateModel(
                name='TrainingRun',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('cancel_requested_at', models.DateTimeField(null=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('last_error', models.TextField(blank=True)),
                    ('state', models.CharField(default='pending', max_length=10)),
                    ('bell', models.CharField(blank=True, default='', max_length=22)),
                    ('rung_at', models.DateTimeField(null=True)),
                    ('host', models.CharField(blank=True, max_length=120)),
                    ('claimed_by', models.CharField(blank=True, max_length=80)),
                    ('lease_expires_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('seen_at', models.DateTimeField(null=True)),
                    ('log_tail', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=120, unique=True)),
                    ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training_runs', to='exports.release')),
                    ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training_runs', to='generation.languagemodel')),
                    ('method', models.CharField(choices=[('sft', 'SFT'), ('dpo', 'DPO')], max_length=10)),
                    ('preset', models.CharField(blank=True, max_length=40)),
                    ('config', models.TextField()),
                    ('config_digest', models.CharField(max_length=64)),
                    ('step', models.PositiveIntegerField(default=0)),
                    ('n_steps', models.PositiveIntegerField(null=True)),
                    ('checkpoint', models.PositiveIntegerField(default=0)),
                    ('facts', models.JSONField(default=dict)),
                    ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trained_by', to='generation.languagemodel')),
                    ('adapter_path', models.CharField(blank=True, max_length=500)),
                    ('adapter_digest', models.CharField(blank=True, max_length=64)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'running', 'done', 'failed', 'cancelled'])), name='training_run_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), models.Q(models.Q(('state', 'running'), _negated=True), ('claimed_by', ''), ('lease_expires_at__isnull', True)), _connector='OR'), name='training_run_running_is_leased'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'failed', 'cancelled']), ('finished_at__isnull', False)), models.Q(models.Q(('state__in', ['done', 'failed', 'cancelled']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='training_run_ended_has_when'), models.CheckConstraint(condition=models.Q(('method__in', ['sft', 'dpo'])), name='training_method_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('adapter_digest', ''), _negated=True), _connector='OR'), name='training_done_has_adapter'), models.CheckConstraint(condition=models.Q(('result__isnull', True), ('state', 'done'), _connector='OR'), name='training_result_when_done')],
                },
            ),
            migrations.CreateModel(
                name='LossPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='training.trainingrun')),
                    ('step', models.PositiveIntegerField()),
                    ('loss', models.FloatField()),
                    ('learning_rate', models.FloatField(null=True)),
                ],
                options={
                    'ordering': ['run', 'step'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'step'), name='one_loss_per_step')],
                },
            ),
            migrations.CreateModel(
                name='TaskScore',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.taskrun')),
                    ('position', models.PositiveIntegerField()),
                    ('task', models.CharField(max_length=200)),
                    ('metric', models.CharField(max_length=120)),
                    ('filter', models.CharField(max_length=120)),
                    ('value', models.FloatField()),
                    ('low', models.FloatField(null=True)),
                    ('high', models.FloatField(null=True)),
                    ('n', models.PositiveIntegerField()),
                    ('note', models.CharField(max_length=120)),
                    ('is_group', models.BooleanField(default=False)),
                    ('weighs', models.BooleanField(null=True)),
                    ('higher_is_better', models.BooleanField(default=True)),
                    ('n_shots', models.PositiveSmallIntegerField(null=True)),
                    ('task_version', models.CharField(blank=True, max_length=40)),
                ],
                options={
                    'ordering': ['run', 'position'],
                    'constraints': [models.UniqueConstraint(fields=('run', 'task', 'metric', 'filter'), name='one_score_per_task_and_metric'), models.CheckConstraint(condition=models.Q(models.Q(('high__isnull', True), ('low__isnull', True)), ('low__lte', models.F('high')), _connector='OR'), name='task_score_has_an_interval_or_none')],
                },
            ),
        ]),
    ]
