"""Counts and lists of open cases read one index, whose rows stay readable from it alone."""

from django.conf import settings
from django.db import migrations, models

from moderation.enums import QUALITY_SOURCES

# An index answers alone only for pages that vacuum has seen since they changed: of a table of millions, the usual
# fifth is too late.
VACUUM = {
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_vacuum_insert_scale_factor": 0.05,
    "autovacuum_analyze_scale_factor": 0.05,
}


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0027_quality"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="reviewcase", name="review_case_due"),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                fields=["queue", "due_at", "id"],
                name="review_case_due",
                condition=models.Q(status="open") & ~models.Q(source__in=QUALITY_SOURCES),
                include=["opened_at", "level", "client", "categories"],
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                fields=["queue"],
                name="review_case_set_apart",
                condition=models.Q(status="open")
                & (
                    models.Q(claimed_by__isnull=False) | models.Q(assigned_to__isnull=False) | ~models.Q(skipped_by=[])
                ),
            ),
        ),
        migrations.RunSQL(
            f"ALTER TABLE moderation_reviewcase SET ({', '.join(f'{key} = {value}' for key, value in VACUUM.items())})",
            f"ALTER TABLE moderation_reviewcase RESET ({', '.join(VACUUM)})",
        ),
    ]
