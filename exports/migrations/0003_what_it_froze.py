"""What a release holds is whole when it is made: its splits, its studies, what was overridden.

Remaking a table loses its triggers on SQLite, so they are set anew. From here on they refuse every
change but a withdrawal, and every row that is added to a release that was made.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gate.immutability import freeze

MESSAGE = "A release is never changed."
ONCE = ["name", "version", "description", "filters", "digest", "is_sample"]
BEFORE = [
    freeze("exports_release", columns=ONCE, message=MESSAGE),
    freeze("exports_releaseentry", message=MESSAGE),
]
WHOLE = [*ONCE, "id", "previous_id", "created_at", "created_by_id"]
COUNTED = ["n_ratings", "n_preferences", "n_verdicts"]
STUDY = ["id", "release_id", "slug", "name", "digest", *COUNTED, "frozen_at"]
PARTS = ["exports_releaseentry", "exports_releaseoverride", "exports_releasestudy"]


def seal(table: str) -> migrations.RunPython:
    """Refuse rows that are added to a sealed release."""
    sealed = "SELECT 1 FROM exports_release r WHERE r.id = NEW.release_id AND r.is_sealed"

    def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {table}_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS ({sealed}) THEN RAISE EXCEPTION '{MESSAGE}' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_sealed BEFORE INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_sealed BEFORE INSERT ON {table} FOR EACH ROW "
                f"WHEN EXISTS ({sealed}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )

    def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_sealed{on}")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_sealed()")

    return migrations.RunPython(install, remove)


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0002_frozen_rows'),
        ('corpus', '0002_frozen_rows'),
        ('exports', '0002_frozen_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(migrations.RunPython(old.reverse_code, old.code) for old in BEFORE),
        migrations.CreateModel(
            name='ReleaseOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('reason', models.TextField()),
                ('n_rows', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['release', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseStudy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
            },
        ),
        # What is there already was made whole.
        migrations.AddField(
            model_name='release',
            name='is_sealed',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='release',
            name='is_sealed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='release',
            name='previous',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exports.release'),
        ),
        migrations.AddField(
            model_name='releaseentry',
            name='split',
            field=models.CharField(blank=True, choices=[('train', 'Training'), ('validation', 'Validation'), ('test', 'Test')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='releaseentry',
            constraint=models.CheckConstraint(condition=models.Q(('split__in', ['', 'train', 'validation', 'test'])), name='release_split_known'),
        ),
        migrations.AddField(
            model_name='releaseoverride',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='releaseoverride',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='exports.release'),
        ),
        migrations.AddField(
            model_name='releasestudy',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='release_studies', to='exports.release'),
        ),
        migrations.AddField(
            model_name='releasestudy',
            name='study',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='release_studies', to='annotation.study'),
        ),
        migrations.AddField(
            model_name='release',
            name='studies',
            field=models.ManyToManyField(related_name='releases', through='exports.ReleaseStudy', to='annotation.study'),
        ),
        migrations.AddConstraint(
            model_name='releaseoverride',
            constraint=models.UniqueConstraint(fields=('release', 'kind'), name='override_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='releaseoverride',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='releasestudy',
            constraint=models.UniqueConstraint(fields=('release', 'slug'), name='study_once_per_release'),
        ),
        freeze("exports_release", columns=WHOLE, message=MESSAGE),
        freeze(
            "exports_release",
            columns=["is_sealed"],
            when="OLD.is_sealed",
            message=MESSAGE,
            name="sealed",
        ),
        freeze("exports_releaseentry", message=MESSAGE),
        freeze("exports_releaseoverride", message=MESSAGE),
        # Its study may be purged, and then the release is withdrawn.
        freeze("exports_releasestudy", columns=STUDY, message=MESSAGE),
        *(seal(table) for table in PARTS),
    ]
