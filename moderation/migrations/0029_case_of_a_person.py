"""A case that a person opened themselves, to decide anew what was decided."""

from django.db import migrations, models

SOURCES = [
    ("policy", "Policy"),
    ("report", "Report"),
    ("person", "Person"),
    ("double", "Double"),
    ("golden", "Golden"),
]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0028_case_counts")]

    operations = [
        migrations.AlterField(
            model_name="reviewcase",
            name="source",
            field=models.CharField(choices=SOURCES, db_default="policy", default="policy", max_length=10),
        ),
    ]
