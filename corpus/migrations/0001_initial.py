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
        ('crisis', '0002_frozen_rows'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='CheckSetting',
                fields=[
                    ('key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                    ('is_on', models.BooleanField()),
                    ('blocks_approval', models.BooleanField()),
                ],
                options={
                    'ordering': ['key'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_on', True), ('blocks_approval', False), _connector='OR'), name='blocking_check_is_on')],
                },
            ),
            migrations.CreateModel(
                name='Domain',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('slug', models.SlugField(max_length=60, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('definition', models.TextField()),
                    ('direct_cues', models.TextField(blank=True)),
                    ('indirect_cues', models.TextField(blank=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('is_active', models.BooleanField(default=True)),
                    ('approvals_needed', models.PositiveSmallIntegerField(default=1)),
                    ('severity', models.PositiveSmallIntegerField(default=2)),
                ],
                options={
                    'ordering': ['position', 'slug', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('approvals_needed__in', [1, 2])), name='domain_approvals_one_or_two'), models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 3)), name='domain_severity_in_range')],
                },
            ),
            migrations.CreateModel(
                name='SavedFilter',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=80)),
                    ('query', models.CharField(blank=True, max_length=1000)),
                    ('is_shared', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='filter_name_once_per_owner')],
                },
            ),
            migrations.CreateModel(
                name='Source',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=120, unique=True)),
                    ('licence', models.CharField(blank=True, max_length=120)),
                    ('url', models.CharField(blank=True, max_length=500)),
                    ('revision', models.CharField(blank=True, max_length=120)),
                    ('is_sample', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('purged_at', models.DateTimeField(null=True)),
                    ('purged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('purge_reason', models.TextField(blank=True)),
                    ('purge_counts', models.JSONField(default=dict)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('purge_reason', ''), ('purged_at__isnull', True), ('purged_by__isnull', True)), models.Q(('purged_at__isnull', False), ('purged_by__isnull', False), models.Q(('purge_reason', ''), _negated=True)), _connector='OR'), name='source_purged_with_who_and_why')],
                },
            ),
            migrations.CreateModel(
                name='Category',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('domain', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='corpus.domain')),
                    ('slug', models.SlugField(max_length=60)),
                    ('name', models.CharField(max_length=120)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('domain', 'slug'), name='category_once_per_domain')],
                },
            ),
            migrations.CreateModel(
                name='Pair',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to=settings.AUTH_USER_MODEL)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='corpus.source')),
                    ('external_id', models.CharField(blank=True, max_length=120)),
                    ('split', models.CharField(blank=True, choices=[('train', 'Training'), ('validation', 'Validation'), ('test', 'Test')], db_index=True, max_length=10)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'indexes': [models.Index(fields=['-created_at', 'id'], name='pair_newest')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('split__in', ['', 'train', 'validation', 'test'])), name='pair_split_known'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'external_id'), name='pair_external_id_once_per_source')],
                },
            ),
            migrations.CreateModel(
                name='Prompt',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('messages', models.JSONField()),
                    ('digest', models.CharField(db_index=True, max_length=64)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prompts', to='corpus.domain')),
                    ('category', models.CharField(blank=True, max_length=120)),
                    ('expected_action', models.CharField(choices=[('refuse', 'Refuse'), ('partial', 'Answer in part'), ('answer', 'Answer')], default='refuse', max_length=10)),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prompts', to='corpus.source')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('expected_action__in', ['refuse', 'partial', 'answer'])), name='prompt_expected_action_known')],
                },
            ),
            migrations.CreateModel(
                name='Strategy',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('slug', models.SlugField(max_length=60, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('steps', models.TextField()),
                    ('citation', models.TextField()),
                    ('domains', models.ManyToManyField(related_name='strategies', to='corpus.domain')),
                ],
                options={
                    'verbose_name_plural': 'strategies',
                    'ordering': ['name', 'id'],
                },
            ),
            migrations.CreateModel(
                name='PromptSet',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('slug', models.SlugField(max_length=80, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('description', models.TextField(blank=True)),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prompt_sets', to='corpus.source')),
                    ('digest', models.CharField(max_length=64)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Version',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('pair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='corpus.pair')),
                    ('number', models.PositiveIntegerField()),
                    ('is_latest', models.BooleanField(default=True)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('changes_requested', 'Changes requested'), ('rejected', 'Rejected')], default='draft', max_length=20)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to=settings.AUTH_USER_MODEL)),
                    ('last_editor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edited_versions', to=settings.AUTH_USER_MODEL)),
                    ('shared_at', models.DateTimeField(null=True)),
                    ('messages', models.JSONField(default=list)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='corpus.domain')),
                    ('category', models.CharField(blank=True, max_length=120)),
                    ('strategy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='corpus.strategy')),
                    ('expected_action', models.CharField(blank=True, choices=[('refuse', 'Refuse'), ('partial', 'Answer in part'), ('answer', 'Answer')], max_length=10)),
                    ('response', models.TextField(blank=True)),
                    ('lock_version', models.PositiveIntegerField(default=1)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('saved_at', models.DateTimeField()),
                    ('submitted_at', models.DateTimeField(null=True)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                    ('decision_reason', models.TextField(blank=True)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('best_before', models.DateField(null=True)),
                    ('prompt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='corpus.prompt')),
                ],
                options={
                    'ordering': ['-saved_at', 'id'],
                    'indexes': [models.Index(fields=['-saved_at', 'id', 'is_latest', 'pair', 'status', 'author', 'last_editor', 'shared_at'], name='version_newest'), models.Index(fields=['status', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_status'), models.Index(fields=['domain', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_domain'), models.Index(fields=['strategy', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_strategy'), models.Index(fields=['language', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_language'), models.Index(fields=['country', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_country'), models.Index(fields=['expected_action', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_expected'), models.Index(fields=['author', '-saved_at', 'id', 'is_latest', 'pair'], name='version_by_writer'), models.Index(fields=['pair', 'status', 'number'], name='version_by_pair'), models.Index(fields=['best_before'], name='version_by_day'), models.Index(fields=['status', 'submitted_at'], name='version_queue'), models.Index(fields=['author', 'status'], name='version_by_author')],
                    'constraints': [models.UniqueConstraint(fields=('pair', 'number'), name='version_number_once'), models.UniqueConstraint(condition=models.Q(('is_latest', True)), fields=('pair',), name='one_latest_version_per_pair'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('author')), _negated=True), _connector='OR'), name='author_is_not_reviewer'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('last_editor__isnull', True), models.Q(('decided_by', models.F('last_editor')), _negated=True), _connector='OR'), name='last_editor_is_not_reviewer'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status__in', ['approved', 'changes_requested', 'rejected'])), models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('status__in', ['draft', 'in_review'])), _connector='OR'), name='decision_has_who_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), models.Q(('prompt__isnull', False), models.Q(('digest', ''), _negated=True), models.Q(('response', ''), _negated=True), models.Q(('expected_action', ''), _negated=True)), _connector='OR'), name='approved_is_whole'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('submitted_at__isnull', False), _connector='OR'), name='submitted_has_when')],
                },
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='corpus.version')),
                    ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('last_editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64)),
                    ('method', models.CharField(choices=[('password', 'Password'), ('passkey', 'Passkey')], max_length=10)),
                    ('reason', models.TextField(blank=True)),
                    ('best_before', models.DateField()),
                    ('signed_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['signed_at', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('version', 'reviewer', 'digest', 'best_before'), name='approval_once_per_reviewer_and_text'), models.CheckConstraint(condition=models.Q(models.Q(('reviewer', models.F('author')), _negated=True), models.Q(('reviewer', models.F('last_editor')), _negated=True)), name='approval_is_by_somebody_else'), models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='approval_has_a_digest'), models.CheckConstraint(condition=models.Q(('method__in', ['password', 'passkey'])), name='approval_method_known')],
                },
            ),
            migrations.CreateModel(
                name='BulkChange',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_changes', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('action', models.CharField(max_length=20)),
                    ('value', models.CharField(blank=True, max_length=200)),
                    ('query', models.CharField(blank=True, max_length=1000)),
                    ('prompt_set', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='corpus.promptset')),
                    ('put_back_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-at', 'id'],
                    'indexes': [models.Index(fields=['by', '-at'], name='bulk_change_by')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['category', 'strategy', 'language', 'country', 'submit', 'withdraw', 'vet_again', 'prompt_set'])), name='bulk_action_known')],
                },
            ),
            migrations.CreateModel(
                name='CheckResult',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_results', to='corpus.version')),
                    ('key', models.CharField(max_length=40)),
                    ('level', models.CharField(max_length=4)),
                    ('n', models.PositiveIntegerField()),
                ],
                options={
                    'ordering': ['version', 'key', 'level'],
                    'indexes': [models.Index(fields=['key', 'level', 'version'], name='result_by_key')],
                    'constraints': [models.UniqueConstraint(fields=('version', 'key', 'level'), name='result_once'), models.CheckConstraint(condition=models.Q(('n__gte', 1)), name='result_counts_something'), models.CheckConstraint(condition=models.Q(('level__in', ['warn', 'note'])), name='result_level_known')],
                },
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='corpus.version')),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                    ('kind', models.CharField(choices=[('comment', 'Comment'), ('request', 'Request')], default='comment', max_length=10)),
                    ('is_blocking', models.BooleanField(default=False)),
                    ('passage', models.TextField(blank=True)),
                    ('body', models.TextField()),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['created_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'request'), ('is_blocking', False), _connector='OR'), name='only_requests_block')],
                },
            ),
            migrations.CreateModel(
                name='Editor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editors', to='corpus.version')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('version', 'user'), name='editor_once_per_version')],
                },
            ),
            migrations.CreateModel(
                name='PromptSetEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('prompt_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='corpus.promptset')),
                    ('prompt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='corpus.prompt')),
                    ('position', models.PositiveIntegerField()),
                    ('external_id', models.CharField(blank=True, max_length=120)),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('prompt_set', 'prompt'), name='prompt_once_per_set'), models.UniqueConstraint(fields=('prompt_set', 'position'), name='position_once_per_set'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('prompt_set', 'external_id'), name='external_id_once_per_set')],
                },
            ),
            migrations.CreateModel(
                name='Reference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='corpus.version')),
                    ('resource', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='references', to='crisis.resource')),
                    ('start', models.PositiveIntegerField()),
                    ('end', models.PositiveIntegerField()),
                    ('passage', models.CharField(max_length=300)),
                    ('normal', models.CharField(db_index=True, max_length=300)),
                    ('kind', models.CharField(max_length=12)),
                    ('serves_country', models.BooleanField(default=True)),
                ],
                options={
                    'ordering': ['version', 'start'],
                    'constraints': [models.UniqueConstraint(fields=('version', 'start'), name='reference_once_per_place'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='reference_has_length')],
                },
            ),
            migrations.CreateModel(
                name='Sketch',
                fields=[
                    ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sketch', serialize=False, to='corpus.version')),
                    ('words_digest', models.CharField(db_index=True, max_length=32)),
                    ('family', models.CharField(db_index=True, max_length=32)),
                ],
                options={
                    'verbose_name_plural': 'sketches',
                    'ordering': ['family', 'version'],
                },
            ),
            migrations.CreateModel(
                name='Upload',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                    ('what', models.CharField(choices=[('prompts', 'Prompts into a new set'), ('pairs', 'Pairs as drafts')], max_length=10)),
                    ('state', models.CharField(choices=[('mapping', 'Waiting for you'), ('pending', 'Waiting for a worker'), ('reading', 'Reading'), ('writing', 'Writing'), ('tried', 'Tried: nothing was kept'), ('done', 'Imported'), ('failed', 'Refused: nothing was kept')], default='mapping', max_length=10)),
                    ('is_trial', models.BooleanField(default=False)),
                    ('file_name', models.CharField(max_length=200)),
                    ('n_bytes', models.PositiveBigIntegerField()),
                    ('digest', models.CharField(max_length=64)),
                    ('format', models.CharField(max_length=30)),
                    ('columns', models.JSONField(default=dict)),
                    ('meanings', models.JSONField(default=dict)),
                    ('fixed', models.JSONField(default=dict)),
                    ('split', models.CharField(blank=True, max_length=120)),
                    ('seen', models.JSONField(default=dict)),
                    ('columns_digest', models.CharField(blank=True, db_index=True, max_length=64)),
                    ('set_name', models.CharField(blank=True, max_length=120)),
                    ('expected_action', models.CharField(blank=True, max_length=10)),
                    ('origin_name', models.CharField(blank=True, max_length=120)),
                    ('origin_licence', models.CharField(blank=True, max_length=120)),
                    ('origin_url', models.CharField(blank=True, max_length=500)),
                    ('origin_revision', models.CharField(blank=True, max_length=120)),
                    ('n_rows', models.PositiveIntegerField(null=True)),
                    ('n_done', models.PositiveIntegerField(default=0)),
                    ('percent', models.PositiveSmallIntegerField(default=0)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('counts', models.JSONField(default=list)),
                    ('problems', models.JSONField(default=list)),
                    ('n_problems', models.PositiveIntegerField(default=0)),
                    ('claimed_by', models.CharField(blank=True, max_length=120)),
                    ('lease_expires_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='corpus.source')),
                    ('prompt_set', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='corpus.promptset')),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'indexes': [models.Index(fields=['state', 'created_at'], name='upload_queue')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['reading', 'writing']), _negated=True), models.Q(('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), _connector='OR'), name='upload_at_work_is_claimed'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['tried', 'done', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='upload_finished_has_when')],
                },
            ),
            migrations.CreateModel(
                name='Band',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sketch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='corpus.sketch')),
                    ('key', models.BigIntegerField(db_index=True)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='BulkRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='corpus.bulkchange')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='corpus.version')),
                    ('is_left', models.BooleanField(default=False)),
                    ('before', models.JSONField(default=dict)),
                    ('lock_version', models.PositiveIntegerField()),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('change', 'version'), name='bulk_row_once')],
                },
            ),
            migrations.CreateModel(
                name='CommentEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='corpus.comment')),
                    ('move', models.CharField(choices=[('reply', 'Answered'), ('addressed', 'Addressed'), ('resolved', 'Resolved'), ('reopened', 'Reopened')], max_length=10)),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('body', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(fields=['comment', '-id'], name='comment_last_event')],
                },
            ),
        ]),
        migrations.AddField(
            model_name='promptset',
            name='prompts',
            field=models.ManyToManyField(related_name='prompt_sets', through='corpus.PromptSetEntry', to='corpus.prompt'),
        ),
    ]
