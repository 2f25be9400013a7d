"""How a file is matched, and how far a worker is with it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('corpus', '0009_lapsing'),
    ]

    operations = [
        migrations.AddField('upload', 'attempts', models.PositiveSmallIntegerField(default=0)),
        migrations.AddField('upload', 'columns_digest', models.CharField(blank=True, db_index=True, default='', max_length=64), preserve_default=False),
        migrations.AddField('upload', 'fixed', models.JSONField(default=dict)),
        migrations.AddField('upload', 'percent', models.PositiveSmallIntegerField(default=0)),
        migrations.AddField('upload', 'seen', models.JSONField(default=dict)),
        migrations.AddField('upload', 'split', models.CharField(blank=True, default='', max_length=120), preserve_default=False),
    ]
