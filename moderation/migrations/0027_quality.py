"""What a quality case asks about, what a golden case is about, and why a lead settled a disagreement as he did."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0026_audit_search"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="goldencase",
            name="categories",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="qualityreview",
            name="settled_note",
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="first_decision",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_case",
                to="moderation.decision",
            ),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="golden",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="moderation.goldencase",
            ),
        ),
        migrations.AlterField(
            model_name="qualityreview",
            name="moderator",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quality_reviews",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="qualityreview",
            index=models.Index(fields=["moderator", "-created_at"], name="quality_review_moderator"),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(
                condition=models.Q(("source__in", ("double", "golden")), ("status", "open")),
                fields=["queue", "rank"],
                name="review_case_quality",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_decision", None), ("source", "double"), _connector="OR"),
                    models.Q(("golden", None), ("source", "golden"), _connector="OR"),
                ),
                name="review_case_asks_again",
            ),
        ),
    ]
