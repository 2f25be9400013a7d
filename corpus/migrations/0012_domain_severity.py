"""How hard the content of a domain is to read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('corpus', '0011_newer_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='domain',
            name='severity',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddConstraint(
            model_name='domain',
            constraint=models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 3)), name='domain_severity_in_range'),
        ),
    ]
