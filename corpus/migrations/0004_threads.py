"""Comments become threads. Remaking a table loses its trigger on SQLite, so it is set anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze

FROZEN = freeze("corpus_comment", message="A comment is never changed.")


class Migration(migrations.Migration):

    dependencies = [
        ('corpus', '0003_checks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(FROZEN.reverse_code, FROZEN.code),
        migrations.CreateModel(
            name='CommentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('move', models.CharField(choices=[('reply', 'Answered'), ('addressed', 'Addressed'), ('resolved', 'Resolved'), ('reopened', 'Reopened')], max_length=10)),
                ('body', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='is_blocking',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='comment',
            name='kind',
            field=models.CharField(choices=[('comment', 'Comment'), ('request', 'Request')], default='comment', max_length=10),
        ),
        migrations.AddField(
            model_name='comment',
            name='passage',
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'request'), ('is_blocking', False), _connector='OR'), name='only_requests_block'),
        ),
        migrations.AddField(
            model_name='commentevent',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commentevent',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='corpus.comment'),
        ),
        migrations.AddIndex(
            model_name='commentevent',
            index=models.Index(fields=['comment', '-id'], name='comment_last_event'),
        ),
        FROZEN,
        freeze("corpus_commentevent", message="What was said is never changed."),
    ]
