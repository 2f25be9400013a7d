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
        ('corpus', '0002_frozen_rows'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='AllowedAddress',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('host', models.CharField(max_length=253)),
                    ('port', models.PositiveIntegerField()),
                    ('found', models.CharField(default='', max_length=500)),
                    ('reason', models.CharField(max_length=300)),
                    ('created_at', models.DateTimeField()),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name_plural': 'allowed addresses',
                    'ordering': ['host', 'port'],
                    'constraints': [models.UniqueConstraint(fields=('host', 'port'), name='allowed_address_once'), models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='allowed_port_in_range')],
                },
            ),
            migrations.CreateModel(
                name='Condition',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80, unique=True)),
                    ('system_prompt', models.TextField(blank=True)),
                    ('system_prompt_digest', models.CharField(max_length=64)),
                    ('temperature', models.FloatField(default=0.0)),
                    ('top_p', models.FloatField(default=1.0)),
                    ('max_tokens', models.PositiveIntegerField(default=1024)),
                    ('seed', models.BigIntegerField(default=0)),
                    ('thinking', models.BooleanField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('temperature__gte', 0), ('temperature__lte', 2), ('top_p__gt', 0), ('top_p__lte', 1)), name='condition_sampling_in_range'), models.CheckConstraint(condition=models.Q(('max_tokens__gte', 1), ('max_tokens__lte', 131072)), name='condition_max_tokens_in_range')],
                },
            ),
            migrations.CreateModel(
                name='Endpoint',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80, unique=True)),
                    ('kind', models.CharField(choices=[('external', 'A running server'), ('transformers', 'transformers serve, started by the worker'), ('vllm', 'vLLM, started by the worker')], default='external', max_length=20)),
                    ('base_url', models.CharField(blank=True, max_length=500)),
                    ('api_key_variable', models.CharField(blank=True, max_length=80)),
                    ('max_in_flight', models.PositiveSmallIntegerField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'external'), _negated=True), models.Q(('base_url', ''), _negated=True), _connector='OR'), name='external_endpoint_has_url'), models.CheckConstraint(condition=models.Q(('max_in_flight__isnull', True), models.Q(('max_in_flight__gte', 1), ('max_in_flight__lte', 1024)), _connector='OR'), name='endpoint_in_flight_in_range')],
                },
            ),
            migrations.CreateModel(
                name='Keeper',
                fields=[
                    ('host', models.CharField(max_length=120, primary_key=True, serialize=False)),
                    ('gpus', models.CharField(blank=True, max_length=200)),
                    ('seen_at', models.DateTimeField()),
                    ('holder', models.CharField(blank=True, default='', max_length=22)),
                    ('process', models.CharField(blank=True, default='', max_length=300)),
                ],
                options={
                    'ordering': ['host'],
                },
            ),
            migrations.CreateModel(
                name='LanguageModel',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=120, unique=True)),
                    ('endpoint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='models', to='generation.endpoint')),
                    ('served_name', models.CharField(blank=True, max_length=300)),
                    ('revision', models.CharField(blank=True, max_length=120)),
                    ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adapters', to='generation.languagemodel')),
                    ('adapter_path', models.CharField(blank=True, max_length=500)),
                    ('adapter_digest', models.CharField(blank=True, max_length=64)),
                    ('max_model_len', models.PositiveIntegerField(null=True)),
                    ('max_num_seqs', models.PositiveIntegerField(null=True)),
                    ('tensor_parallel_size', models.PositiveSmallIntegerField(default=1)),
                    ('pipeline_parallel_size', models.PositiveSmallIntegerField(default=1)),
                    ('gpu_memory_utilization', models.FloatField(null=True)),
                    ('dtype', models.CharField(blank=True, max_length=20)),
                    ('reasoning_parser', models.CharField(blank=True, max_length=40)),
                    ('family', models.CharField(blank=True, max_length=60)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('base__isnull', True), models.Q(('adapter_path', ''), _negated=True), _connector='OR'), name='adapter_has_a_path'), models.CheckConstraint(condition=models.Q(('pipeline_parallel_size__gte', 1), ('pipeline_parallel_size__lte', 64), ('tensor_parallel_size__gte', 1), ('tensor_parallel_size__lte', 64)), name='model_parallel_in_range'), models.CheckConstraint(condition=models.Q(('gpu_memory_utilization__isnull', True), models.Q(('gpu_memory_utilization__gt', 0), ('gpu_memory_utilization__lte', 1)), _connector='OR'), name='model_gpu_memory_is_a_share'), models.CheckConstraint(condition=models.Q(('max_model_len__isnull', True), ('max_model_len__gte', 1), _connector='OR'), name='model_length_is_positive'), models.CheckConstraint(condition=models.Q(('max_num_seqs__isnull', True), ('max_num_seqs__gte', 1), _connector='OR'), name='model_seqs_are_positive'), models.CheckConstraint(condition=models.Q(('dtype__in', ['', 'auto', 'bfloat16', 'float16', 'float32'])), name='model_dtype_known'), models.UniqueConstraint(condition=models.Q(('base__isnull', False)), fields=('base', 'served_name'), name='adapter_name_once_per_base')],
                },
            ),
            migrations.CreateModel(
                name='Run',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('cancel_requested_at', models.DateTimeField(null=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('last_error', models.TextField(blank=True)),
                    ('state', models.CharField(default='pending', max_length=10)),
                    ('bell', models.CharField(blank=True, default='', max_length=22)),
                    ('rung_at', models.DateTimeField(null=True)),
                    ('prompt_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='corpus.promptset')),
                    ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='generation.languagemodel')),
                    ('condition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='generation.condition')),
                    ('replicates', models.PositiveSmallIntegerField(default=1)),
                    ('plays_turns', models.BooleanField(default=False)),
                    ('is_imported', models.BooleanField(default=False)),
                    ('is_sample', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'running', 'done', 'failed', 'cancelled'])), name='run_state_known'), models.CheckConstraint(condition=models.Q(('replicates__gte', 1), ('replicates__lte', 100)), name='run_replicates_in_range'), models.CheckConstraint(condition=models.Q(('is_imported', True), ('condition__isnull', False), _connector='OR'), name='run_has_condition_or_was_imported')],
                },
            ),
            migrations.CreateModel(
                name='Server',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servers', to='generation.languagemodel')),
                    ('host', models.CharField(max_length=120)),
                    ('port', models.PositiveIntegerField()),
                    ('gpus', models.CharField(blank=True, max_length=120)),
                    ('is_wanted', models.BooleanField(default=True)),
                    ('wish', models.PositiveIntegerField(default=1)),
                    ('wished_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('state', models.CharField(choices=[('stopped', 'Stopped'), ('starting', 'Starting'), ('ready', 'Ready'), ('crashed', 'Crashed, starting again'), ('failed', 'Cannot be started')], default='stopped', max_length=10)),
                    ('granted_wish', models.PositiveIntegerField(default=0)),
                    ('pid', models.PositiveIntegerField(null=True)),
                    ('n_crashes', models.PositiveIntegerField(default=0)),
                    ('adapters', models.JSONField(default=list)),
                    ('engine', models.CharField(blank=True, max_length=60)),
                    ('last_error', models.TextField(blank=True)),
                    ('log_tail', models.TextField(blank=True)),
                    ('ready_at', models.DateTimeField(null=True)),
                    ('seen_at', models.DateTimeField(null=True)),
                    ('needed_until', models.DateTimeField(null=True)),
                    ('is_pinned', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['host', 'port'],
                    'constraints': [models.UniqueConstraint(fields=('host', 'port'), name='one_server_per_port'), models.UniqueConstraint(fields=('host', 'model'), name='one_server_per_model_and_host'), models.CheckConstraint(condition=models.Q(('port__gte', 1024), ('port__lte', 65535)), name='server_port_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('ready_at__isnull', False), _connector='OR'), name='ready_has_when')],
                },
            ),
            migrations.CreateModel(
                name='Completion',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                    ('claimed_by', models.CharField(blank=True, max_length=80)),
                    ('lease_expires_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('error', models.TextField(blank=True)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='completions', to='generation.run')),
                    ('prompt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completions', to='corpus.prompt')),
                    ('replicate', models.PositiveSmallIntegerField(default=1)),
                    ('text', models.TextField(blank=True)),
                    ('reasoning', models.TextField(blank=True)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('finish_reason', models.CharField(blank=True, max_length=40)),
                    ('n_prompt_tokens', models.PositiveIntegerField(null=True)),
                    ('n_completion_tokens', models.PositiveIntegerField(null=True)),
                    ('latency_s', models.FloatField(null=True)),
                    ('completed_at', models.DateTimeField(null=True)),
                    ('trajectory', models.JSONField(default=list)),
                    ('mark', models.GeneratedField(db_persist=True, expression=models.Case(models.When(finish_reason='stuck_in_reasoning', then=models.Value('stuck')), models.When(finish_reason='length', then=models.Value('cut')), models.When(state='done', text='', then=models.Value('empty')), default=models.Value('')), output_field=models.CharField(max_length=10))),
                    ('provenance', models.JSONField(default=dict)),
                ],
                options={
                    'ordering': ['run', 'id'],
                    'indexes': [models.Index(fields=['run', 'state', 'id'], name='completion_queue'), models.Index(fields=['run', 'mark', 'id'], name='completion_marks'), models.Index(fields=['run', 'completed_at', 'id'], name='completion_newest'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_expires_at'], name='completion_leases')],
                    'constraints': [models.UniqueConstraint(fields=('run', 'prompt', 'replicate'), name='one_completion_per_run_prompt_replicate'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='done_completion_has_digest'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_expires_at__isnull', False), models.Q(('claimed_by', ''), _negated=True)), models.Q(models.Q(('state', 'running'), _negated=True), ('claimed_by', ''), ('lease_expires_at__isnull', True)), _connector='OR'), name='completion_running_is_leased')],
                },
            ),
            migrations.CreateModel(
                name='ServerGpu',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('server', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='held_gpus', to='generation.server')),
                    ('holder', models.CharField(blank=True, default='', max_length=22)),
                    ('holder_name', models.CharField(blank=True, default='', max_length=200)),
                    ('host', models.CharField(max_length=120)),
                    ('gpu', models.PositiveSmallIntegerField()),
                ],
                options={
                    'ordering': ['host', 'gpu'],
                    'constraints': [models.UniqueConstraint(fields=('host', 'gpu'), name='one_server_per_gpu'), models.CheckConstraint(condition=models.Q(models.Q(('holder', ''), ('server__isnull', False)), models.Q(('server__isnull', True), models.Q(('holder', ''), _negated=True)), _connector='OR'), name='gpu_has_one_holder')],
                },
            ),
        ]),
    ]
