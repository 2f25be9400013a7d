"""Judges by rule, side by side, one by one and in panels; anchors.

Remaking a table loses its trigger on SQLite, so it is set anew.
"""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze


FROZEN = freeze("judging_verdict", message="A verdict is never changed.")


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0004_rating_newest'),
        ('generation', '0003_servers'),
        ('judging', '0002_frozen_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(FROZEN.reverse_code, FROZEN.code),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('messages', models.JSONField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('settled', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('retired_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['rubric', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Duel',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('claimed_by', models.CharField(blank=True, max_length=80)),
                ('lease_expires_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('is_swapped', models.BooleanField()),
                ('replicate', models.PositiveSmallIntegerField(default=1)),
                ('choice', models.CharField(blank=True, choices=[('A', 'Answer of run A'), ('B', 'Answer of run B'), ('equal', 'Equal'), ('both_unacceptable', 'Both unacceptable')], max_length=20)),
                ('unscored_reason', models.CharField(blank=True, max_length=300)),
                ('reasoning', models.TextField(blank=True)),
                ('raw', models.TextField(blank=True)),
                ('n_asks', models.PositiveSmallIntegerField(default=0)),
                ('completed_at', models.DateTimeField(null=True)),
                ('provenance', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['matchup', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Matchup',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('cancel_requested_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('state', models.CharField(default='pending', max_length=10)),
                ('bell', models.CharField(blank=True, default='', max_length=22)),
                ('rung_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='judgement',
            name='one_judgement_per_completion',
        ),
        migrations.RemoveConstraint(
            model_name='verdict',
            name='one_verdict_per_judge_completion_criterion',
        ),
        migrations.AddField(
            model_name='judge',
            name='asks_one_by_one',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='judge',
            name='kind',
            field=models.CharField(choices=[('model', 'A model, by the rubric'), ('side_by_side', 'A model, two answers side by side'), ('strings', 'Phrases of refusal, without a model'), ('referral', 'Services named for the right country, without a model')], default='model', max_length=20),
        ),
        migrations.AddField(
            model_name='judge',
            name='replicates',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='judge',
            name='takes_expected_value',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='judgement',
            name='criterion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.criterion'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='replicate',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='verdict',
            name='expected_value',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='verdict',
            name='replicate',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='judge',
            name='model',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judges', to='generation.languagemodel'),
        ),
        migrations.AlterField(
            model_name='judgement',
            name='completion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='generation.completion'),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='completion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='generation.completion'),
        ),
        migrations.AddConstraint(
            model_name='judge',
            constraint=models.CheckConstraint(condition=models.Q(('replicates__gte', 1), ('replicates__lte', 20)), name='judge_replicates_in_range'),
        ),
        migrations.AddConstraint(
            model_name='judge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['model', 'side_by_side']), ('model__isnull', False)), models.Q(('kind__in', ['strings', 'referral']), ('model__isnull', True)), _connector='OR'), name='judge_has_a_model_or_a_rule'),
        ),
        migrations.AddField(
            model_name='anchor',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='anchor',
            name='rubric',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='anchors', to='annotation.rubric'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='anchor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='judging.anchor'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='anchor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='judging.anchor'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('criterion__isnull', True)), fields=('judge_run', 'completion', 'replicate'), name='one_judgement_per_completion'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(fields=('judge_run', 'completion', 'criterion', 'replicate'), name='one_judgement_per_completion_and_criterion'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(condition=models.Q(('criterion__isnull', True)), fields=('judge_run', 'anchor', 'replicate'), name='one_judgement_per_anchor'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(fields=('judge_run', 'anchor', 'criterion', 'replicate'), name='one_judgement_per_anchor_and_criterion'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('anchor__isnull', True), ('completion__isnull', False)), models.Q(('anchor__isnull', False), ('completion__isnull', True)), _connector='OR'), name='judgement_is_of_one_answer'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(fields=('judge', 'completion', 'criterion', 'replicate'), name='one_verdict_per_judge_completion_criterion'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(fields=('judgement', 'criterion'), name='one_verdict_per_judgement_and_criterion'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('anchor__isnull', True), ('completion__isnull', False)), models.Q(('anchor__isnull', False), ('completion__isnull', True)), _connector='OR'), name='verdict_is_on_one_answer'),
        ),
        migrations.AddField(
            model_name='duel',
            name='completion_a',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='duel',
            name='completion_b',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='matchup',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='matchup',
            name='judge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matchups', to='judging.judge'),
        ),
        migrations.AddField(
            model_name='matchup',
            name='run_a',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matchups_as_a', to='generation.run'),
        ),
        migrations.AddField(
            model_name='matchup',
            name='run_b',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matchups_as_b', to='generation.run'),
        ),
        migrations.AddField(
            model_name='duel',
            name='matchup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duels', to='judging.matchup'),
        ),
        migrations.AddField(
            model_name='panel',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='panel',
            name='judges',
            field=models.ManyToManyField(related_name='panels', to='judging.judge'),
        ),
        migrations.AddField(
            model_name='panel',
            name='rubric',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='panels', to='annotation.rubric'),
        ),
        migrations.AddConstraint(
            model_name='anchor',
            constraint=models.UniqueConstraint(fields=('rubric', 'name'), name='anchor_name_once_per_rubric'),
        ),
        migrations.AddConstraint(
            model_name='anchor',
            constraint=models.UniqueConstraint(fields=('rubric', 'digest'), name='anchor_once_per_rubric'),
        ),
        migrations.AddConstraint(
            model_name='matchup',
            constraint=models.UniqueConstraint(fields=('judge', 'run_a', 'run_b'), name='matchup_once'),
        ),
        migrations.AddConstraint(
            model_name='matchup',
            constraint=models.CheckConstraint(condition=models.Q(('run_a', models.F('run_b')), _negated=True), name='matchup_of_two_runs'),
        ),
        migrations.AddConstraint(
            model_name='matchup',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'running', 'done', 'failed', 'cancelled'])), name='matchup_state_known'),
        ),
        migrations.AddIndex(
            model_name='duel',
            index=models.Index(fields=['matchup', 'state', 'id'], name='duel_queue'),
        ),
        migrations.AddIndex(
            model_name='duel',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['lease_expires_at'], name='duel_leases'),
        ),
        migrations.AddConstraint(
            model_name='duel',
            constraint=models.UniqueConstraint(fields=('matchup', 'completion_a', 'completion_b', 'is_swapped', 'replicate'), name='duel_once_per_order'),
        ),
        migrations.AddConstraint(
            model_name='duel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(models.Q(('choice', ''), _negated=True), ('unscored_reason', '')), models.Q(('choice', ''), models.Q(('unscored_reason', ''), _negated=True)), _connector='OR'), name='duel_has_choice_or_reason'),
        ),
        migrations.AddConstraint(
            model_name='duel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), models.Q(models.Q(('state', 'running'), _negated=True), ('claimed_by', ''), ('lease_expires_at__isnull', True)), _connector='OR'), name='duel_running_is_leased'),
        ),
        FROZEN,
        freeze(
            "judging_anchor",
            columns=["rubric_id", "name", "messages", "text", "digest", "settled"],
            message="An anchor is never changed; retire it and add another.",
        ),
        freeze(
            "judging_duel",
            columns=["matchup_id", "completion_a_id", "completion_b_id", "choice", "state"],
            when="OLD.state = 'done'",
            message="A choice is never changed.",
        ),
    ]
