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
        ('annotation', '0002_frozen_rows'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='Release',
                fields=[
                    ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=80)),
                    ('version', models.CharField(max_length=20)),
                    ('description', models.TextField(blank=True)),
                    ('filters', models.TextField(blank=True)),
                    ('digest', models.CharField(max_length=64)),
                    ('is_sample', models.BooleanField(default=False)),
                    ('is_sealed', models.BooleanField(default=False)),
                    ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exports.release')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_reason', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['-created_at', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='release_version_once'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawal_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='ReleaseEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='exports.release')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='release_entries', to='corpus.version')),
                    ('position', models.PositiveIntegerField()),
                    ('split', models.CharField(blank=True, choices=[('train', 'Training'), ('validation', 'Validation'), ('test', 'Test')], max_length=10)),
                ],
                options={
                    'ordering': ['release', 'position'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('split__in', ['', 'train', 'validation', 'test'])), name='release_split_known'), models.UniqueConstraint(fields=('release', 'version'), name='version_once_per_release'), models.UniqueConstraint(fields=('release', 'position'), name='release_position_once')],
                },
            ),
            migrations.CreateModel(
                name='ReleaseOverride',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='exports.release')),
                    ('kind', models.CharField(max_length=30)),
                    ('reason', models.TextField()),
                    ('n_rows', models.PositiveIntegerField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['release', 'kind'],
                    'constraints': [models.UniqueConstraint(fields=('release', 'kind'), name='override_once_per_kind'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='ReleaseStudy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='release_studies', to='exports.release')),
                    ('study', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='release_studies', to='annotation.study')),
                    ('slug', models.SlugField(max_length=80)),
                    ('name', models.CharField(max_length=120)),
                    ('digest', models.CharField(max_length=64)),
                    ('n_ratings', models.PositiveIntegerField()),
                    ('n_preferences', models.PositiveIntegerField()),
                    ('n_verdicts', models.PositiveIntegerField()),
                    ('frozen_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'release studies',
                    'ordering': ['release', 'slug'],
                    'constraints': [models.UniqueConstraint(fields=('release', 'slug'), name='study_once_per_release')],
                },
            ),
        ]),
        migrations.AddField(
            model_name='release',
            name='versions',
            field=models.ManyToManyField(related_name='releases', through='exports.ReleaseEntry', to='corpus.version'),
        ),
        migrations.AddField(
            model_name='release',
            name='studies',
            field=models.ManyToManyField(related_name='releases', through='exports.ReleaseStudy', to='annotation.study'),
        ),
    ]
