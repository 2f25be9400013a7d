"""A passage may stand in what a model said earlier in a conversation that was played."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0009_rubrics_rated_by")]

    operations = [
        migrations.AlterModelOptions(
            name="mask", options={"ordering": ["study", "completion", "turn", "start"]}
        ),
        migrations.RemoveConstraint(model_name="mask", name="mask_once"),
        migrations.AddField(
            model_name="mask", name="turn", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="mask",
            constraint=models.UniqueConstraint(
                fields=("study", "completion", "turn", "start", "end"), name="mask_once"
            ),
        ),
    ]
