"""A key that has a successor says since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0018_idempotency_and_traces"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="rotated_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
