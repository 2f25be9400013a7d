"""The places that were left: `taken` and `places` say it now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("annotation", "0006_fill_quota")]

    operations = [migrations.RemoveField(model_name="item", name="places_left")]
