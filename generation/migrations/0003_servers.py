"""Servers and adapters, turns that are played, allowed addresses.

Remaking a table loses its trigger on SQLite, so it is set anew.
"""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze


SAID = ["run_id", "prompt_id", "replicate", "text", "reasoning", "digest", "state"]
DONE = "OLD.state = 'done'"
MESSAGE = "A finished completion is never changed."
BEFORE = freeze("generation_completion", columns=SAID, when=DONE, message=MESSAGE)
AFTER = freeze(
    "generation_completion", columns=[*SAID, "trajectory"], when=DONE, message=MESSAGE
)


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0002_frozen_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(BEFORE.reverse_code, BEFORE.code),
        migrations.CreateModel(
            name='AllowedAddress',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=253)),
                ('port', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'allowed addresses',
                'ordering': ['host', 'port'],
            },
        ),
        migrations.CreateModel(
            name='Server',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=120)),
                ('port', models.PositiveIntegerField()),
                ('gpus', models.CharField(blank=True, max_length=120)),
                ('is_wanted', models.BooleanField(default=True)),
                ('wish', models.PositiveIntegerField(default=1)),
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
            },
        ),
        migrations.CreateModel(
            name='ServerGpu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=120)),
                ('gpu', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['host', 'gpu'],
            },
        ),
        migrations.AddField(
            model_name='completion',
            name='trajectory',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='adapter_path',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='base',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adapters', to='generation.languagemodel'),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='dtype',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='gpu_memory_utilization',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='max_model_len',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='max_num_seqs',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='pipeline_parallel_size',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='reasoning_parser',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='languagemodel',
            name='tensor_parallel_size',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='run',
            name='plays_turns',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='languagemodel',
            constraint=models.CheckConstraint(condition=models.Q(('base__isnull', True), models.Q(('adapter_path', ''), _negated=True), _connector='OR'), name='adapter_has_a_path'),
        ),
        migrations.AddConstraint(
            model_name='languagemodel',
            constraint=models.CheckConstraint(condition=models.Q(('pipeline_parallel_size__gte', 1), ('pipeline_parallel_size__lte', 64), ('tensor_parallel_size__gte', 1), ('tensor_parallel_size__lte', 64)), name='model_parallel_in_range'),
        ),
        migrations.AddConstraint(
            model_name='languagemodel',
            constraint=models.CheckConstraint(condition=models.Q(('gpu_memory_utilization__isnull', True), models.Q(('gpu_memory_utilization__gt', 0), ('gpu_memory_utilization__lte', 1)), _connector='OR'), name='model_gpu_memory_is_a_share'),
        ),
        migrations.AddField(
            model_name='allowedaddress',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='server',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servers', to='generation.languagemodel'),
        ),
        migrations.AddField(
            model_name='server',
            name='wished_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='servergpu',
            name='server',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_gpus', to='generation.server'),
        ),
        migrations.AddConstraint(
            model_name='allowedaddress',
            constraint=models.UniqueConstraint(fields=('host', 'port'), name='allowed_address_once'),
        ),
        migrations.AddConstraint(
            model_name='allowedaddress',
            constraint=models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='allowed_port_in_range'),
        ),
        migrations.AddConstraint(
            model_name='server',
            constraint=models.UniqueConstraint(fields=('host', 'port'), name='one_server_per_port'),
        ),
        migrations.AddConstraint(
            model_name='server',
            constraint=models.UniqueConstraint(fields=('host', 'model'), name='one_server_per_model_and_host'),
        ),
        migrations.AddConstraint(
            model_name='server',
            constraint=models.CheckConstraint(condition=models.Q(('port__gte', 1024), ('port__lte', 65535)), name='server_port_in_range'),
        ),
        migrations.AddConstraint(
            model_name='server',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('ready_at__isnull', False), _connector='OR'), name='ready_has_when'),
        ),
        migrations.AddConstraint(
            model_name='servergpu',
            constraint=models.UniqueConstraint(fields=('host', 'gpu'), name='one_server_per_gpu'),
        ),
        AFTER,
    ]
