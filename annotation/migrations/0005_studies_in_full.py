"""Rubrics of more kinds, practice, repeats, routing, care, rooms; answers that can be taken back.

Remaking a table loses its trigger on SQLite, so the triggers are set anew. An answer's one change
is that something superseded it, once.
"""

import django.db.models.deletion
import gate.identity
from django.conf import settings
from django.db import migrations, models

from gate.immutability import freeze

WERE_FROZEN = [
    freeze("annotation_rating", message="A rating is never changed."),
    freeze("annotation_preference", message="A preference is never changed."),
    freeze("annotation_adjudication", message="An adjudication is never changed."),
]
GIVEN = ["id", "study_id", "rater_id", "assignment_id", "rubric_digest", "created_at"]
SAID = ["criterion_id", "answer", "value", "picked", "words", "rationale"]
CHOSEN = ["id", "study_id", "rater_id", "assignment_id", "created_at"]
CHOICE = ["choice", "chosen_id", "reason"]
ONCE = "OLD.superseded_at IS NOT NULL"


def answers(table, columns, what):
    """Everything that was said stays; that something superseded it is said once."""
    return [
        freeze(table, columns=columns, message=f"{what} is never changed."),
        freeze(
            table, columns=["superseded_at"], when=ONCE, name="superseded",
            message=f"{what} is superseded once.",
        ),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0004_rating_newest'),
        ('corpus', '0012_domain_severity'),
        ('generation', '0006_addresses_and_settings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(migrations.RunPython(step.reverse_code, step.code) for step in WERE_FROZEN),
        migrations.CreateModel(
            name='CareSetting',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('strain', models.PositiveSmallIntegerField()),
                ('day', models.DateField()),
            ],
            options={
                'ordering': ['user', '-day', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('severity', models.PositiveSmallIntegerField()),
                ('began_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('seconds', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['rater', '-began_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('unclear', 'The question is unclear'), ('broken', 'Something is broken or cut off'), ('names_itself', 'An answer says which model it is'), ('personal', 'It may be about a real person'), ('warning', 'The warning before it was wrong'), ('other', 'Something else')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['study', '-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FlagNote',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['flag', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Gold',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('value', models.SmallIntegerField()),
                ('tolerance', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'gold',
                'ordering': ['study', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Guess',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'guesses',
                'ordering': ['study', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Mask',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['study', 'completion', 'start'],
            },
        ),
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='PracticeAttempt',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('answers', models.JSONField()),
                ('n_asked', models.PositiveSmallIntegerField()),
                ('n_right', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['item', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PracticeItem',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('messages', models.JSONField()),
                ('language', models.CharField(default='en', max_length=10)),
                ('texts', models.JSONField()),
                ('expected', models.JSONField()),
                ('feedback', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['study', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PromptRating',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('answer', models.CharField(choices=[('value', 'A value'), ('cannot_judge', 'Cannot judge'), ('outside', 'Outside my competence')], default='value', max_length=12)),
                ('value', models.SmallIntegerField(null=True)),
                ('picked', models.JSONField(null=True)),
                ('words', models.TextField(blank=True)),
                ('rationale', models.TextField(blank=True)),
                ('rubric_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['study', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Repeat',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('answer', models.CharField(choices=[('value', 'A value'), ('cannot_judge', 'Cannot judge'), ('outside', 'Outside my competence')], default='value', max_length=12)),
                ('value', models.SmallIntegerField(null=True)),
                ('picked', models.JSONField(null=True)),
                ('words', models.TextField(blank=True)),
                ('rationale', models.TextField(blank=True)),
                ('rubric_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['study', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RepeatPreference',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('choice', models.CharField(choices=[('prefers', 'Prefers one'), ('equal', 'Equal'), ('both_unacceptable', 'Both unacceptable')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['study', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Rest',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('offered_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['rater', '-offered_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('voting', 'First vote'), ('talking', 'Votes shown'), ('again', 'Second vote'), ('closed', 'Closed')], default='voting', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['study', '-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoomNote',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['room', 'created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoomVote',
            fields=[
                ('id', models.CharField(default=gate.identity.new_id, editable=False, max_length=22, primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField()),
                ('value', models.SmallIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['room', 'round', 'created_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='item_once_per_rater',
        ),
        migrations.RemoveConstraint(
            model_name='criterion',
            name='criterion_scale_ascends',
        ),
        migrations.RemoveConstraint(
            model_name='preference',
            name='one_preference_per_rater_item',
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='one_rating_per_rater_completion_criterion',
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='rating_has_value_or_says_why_not',
        ),
        migrations.RemoveIndex(
            model_name='item',
            name='item_free',
        ),
        migrations.AddField(
            model_name='assignment',
            name='occasion',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='criterion',
            name='about',
            field=models.CharField(choices=[('answer', 'Each answer'), ('prompt', 'The prompt, once, before any answer is rated')], default='answer', max_length=10),
        ),
        migrations.AddField(
            model_name='criterion',
            name='ask_when',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='country',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='item',
            name='domain',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corpus.domain'),
        ),
        migrations.AddField(
            model_name='item',
            name='is_core',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='item',
            name='language',
            field=models.CharField(default='en', max_length=10),
        ),
        migrations.AddField(
            model_name='item',
            name='places',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='item',
            name='severity',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='item',
            name='taken',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='preference',
            name='reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='preference',
            name='superseded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='rater',
            name='countries',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='rater',
            name='domains',
            field=models.ManyToManyField(related_name='+', to='corpus.domain'),
        ),
        migrations.AddField(
            model_name='rater',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='rating',
            name='picked',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='rating',
            name='superseded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='rating',
            name='words',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='rubric',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rubric',
            name='origin',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='scalepoint',
            name='severity',
            field=models.CharField(blank=True, choices=[('', 'None'), ('concern', 'A concern'), ('critical', 'Could harm somebody')], max_length=10),
        ),
        migrations.AddField(
            model_name='seat',
            name='guessed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='let_in_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='seat',
            name='practised_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='asks_guess',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='study',
            name='asks_ratings',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='study',
            name='asks_reason',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='hides_agreement',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='hides_names',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='n_core',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='study',
            name='n_shared',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='practice_percent',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='repeat_after_days',
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name='study',
            name='repeat_percent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='study',
            name='routes_by_country',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='routes_by_domain',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='routes_by_language',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='study',
            name='undo_minutes',
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name='studyrun',
            name='guess_label',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='kind',
            field=models.CharField(choices=[('yes_no', 'Yes or no'), ('scale', 'Ordered scale'), ('choice', 'One of several'), ('choices', 'Any of several'), ('text', 'A short text'), ('strategy', 'A strategy by name')], max_length=10),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='maximum',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='minimum',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='preference',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preferences', to='annotation.assignment'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('taken__lt', models.F('places'))), fields=['study', 'position'], name='item_free'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('item', 'rater', 'occasion'), name='item_once_per_rater_and_occasion'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('occasion__in', [1, 2])), name='assignment_occasion_one_or_two'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['text', 'strategy']), ('maximum', None), ('minimum', None)), models.Q(models.Q(('kind__in', ['text', 'strategy']), _negated=True), ('minimum__lt', models.F('maximum'))), _connector='OR'), name='criterion_scale_ascends'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('about__in', ['answer', 'prompt'])), name='criterion_about_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 3)), name='item_severity_in_range'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('item', 'rater'), name='one_preference_per_rater_item'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('study', 'rater', 'completion', 'criterion'), name='one_rating_per_rater_completion_criterion'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'value'), models.Q(('value__isnull', False), ('picked__isnull', False), models.Q(('words', ''), _negated=True), _connector='OR')), models.Q(models.Q(('answer', 'value'), _negated=True), ('picked__isnull', True), ('value__isnull', True), ('words', '')), _connector='OR'), name='rating_has_value_or_says_why_not'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('asks_ratings', True), ('asks_preference', True), _connector='OR'), name='study_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('repeat_percent__lte', 50)), name='study_repeats_half_at_most'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('practice_percent', None), ('practice_percent__lte', 100), _connector='OR'), name='study_practice_in_percent'),
        ),
        migrations.AddField(
            model_name='caresetting',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checkin',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exposure',
            name='assignment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='exposure', to='annotation.assignment'),
        ),
        migrations.AddField(
            model_name='exposure',
            name='domain',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corpus.domain'),
        ),
        migrations.AddField(
            model_name='exposure',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='flag',
            name='assignment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='annotation.assignment'),
        ),
        migrations.AddField(
            model_name='flag',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='annotation.item'),
        ),
        migrations.AddField(
            model_name='flag',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='flag',
            name='resolved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flag',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='flagnote',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flagnote',
            name='flag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='annotation.flag'),
        ),
        migrations.AddField(
            model_name='gold',
            name='completion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='gold',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='gold',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.criterion'),
        ),
        migrations.AddField(
            model_name='gold',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gold', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='guess',
            name='arm',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.studyrun'),
        ),
        migrations.AddField(
            model_name='guess',
            name='completion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='guess',
            name='guessed',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.studyrun'),
        ),
        migrations.AddField(
            model_name='guess',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guesses', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='guess',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guesses', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='mask',
            name='completion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='mask',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mask',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='masks', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='optout',
            name='domain',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='corpus.domain'),
        ),
        migrations.AddField(
            model_name='optout',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opt_outs', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='practiceattempt',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_attempts', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='practiceitem',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practice_items', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='practiceattempt',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='annotation.practiceitem'),
        ),
        migrations.AddField(
            model_name='promptrating',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompt_ratings', to='annotation.assignment'),
        ),
        migrations.AddField(
            model_name='promptrating',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompt_ratings', to='annotation.criterion'),
        ),
        migrations.AddField(
            model_name='promptrating',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompt_ratings', to='annotation.item'),
        ),
        migrations.AddField(
            model_name='promptrating',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompt_ratings', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='promptrating',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompt_ratings', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='annotation.assignment'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='completion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='annotation.criterion'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='repeat',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='repeatpreference',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeat_preferences', to='annotation.assignment'),
        ),
        migrations.AddField(
            model_name='repeatpreference',
            name='chosen',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='repeatpreference',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeat_preferences', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='repeatpreference',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeat_preferences', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='rest',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rests', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='room',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='room',
            name='items',
            field=models.ManyToManyField(related_name='rooms', to='annotation.item'),
        ),
        migrations.AddField(
            model_name='room',
            name='raters',
            field=models.ManyToManyField(related_name='rooms', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='room',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='roomnote',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roomnote',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotation.item'),
        ),
        migrations.AddField(
            model_name='roomnote',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='annotation.room'),
        ),
        migrations.AddField(
            model_name='roomvote',
            name='completion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='generation.completion'),
        ),
        migrations.AddField(
            model_name='roomvote',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotation.criterion'),
        ),
        migrations.AddField(
            model_name='roomvote',
            name='rater',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_votes', to='annotation.rater'),
        ),
        migrations.AddField(
            model_name='roomvote',
            name='room',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='annotation.room'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('user', 'day'), name='one_check_in_a_day'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('strain__gte', 1), ('strain__lte', 5)), name='check_in_strain_in_range'),
        ),
        migrations.AddIndex(
            model_name='exposure',
            index=models.Index(fields=['rater', '-seen_at'], name='exposure_newest'),
        ),
        migrations.AddConstraint(
            model_name='exposure',
            constraint=models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 3)), name='exposure_severity_in_range'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='flag_resolved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='gold',
            constraint=models.UniqueConstraint(fields=('study', 'completion', 'criterion'), name='gold_once_per_criterion'),
        ),
        migrations.AddConstraint(
            model_name='guess',
            constraint=models.UniqueConstraint(fields=('study', 'rater', 'completion'), name='one_guess_per_answer'),
        ),
        migrations.AddConstraint(
            model_name='mask',
            constraint=models.UniqueConstraint(fields=('study', 'completion', 'start', 'end'), name='mask_once'),
        ),
        migrations.AddConstraint(
            model_name='mask',
            constraint=models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='mask_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='optout',
            constraint=models.UniqueConstraint(fields=('rater', 'domain'), name='one_opt_out_per_domain'),
        ),
        migrations.AddConstraint(
            model_name='practiceitem',
            constraint=models.UniqueConstraint(fields=('study', 'position'), name='practice_position_once'),
        ),
        migrations.AddIndex(
            model_name='practiceattempt',
            index=models.Index(fields=['rater', 'item'], name='practice_by_rater'),
        ),
        migrations.AddConstraint(
            model_name='promptrating',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('study', 'rater', 'item', 'criterion'), name='one_prompt_rating_per_rater_item_criterion'),
        ),
        migrations.AddConstraint(
            model_name='promptrating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'value'), models.Q(('value__isnull', False), ('picked__isnull', False), models.Q(('words', ''), _negated=True), _connector='OR')), models.Q(models.Q(('answer', 'value'), _negated=True), ('picked__isnull', True), ('value__isnull', True), ('words', '')), _connector='OR'), name='prompt_rating_says_something'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.UniqueConstraint(condition=models.Q(('completion__isnull', False), ('superseded_at', None)), fields=('assignment', 'completion', 'criterion'), name='one_repeat_per_completion_criterion'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.UniqueConstraint(condition=models.Q(('completion__isnull', True), ('superseded_at', None)), fields=('assignment', 'criterion'), name='one_repeat_per_prompt_criterion'),
        ),
        migrations.AddConstraint(
            model_name='repeat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'value'), models.Q(('value__isnull', False), ('picked__isnull', False), models.Q(('words', ''), _negated=True), _connector='OR')), models.Q(models.Q(('answer', 'value'), _negated=True), ('picked__isnull', True), ('value__isnull', True), ('words', '')), _connector='OR'), name='repeat_says_something'),
        ),
        migrations.AddConstraint(
            model_name='repeatpreference',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('assignment',), name='one_repeat_preference_per_assignment'),
        ),
        migrations.AddConstraint(
            model_name='repeatpreference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice', 'prefers'), ('chosen__isnull', False)), models.Q(models.Q(('choice', 'prefers'), _negated=True), ('chosen__isnull', True)), _connector='OR'), name='repeat_preference_names_what_it_prefers'),
        ),
        migrations.AddConstraint(
            model_name='rest',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('offered_at')), _connector='OR'), name='rest_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='room',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['voting', 'talking', 'again', 'closed'])), name='room_state_known'),
        ),
        migrations.AddConstraint(
            model_name='roomvote',
            constraint=models.UniqueConstraint(fields=('room', 'rater', 'completion', 'criterion', 'round'), name='one_vote_per_round'),
        ),
        migrations.AddConstraint(
            model_name='roomvote',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='vote_round_one_or_two'),
        ),
        freeze("annotation_adjudication", message="An adjudication is never changed."),
        *answers("annotation_rating", [*GIVEN, *SAID, "completion_id", "completion_digest"], "A rating"),
        *answers("annotation_promptrating", [*GIVEN, *SAID, "item_id"], "A rating"),
        *answers("annotation_repeat", [*GIVEN, *SAID, "completion_id"], "A rating"),
        *answers("annotation_preference", [*CHOSEN, *CHOICE, "item_id"], "A preference"),
        *answers("annotation_repeatpreference", [*CHOSEN, *CHOICE], "A preference"),
    ]
