"""The case at which a note was written."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0031_senior_rights")]
    operations = [
        migrations.AddField(
            model_name="note",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="moderation.reviewcase",
            ),
        )
    ]
