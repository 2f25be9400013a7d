"""Who let a signature lapse may sign the same text again, until a later day.

Remaking the table loses its trigger on SQLite, so it is set anew.
"""

from django.db import migrations, models

from gate.immutability import freeze

FROZEN = freeze("corpus_approval", message="A signature is never changed.")


class Migration(migrations.Migration):

    dependencies = [
        ('corpus', '0008_list'),
    ]

    operations = [
        migrations.RunPython(FROZEN.reverse_code, FROZEN.code),
        migrations.RemoveConstraint(model_name='approval', name='approval_once_per_reviewer_and_text'),
        migrations.AlterField(model_name='approval', name='best_before', field=models.DateField()),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('version', 'reviewer', 'digest', 'best_before'), name='approval_once_per_reviewer_and_text'),
        ),
        freeze("corpus_approval", message="A signature is never changed."),
    ]
