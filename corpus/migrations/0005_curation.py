"""Signatures, references, check results, saved filters, uploads, splits, purges.

Remaking a table loses its trigger on SQLite, so it is set anew.
"""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze


DECIDED = "OLD.status IN ('approved', 'rejected', 'changes_requested')"
SAID = [
    "pair_id",
    "number",
    "author_id",
    "messages",
    "language",
    "country",
    "domain_id",
    "category",
    "strategy_id",
    "expected_action",
    "response",
    "status",
    "digest",
    "prompt_id",
    "decided_by_id",
    "decided_at",
    "decision_reason",
]
MESSAGE = "A decided version is never changed; write a new version."
BEFORE = freeze("corpus_version", columns=SAID, when=DECIDED, message=MESSAGE)
AFTER = freeze(
    "corpus_version", columns=[*SAID, "last_editor_id"], when=DECIDED, message=MESSAGE
)


class Migration(migrations.Migration):

    dependencies = [
        ('corpus', '0004_threads'),
        ('crisis', '0002_frozen_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(BEFORE.reverse_code, BEFORE.code),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('method', models.CharField(choices=[('password', 'Password'), ('passkey', 'Passkey')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('best_before', models.DateField(null=True)),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['signed_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CheckResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('level', models.CharField(max_length=4)),
                ('n', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['version', 'key', 'level'],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('passage', models.CharField(max_length=300)),
                ('normal', models.CharField(db_index=True, max_length=300)),
                ('kind', models.CharField(max_length=12)),
                ('serves_country', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['version', 'start'],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('is_shared', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('prompts', 'Prompts into a new set'), ('pairs', 'Pairs as drafts')], max_length=10)),
                ('state', models.CharField(choices=[('mapping', 'Waiting for you'), ('pending', 'Waiting for a worker'), ('reading', 'Reading'), ('writing', 'Writing'), ('tried', 'Tried: nothing was kept'), ('done', 'Imported'), ('failed', 'Refused: nothing was kept')], default='mapping', max_length=10)),
                ('is_trial', models.BooleanField(default=False)),
                ('file_name', models.CharField(max_length=200)),
                ('n_bytes', models.PositiveBigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('format', models.CharField(max_length=30)),
                ('columns', models.JSONField(default=dict)),
                ('meanings', models.JSONField(default=dict)),
                ('set_name', models.CharField(blank=True, max_length=120)),
                ('expected_action', models.CharField(blank=True, max_length=10)),
                ('origin_name', models.CharField(blank=True, max_length=120)),
                ('origin_licence', models.CharField(blank=True, max_length=120)),
                ('origin_url', models.CharField(blank=True, max_length=500)),
                ('origin_revision', models.CharField(blank=True, max_length=120)),
                ('n_rows', models.PositiveIntegerField(null=True)),
                ('n_done', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('n_problems', models.PositiveIntegerField(default=0)),
                ('claimed_by', models.CharField(blank=True, max_length=120)),
                ('lease_expires_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='domain',
            name='approvals_needed',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='pair',
            name='split',
            field=models.CharField(blank=True, choices=[('train', 'Training'), ('validation', 'Validation'), ('test', 'Test')], db_index=True, max_length=10),
        ),
        migrations.AddField(
            model_name='source',
            name='purge_counts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='source',
            name='purge_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='source',
            name='purged_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='purged_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='version',
            name='last_editor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edited_versions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('approvals_needed__in', [1, 2])), name='domain_approvals_one_or_two'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.CheckConstraint(condition=models.Q(('split__in', ['', 'train', 'validation', 'test'])), name='pair_split_known'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purge_reason', ''), ('purged_at__isnull', True), ('purged_by__isnull', True)), models.Q(('purged_at__isnull', False), ('purged_by__isnull', False), models.Q(('purge_reason', ''), _negated=True)), _connector='OR'), name='source_purged_with_who_and_why'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('last_editor__isnull', True), models.Q(('decided_by', models.F('last_editor')), _negated=True), _connector='OR'), name='last_editor_is_not_reviewer'),
        ),
        migrations.AddField(
            model_name='approval',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='last_editor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='corpus.version'),
        ),
        migrations.AddField(
            model_name='checkresult',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_results', to='corpus.version'),
        ),
        migrations.AddField(
            model_name='reference',
            name='resource',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='crisis.resource'),
        ),
        migrations.AddField(
            model_name='reference',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='corpus.version'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='prompt_set',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='corpus.promptset'),
        ),
        migrations.AddField(
            model_name='upload',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='corpus.source'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('version', 'reviewer', 'digest'), name='approval_once_per_reviewer_and_text'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewer', models.F('author')), _negated=True), models.Q(('reviewer', models.F('last_editor')), _negated=True)), name='approval_is_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='approval_has_a_digest'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['password', 'passkey'])), name='approval_method_known'),
        ),
        migrations.AddIndex(
            model_name='checkresult',
            index=models.Index(fields=['key', 'level', 'version'], name='result_by_key'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.UniqueConstraint(fields=('version', 'key', 'level'), name='result_once'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.CheckConstraint(condition=models.Q(('n__gte', 1)), name='result_counts_something'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['warn', 'note'])), name='result_level_known'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.UniqueConstraint(fields=('version', 'start'), name='reference_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='reference_has_length'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='filter_name_once_per_owner'),
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['state', 'created_at'], name='upload_queue'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['reading', 'writing']), _negated=True), models.Q(('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), _connector='OR'), name='upload_at_work_is_claimed'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['tried', 'done', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='upload_finished_has_when'),
        ),
        AFTER,
        freeze("corpus_approval", message="A signature is never changed."),
    ]
